import type { ReactNode } from 'react';

/** One column of a feed. All rows are of one height, so a cell never breaks its line. */
export interface FeedColumn<Row> {
  id: string;
  title: string;
  /** A track of a CSS grid; default `minmax(0, 1fr)`. */
  width?: string;
  align?: 'right';
  cell: (row: Row) => ReactNode;
}

/** How a feed looks where there is room for all columns, and how on a phone or beside a panel: few columns, two lines. */
export interface FeedLook<Row> {
  wide: readonly FeedColumn<Row>[];
  narrow: readonly FeedColumn<Row>[];
}

/** Heights of a row in pixels, its line below included. */
export const rowHeights = { wide: 46, narrow: 66 } as const;
