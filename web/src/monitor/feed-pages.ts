/** One page of a feed as it was when it was first read: its rows keep their places, whatever comes or goes. */
export interface FeedPage {
  /** Where it begins; null for the first page. */
  cursor: string | null;
  /** Milliseconds since 1970 of its first row; the first page is read again by it. */
  firstAt: number;
  ids: readonly string[];
}

/** A row in a feed: undefined where it is not in memory now. */
export interface FeedRow<Row> {
  row: Row;
  /** It is no longer among what the filter finds. */
  left: boolean;
}

/** How many rows all pages have. */
export function countOf(pages: readonly FeedPage[]): number {
  return pages.reduce((sum, { ids }) => sum + ids.length, 0);
}

/** The page of a row, and the row's id; undefined beyond the end. */
export function locate(pages: readonly FeedPage[], index: number): { page: number; id: string } | undefined {
  let before = 0;
  for (const [page, { ids }] of pages.entries()) {
    const id = ids[index - before];
    if (id !== undefined) return { page, id };
    before += ids.length;
  }
  return undefined;
}

/** How many rows of a fresh first page come before all that is shown. */
export function newerThan(shown: FeedPage | undefined, fresh: readonly string[]): number {
  if (!shown) return 0;
  const known = new Set(shown.ids);
  const first = fresh.findIndex((id) => known.has(id));
  return first === -1 ? fresh.length : first;
}

/** Whether two pages have the same rows in the same places. */
export function sameIds(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((id, index) => id === other[index]);
}
