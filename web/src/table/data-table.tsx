import { Loader, Skeleton } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, type CSSProperties, type ReactNode } from 'react';
import { ProblemNotice } from '../show/problem-notice.js';
import { tracksOf, type Column } from './columns.js';
import classes from './data-table.module.css';
import type { List } from './list.js';
import { useRowKeys } from './row-keys.js';
import { TableHead } from './table-head.js';

/** How a `DataTable` is set up. */
export interface DataTableProps<Row> {
  /** What the rows are, for who hears the page. */
  label: string;
  columns: readonly Column<Row>[];
  list: List<Row>;
  rowId: (row: Row) => string;
  /** Opens a row: a click anywhere on it, or Enter. */
  onOpen?: (row: Row) => void;
  /** The id of the row that is open beside the table. */
  openId?: string | undefined;
  /** As the API takes it: a field, with `-` before it for downwards. */
  sort?: string;
  onSort?: (sort: string) => void;
  /** In the place of rows where there are none. */
  empty: ReactNode;
}

const rowHeight = 53;

/**
 * Rows of a list: those in view alone are in the page, more are read as the end comes near. Arrow keys, Home and End move
 * between rows and Enter opens one. On a phone each row is a card.
 */
export function DataTable<Row>(props: DataTableProps<Row>): ReactNode {
  const { label, columns, list, rowId, onOpen, openId, empty } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const isPhone = useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false });
  const { rows, hasMore, loadMore } = list;
  // oxlint-disable-next-line react/incompatible-library -- nothing is memoized by the React compiler here
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => (rows[index] === undefined ? index : rowId(rows[index])),
    overscan: 12,
  });
  const items = virtualizer.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && last >= rows.length - 15) loadMore();
  });
  const keys = useRowKeys({
    count: rows.length,
    scroller,
    scrollTo: (index) => virtualizer.scrollToIndex(index),
    open: (index) => {
      const row = rows[index];
      if (row !== undefined) onOpen?.(row);
    },
  });
  if (list.error && rows.length === 0) return <ProblemNotice error={list.error} retry={list.reload} />;
  if (!list.isLoading && rows.length === 0) return <div className={classes['frame']}>{empty}</div>;
  return (
    <div
      ref={scroller}
      className={classes['frame']}
      role="table"
      aria-label={label}
      aria-busy={list.isLoading || list.isStale}
      aria-rowcount={hasMore ? -1 : rows.length + 1}
      style={{ '--tracks': tracksOf(columns) } as CSSProperties}
    >
      <TableHead {...props} />
      {list.isLoading ? (
        <Skeletons count={6} />
      ) : (
        // A row is a click's target as a whole; what it does is done by its keys too.
        <div role="rowgroup" className={classes['body']} style={{ height: virtualizer.getTotalSize() }}>
          {items.map(({ index, key, start }) => {
            const row = rows[index];
            if (row === undefined) return null;
            const id = rowId(row);
            return (
              <div
                key={key}
                ref={virtualizer.measureElement}
                role="row"
                aria-rowindex={index + 2}
                data-index={index}
                data-open={id === openId || undefined}
                data-clickable={onOpen !== undefined || undefined}
                className={classes['row']}
                style={{ transform: `translateY(${start}px)` }}
                tabIndex={index === keys.current ? 0 : -1}
                onFocus={() => keys.setCurrent(index)}
                onKeyDown={keys.onKeyDown}
                onClick={() => {
                  if (window.getSelection()?.isCollapsed !== false) onOpen?.(row);
                }}
              >
                {columns.map((column) =>
                  isPhone && column.wideOnly === true ? null : (
                    <div
                      key={column.id}
                      role="cell"
                      className={classes['cell']}
                      data-align={column.align}
                      data-title={column.title}
                    >
                      {column.cell(row)}
                    </div>
                  ),
                )}
              </div>
            );
          })}
        </div>
      )}
      {list.isLoadingMore ? <Loader size="sm" className={classes['more'] ?? ''} /> : null}
    </div>
  );
}

function Skeletons({ count }: { count: number }): ReactNode {
  return Array.from({ length: count }, (_, index) => (
    <div key={index} className={classes['waiting']}>
      <Skeleton height={14} width={`${65 - (index % 3) * 12}%`} />
    </div>
  ));
}
