import type { ReactNode } from 'react';

/** One column of a `DataTable`. */
export interface Column<Row> {
  /** Also the field that the API sorts by, where `sortable`. */
  id: string;
  title: string;
  /** A track of a CSS grid; default `minmax(0, 1fr)`. */
  width?: string;
  sortable?: boolean;
  /** Numbers stand on the right. */
  align?: 'right';
  /** Whether a phone leaves it out of a row's card. */
  wideOnly?: boolean;
  cell: (row: Row) => ReactNode;
}

/** The tracks of a row. */
export function tracksOf(columns: readonly Column<never>[]): string {
  return columns.map(({ width }) => width ?? 'minmax(0, 1fr)').join(' ');
}

/** `sort` of the API after a click on a column: up, then down. */
export function nextSort(sort: string, id: string): string {
  return sort === id ? `-${id}` : id;
}

/** For `aria-sort`. */
export function directionOf(sort: string, id: string): 'ascending' | 'descending' | 'none' {
  if (sort === id) return 'ascending';
  return sort === `-${id}` ? 'descending' : 'none';
}
