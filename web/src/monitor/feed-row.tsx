import { memo, type KeyboardEvent, type ReactNode } from 'react';
import type { FeedColumn } from './feed-columns.js';
import type { FeedRow as Item } from './feed-pages.js';
import classes from './feed-table.module.css';

interface Props<Row> {
  index: number;
  start: number;
  item: Item<Row> | undefined;
  columns: readonly FeedColumn<Row>[];
  /** What the row is called by who hears the page. */
  name: string;
  isOpen: boolean;
  isCurrent: boolean;
  /** undefined where rows cannot be picked. */
  isSelected: boolean | undefined;
  on: RowEvents;
}

/** What can be done with a row; the same object as long as the table lives, so that rows are drawn once. */
export interface RowEvents {
  open: (index: number) => void;
  focus: (index: number) => void;
  select: (index: number, range: boolean) => void;
  key: (event: KeyboardEvent<HTMLElement>) => void;
}

function Row<T>(props: Props<T>): ReactNode {
  const { index, start, item, columns, name, isOpen, isCurrent, isSelected, on } = props;
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      data-index={index}
      data-open={isOpen || undefined}
      data-selected={isSelected === true || undefined}
      data-left={item?.left === true || undefined}
      title={item?.left === true ? 'It has changed, and the filter no longer finds it' : undefined}
      className={classes['row']}
      style={{ transform: `translateY(${start}px)` }}
      tabIndex={isCurrent ? 0 : -1}
      onFocus={() => on.focus(index)}
      onKeyDown={on.key}
      onMouseDown={(event) => {
        // Shift would select text.
        if (event.shiftKey) event.preventDefault();
      }}
      onClick={(event) => {
        if (isSelected !== undefined && (event.shiftKey || event.ctrlKey || event.metaKey)) {
          on.select(index, event.shiftKey);
        } else if (window.getSelection()?.isCollapsed !== false) on.open(index);
      }}
    >
      {isSelected === undefined ? null : (
        <div role="cell" className={classes['check']}>
          <input
            type="checkbox"
            aria-label={`Select ${name}`}
            tabIndex={-1}
            checked={isSelected}
            readOnly
            onClick={(event) => {
              event.stopPropagation();
              on.select(index, event.shiftKey);
            }}
          />
        </div>
      )}
      {columns.map((column) => (
        <div key={column.id} role="cell" className={classes['cell']} data-align={column.align}>
          {item ? column.cell(item.row) : <div className={classes['hole']} />}
        </div>
      ))}
    </div>
  );
}

/** A row of a feed, drawn again only when it changes. */
export const FeedRow = memo(Row) as typeof Row;
