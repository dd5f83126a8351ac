import { useQueries, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { keyOf, queryClient } from '../api/queries.js';
import type { Page } from '../api/schemas.js';
import { countOf, locate, newerThan, sameIds, type FeedPage, type FeedRow } from './feed-pages.js';

/** What a feed reads. */
export interface FeedSource<Row> {
  /** All that `read` depends on. */
  key: readonly unknown[];
  /** A page, newest first. `to` is a moment (ISO 8601) before which all rows are, where the filter has none of its own. */
  read: (page: { cursor?: string; to?: string; limit: number }, signal?: AbortSignal) => Promise<Page<Row>>;
  idOf: (row: Row) => string;
  /** When the row was made: what the API orders by. */
  timeOf: (row: Row) => string;
  /** Whether it can still change. */
  isOpen: (row: Row) => boolean;
}

/** A list that goes on while one looks at it. */
export interface Feed<Row> {
  count: number;
  idAt: (index: number) => string | undefined;
  at: (index: number) => FeedRow<Row> | undefined;
  /** Keeps these rows in memory; the rest is read again when it comes into view. */
  view: (first: number, last: number) => void;
  isLoading: boolean;
  /** What is shown was asked for otherwise; the answer is on its way. */
  isStale: boolean;
  error: Error | null;
  hasMore: boolean;
  isLoadingMore: boolean;
  loadMore: () => void;
  /** Newer rows that are not shown yet; `newerLeast` says that there may be more. */
  newer: number;
  newerLeast: boolean;
  showNewer: () => void;
  reload: () => void;
}

interface Shown<Row> {
  key: string;
  base: readonly unknown[];
  /** The first page as it was when it was put there. */
  top: Rows<Row>;
  pages: readonly FeedPage[];
  next: string | null;
}

type Rows<Row> = Readonly<Record<string, FeedRow<Row>>>;

/** The first page is small, because it is read again each second. */
const firstPage = 50;
const laterPages = 200;
const pollMs = 1_000;
const changesMs = 2_000;
const quiet = { reading: null, error: null };
/** How long a page that is out of sight stays in memory. */
const keptMs = 20_000;

function merged<Row>(results: readonly { data: Rows<Row> | undefined }[]): Rows<Row> {
  return Object.assign({}, ...results.map(({ data }) => data ?? {})) as Rows<Row>;
}

/**
 * Follows a list. With `live`, it looks for newer rows each second while the tab is visible, and reads visible rows that can
 * change again. Newer rows are put on top with `follow`; without it they are only counted, so that nothing that is
 * read moves. Of the pages that were seen only the ids stay in memory.
 */
export function useFeed<Row>(
  source: FeedSource<Row>,
  { live, follow }: { live: boolean; follow: boolean },
): Feed<Row> {
  const { read, idOf, timeOf, isOpen } = source;
  const base = keyOf(...source.key);
  const keyText = JSON.stringify(base);
  const [shown, setShown] = useState<Shown<Row>>({ key: '', base, top: {}, pages: [], next: null });
  const [inView, setInView] = useState<readonly [number, number]>([0, 0]);
  const [more, setMore] = useState<{ reading: string | null; error: Error | null }>(quiet);

  const head = useQuery({
    queryKey: [...base, 'head'],
    queryFn: async ({ signal }) => read({ limit: firstPage }, signal),
    refetchInterval: live ? pollMs : false,
    staleTime: 0,
  });
  const freshIds = useMemo(() => head.data?.data.map(idOf) ?? [], [head.data, idOf]);
  const headRows = useMemo(
    () =>
      Object.fromEntries(
        (head.data?.data ?? []).map((row): [string, FeedRow<Row>] => [idOf(row), { row, left: false }]),
      ),
    [head.data, idOf],
  );
  const isStale = shown.key !== keyText;
  const [first] = shown.pages;
  const isHead = !isStale && first !== undefined && sameIds(first.ids, freshIds);

  /** Puts the fresh first page in the place of all that is shown. */
  const showHead = (): void => {
    if (!head.data) return;
    const [newest] = head.data.data;
    const page = { cursor: null, firstAt: newest ? Date.parse(timeOf(newest)) : 0, ids: freshIds };
    setShown({ key: keyText, base, top: headRows, pages: [page], next: head.data.nextCursor });
    setInView([0, 0]);
    setMore(quiet);
  };
  if (head.data && (isStale || (follow && live && !isHead))) showHead();

  const asRows = (page: FeedPage, rows: readonly Row[], before: Rows<Row> | undefined): Rows<Row> => {
    const fresh = new Map(rows.map((row) => [idOf(row), row]));
    return Object.fromEntries(
      page.ids.flatMap((id): [string, FeedRow<Row>][] => {
        const row = fresh.get(id);
        if (row !== undefined) return [[id, { row, left: false }]];
        const earlier = before?.[id];
        return earlier === undefined ? [] : [[id, { row: earlier.row, left: true }]];
      }),
    );
  };
  const pageKey = (page: FeedPage): readonly unknown[] => [
    ...shown.base,
    'page',
    page.cursor,
    page.ids[0] ?? '',
  ];
  const readPage = async (page: FeedPage, signal: AbortSignal): Promise<Rows<Row>> => {
    const where =
      page.cursor === null ? { to: new Date(page.firstAt + 1).toISOString() } : { cursor: page.cursor };
    const { data } = await read({ ...where, limit: page.ids.length }, signal);
    return asRows(page, data, queryClient.getQueryData(pageKey(page)));
  };

  const [from, to] = inView;
  // With the pages before and after, so that scrolling into one shows it at once.
  const near = shown.pages
    .slice(Math.max(0, from - 1), to + 2)
    .filter(({ ids, cursor }) => ids.length > 0 && !(cursor === null && isHead));
  const seen = shown.pages.slice(from, to + 1);
  const rows = useQueries({
    queries: near.map((page) => ({
      queryKey: pageKey(page),
      queryFn: async ({ signal }: { signal: AbortSignal }) => readPage(page, signal),
      staleTime: keptMs,
      gcTime: keptMs,
      enabled: !isStale,
      // Newer rows have pushed some out of the first page, until that page is read by itself.
      ...(page.cursor === null ? { placeholderData: shown.top } : {}),
      refetchInterval: (query: { state: { data: Rows<Row> | undefined } }) =>
        live &&
        seen.includes(page) &&
        Object.values(query.state.data ?? {}).some(({ row, left }) => !left && isOpen(row))
          ? changesMs
          : false,
    })),
    combine: merged,
  });
  // While another filter's answer is on its way, the rows before stay.
  const top = isStale ? shown.top : headRows;

  const loadMore = (): void => {
    const { key, next } = shown;
    if (isStale || next === null || more.reading !== null || more.error) return;
    setMore({ reading: next, error: null });
    read({ cursor: next, limit: laterPages }).then(
      ({ data, nextCursor }) => {
        const [newest] = data;
        const page = { cursor: next, firstAt: newest ? Date.parse(timeOf(newest)) : 0, ids: data.map(idOf) };
        queryClient.setQueryData(pageKey(page), asRows(page, data, undefined));
        // What is shown may have begun anew meanwhile.
        setShown((before) =>
          before.key === key && before.next === next
            ? { ...before, pages: [...before.pages, page], next: nextCursor }
            : before,
        );
        setMore((before) => (before.reading === next ? quiet : before));
      },
      (error: unknown) => {
        const problem = error instanceof Error ? error : new Error(String(error));
        setMore((before) => (before.reading === next ? { reading: null, error: problem } : before));
      },
    );
  };

  const newer = isStale ? 0 : newerThan(first, freshIds);
  return {
    count: countOf(shown.pages),
    idAt: (index) => locate(shown.pages, index)?.id,
    at: (index) => {
      const id = locate(shown.pages, index)?.id;
      return id === undefined ? undefined : (top[id] ?? rows[id]);
    },
    view: (one, other) => {
      const top = locate(shown.pages, one)?.page ?? 0;
      const bottom = locate(shown.pages, other)?.page ?? shown.pages.length - 1;
      if (top !== from || bottom !== to) setInView([top, bottom]);
    },
    isLoading: shown.key === '' && head.isPending,
    isStale,
    error: head.data ? more.error : head.error,
    hasMore: shown.next !== null,
    isLoadingMore: more.reading !== null,
    loadMore,
    newer,
    newerLeast: newer >= firstPage,
    showNewer: showHead,
    reload: () => {
      setMore(quiet);
      void head.refetch();
    },
  };
}
