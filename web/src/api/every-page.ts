import type { Page } from './schemas.js';

/** Pages that are read at most: what has more rows is for a table, which reads as one scrolls. */
const mostPages = 10;

/** All rows of a list that is short by nature; `read` gets `{ cursor }` from the second page on. */
export async function everyPage<Row>(
  read: (cursor: { cursor?: string }) => Promise<Page<Row>>,
): Promise<Row[]> {
  const rows: Row[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < mostPages; page += 1) {
    const { data, nextCursor }: Page<Row> = await read(cursor === null ? {} : { cursor });
    rows.push(...data);
    if (nextCursor === null) return rows;
    cursor = nextCursor;
  }
  return rows;
}
