import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { keyOf } from '../api/queries.js';
import type { Page } from '../api/schemas.js';

/** A list as far as it has been read. */
export interface List<Row> {
  rows: readonly Row[];
  /** Nothing was read yet. */
  isLoading: boolean;
  /** What is shown was asked for otherwise; the new answer is on its way. */
  isStale: boolean;
  error: Error | null;
  hasMore: boolean;
  isLoadingMore: boolean;
  loadMore: () => void;
  reload: () => void;
}

/**
 * Reads a list of the API page by page. `key` holds all that `read` depends on; while another key's first page is on its way,
 * the rows before stay. `pollMs` reads what is shown again at that interval; default: never.
 *
 *     useList(['webhooks', search, sort], (page, signal) =>
 *       dataOf(api.GET('/v1/webhooks', { params: { query: { search, sort, ...page } }, signal })));
 */
export function useList<Row>(
  key: readonly unknown[],
  read: (page: { cursor?: string }, signal: AbortSignal) => Promise<Page<Row>>,
  { pollMs }: { pollMs?: number } = {},
): List<Row> {
  const query = useInfiniteQuery({
    queryKey: keyOf(...key),
    queryFn: async ({ pageParam, signal }) => read(pageParam === null ? {} : { cursor: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    placeholderData: keepPreviousData,
    refetchInterval: pollMs ?? false,
  });
  const { data } = query;
  const rows = useMemo(() => data?.pages.flatMap((page) => page.data) ?? [], [data]);
  return {
    rows,
    isLoading: query.isPending,
    isStale: query.isPlaceholderData,
    error: query.error,
    hasMore: query.hasNextPage,
    isLoadingMore: query.isFetchingNextPage,
    loadMore: () => {
      if (query.hasNextPage && !query.isFetchingNextPage) void query.fetchNextPage();
    },
    reload: () => void query.refetch(),
  };
}
