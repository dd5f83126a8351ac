import { useQueries } from '@tanstack/react-query';
import { api, dataOf } from '../api/client.js';
import { keyOf } from '../api/queries.js';
import type { Bar } from '../charts/sparkline.js';

/** Webhooks that one call tells of. */
const mostIds = 200;

/** The attempts of each webhook in the last 24 hours, by the hour: one call for up to 200 of them. */
export function useHealth(ids: readonly string[]): ReadonlyMap<string, readonly Bar[]> {
  const chunks = Array.from({ length: Math.ceil(ids.length / mostIds) }, (_, index) =>
    ids.slice(index * mostIds, (index + 1) * mostIds).join(','),
  );
  const answers = useQueries({
    queries: chunks.map((chunk) => ({
      queryKey: keyOf('webhook-health', chunk),
      queryFn: async ({ signal }: { signal: AbortSignal }) =>
        dataOf(api.GET('/v1/webhook-health', { params: { query: { ids: chunk } }, signal })),
      refetchInterval: 60_000,
    })),
  });
  return new Map(
    answers.flatMap(({ data }) =>
      (data?.data ?? []).map(({ webhookId, succeeded, failed }) => [
        webhookId,
        succeeded.map((count, hour) => ({ succeeded: count, failed: failed[hour] ?? 0 })),
      ]),
    ),
  );
}
