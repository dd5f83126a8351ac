import { useQuery } from '@tanstack/react-query';
import { api, dataOf } from '../api/client.js';
import { everyPage } from '../api/every-page.js';
import { keyOf, queryClient } from '../api/queries.js';
import type { Schema } from '../api/schemas.js';

export type Subscription = Schema<'Subscription'>;

/** What a subscription is called: by its name, else by what it takes. */
export function titleOf({ name, eventTypes }: Pick<Subscription, 'name' | 'eventTypes'>): string {
  if (name !== null) return name;
  const [first = '', ...rest] = eventTypes;
  return rest.length === 0 ? first : `${first} and ${rest.length} more`;
}

/** The webhooks of the environment by their ids, for their names. */
export function useWebhooks(): ReadonlyMap<string, Schema<'Webhook'>> {
  const { data } = useQuery({
    queryKey: keyOf('webhooks', 'by-id'),
    queryFn: async ({ signal }) =>
      everyPage(async (cursor) =>
        dataOf(
          api.GET('/v1/webhooks', { params: { query: { sort: 'name', limit: 200, ...cursor } }, signal }),
        ),
      ),
    staleTime: 15_000,
  });
  return new Map((data ?? []).map((webhook) => [webhook.id, webhook]));
}

/** Reads anew whatever shows subscriptions: what they lead to has changed. */
export async function subscriptionsChanged(): Promise<void> {
  await queryClient.invalidateQueries({ queryKey: keyOf('subscriptions') });
}
