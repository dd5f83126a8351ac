import { Button, Loader } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconArrowUp } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef, type CSSProperties, type ReactNode } from 'react';
import { ProblemNotice } from '../show/problem-notice.js';
import { rowHeights, type FeedLook } from './feed-columns.js';
import { FeedRow, type RowEvents } from './feed-row.js';
import classes from './feed-table.module.css';
import type { Feed } from './feed.js';
import type { Selection } from './selection.js';
import { useFeedKeys } from './feed-keys.js';

/** Rows from the end at which more are read: two pages, so that who scrolls fast seldom meets the end. */
const readAhead = 400;

/** How a feed is shown. */
export interface FeedTableProps<Row> {
  /** What the rows are: "Deliveries". */
  label: string;
  look: FeedLook<Row>;
  feed: Feed<Row>;
  /** What a row is called by who hears the page. */
  nameOf: (row: Row) => string;
  onOpen: (id: string) => void;
  onClose: () => void;
  /** The row that is open beside the table. */
  openId: string | undefined;
  selection?: Selection;
  /** Tells whether the newest row is in sight. */
  onAtTop: (atTop: boolean) => void;
  empty: ReactNode;
}

/**
 * The rows of a feed. Those in view alone are in the page. Arrow keys, Page up and down, Home and End move between
 * rows, Enter opens one, Space picks it (with Shift all from the one before), Esc closes what is open.
 */
export function FeedTable<Row>(props: FeedTableProps<Row>): ReactNode {
  const { label, look, feed, nameOf, onOpen, openId, selection, onAtTop, empty } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const isPhone = useMediaQuery('(max-width: 62em)', false, { getInitialValueInEffect: false });
  const size = isPhone || openId !== undefined ? 'narrow' : 'wide';
  const columns = look[size];
  const height = rowHeights[size];
  // oxlint-disable-next-line react/incompatible-library -- rows that do not change are memoized by themselves
  const virtualizer = useVirtualizer({
    count: feed.count,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 10,
  });
  useEffect(() => virtualizer.measure(), [virtualizer, height]);
  const items = virtualizer.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    feed.view(first, last);
    if (feed.hasMore && !feed.isLoading && last >= feed.count - readAhead) feed.loadMore();
  });
  const keys = useFeedKeys({ ...props, scroller, scrollTo: (index) => virtualizer.scrollToIndex(index) });
  const latest = useRef({ feed, keys, onOpen, selection });
  useEffect(() => {
    latest.current = { feed, keys, onOpen, selection };
  });
  const on = useMemo<RowEvents>(
    () => ({
      open: (index) => {
        const id = latest.current.feed.idAt(index);
        if (id !== undefined) latest.current.onOpen(id);
      },
      focus: (index) => latest.current.keys.setCurrent(index),
      select: (index, range) => latest.current.selection?.toggle(latest.current.feed.idAt, index, range),
      key: (event) => latest.current.keys.onKeyDown(event),
    }),
    [],
  );
  if (feed.error && feed.count === 0) return <ProblemNotice error={feed.error} retry={feed.reload} />;
  if (!feed.isLoading && feed.count === 0 && !feed.hasMore)
    return <div className={classes['frame']}>{empty}</div>;
  const tracks = columns.map(({ width }) => width ?? 'minmax(0, 1fr)').join(' ');
  return (
    <div className={classes['outer']}>
      {feed.newer > 0 ? (
        <Button
          className={classes['newer'] ?? ''}
          size="xs"
          radius="xl"
          leftSection={<IconArrowUp size={14} aria-hidden />}
          onClick={() => {
            feed.showNewer();
            virtualizer.scrollToOffset(0);
          }}
        >
          {feed.newer}
          {feed.newerLeast ? '+' : ''} new
        </Button>
      ) : null}
      <div
        ref={scroller}
        className={classes['frame']}
        role="table"
        aria-label={label}
        aria-busy={feed.isLoading || feed.isStale}
        aria-rowcount={feed.hasMore ? -1 : feed.count + 1}
        style={{ '--tracks': selection ? `26px ${tracks}` : tracks, '--row': `${height}px` } as CSSProperties}
        onScroll={(event) => onAtTop(event.currentTarget.scrollTop < height / 2)}
      >
        <div role="rowgroup" className={classes['head']}>
          <div role="row" className={classes['titles']}>
            {selection ? <SelectAll feed={feed} selection={selection} /> : null}
            {columns.map(({ id, title, align }) => (
              <div key={id} role="columnheader" className={classes['title']} data-align={align}>
                {title}
              </div>
            ))}
          </div>
        </div>
        <div role="rowgroup" className={classes['body']} style={{ height: virtualizer.getTotalSize() }}>
          {items.map(({ index, start }) => {
            const id = feed.idAt(index);
            const item = feed.at(index);
            return (
              <FeedRow
                key={id ?? index}
                index={index}
                start={start}
                item={item}
                columns={columns}
                name={item ? nameOf(item.row) : ''}
                isOpen={id === openId}
                isCurrent={index === keys.current}
                isSelected={selection && id !== undefined ? selection.ids.has(id) : undefined}
                on={on}
              />
            );
          })}
        </div>
        {feed.error && feed.count > 0 ? (
          <div className={classes['end']}>
            <ProblemNotice error={feed.error} retry={feed.reload} />
          </div>
        ) : null}
        {feed.isLoading || feed.isLoadingMore ? (
          <div className={classes['end']}>
            <Loader size="sm" aria-label="Loading" />
          </div>
        ) : null}
      </div>
    </div>
  );
}

function SelectAll<Row>({ feed, selection }: { feed: Feed<Row>; selection: Selection }): ReactNode {
  const ids = (): string[] =>
    Array.from({ length: feed.count }, (_, index) => feed.idAt(index)).filter((id) => id !== undefined);
  const some = selection.ids.size > 0;
  return (
    <div role="columnheader" className={classes['check']}>
      <input
        ref={(input) => {
          if (input) input.indeterminate = some && selection.ids.size < feed.count;
        }}
        type="checkbox"
        aria-label={some ? 'Select none' : 'Select all that are loaded'}
        checked={some}
        onChange={() => (some ? selection.clear() : selection.pick(ids()))}
      />
    </div>
  );
}
