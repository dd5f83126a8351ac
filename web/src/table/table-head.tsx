import { UnstyledButton } from '@mantine/core';
import { IconArrowDown, IconArrowsSort, IconArrowUp } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { directionOf, nextSort } from './columns.js';
import classes from './data-table.module.css';
import type { DataTableProps } from './data-table.js';

const arrows = { ascending: IconArrowUp, descending: IconArrowDown, none: IconArrowsSort };

/** The titles of the columns; a click on one that can be sorted by sorts up, the next one down. */
export function TableHead<Row>({ columns, sort = '', onSort }: DataTableProps<Row>): ReactNode {
  return (
    <div role="rowgroup" className={classes['head']}>
      <div role="row" className={classes['titles']}>
        {columns.map(({ id, title, sortable, align }) => {
          const direction = directionOf(sort, id);
          const Arrow = arrows[direction];
          return (
            <div
              key={id}
              role="columnheader"
              className={classes['title']}
              data-align={align}
              {...(sortable === true ? { 'aria-sort': direction } : {})}
            >
              {sortable === true ? (
                <UnstyledButton
                  className={classes['sort'] ?? ''}
                  data-sorted={direction === 'none' ? undefined : true}
                  onClick={() => onSort?.(nextSort(sort, id))}
                >
                  {title}
                  <Arrow size={14} aria-hidden />
                </UnstyledButton>
              ) : (
                title
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}
