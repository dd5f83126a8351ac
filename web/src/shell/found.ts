import {
  IconArrowDownLeft,
  IconArrowUpRight,
  IconBolt,
  IconDatabase,
  IconDownload,
  IconKey,
  IconListDetails,
  IconRefresh,
  IconRoute,
  IconWebhook,
  type Icon,
} from '@tabler/icons-react';
import { useDebouncedValue } from '@mantine/hooks';
import { useQueries, useQuery } from '@tanstack/react-query';
import { useEnvironment } from '../address/links.js';
import { environments, type Environment } from '../api/acting.js';
import { api, dataOf } from '../api/client.js';
import { keyOf } from '../api/queries.js';
import type { Schema } from '../api/schemas.js';
import { environmentsOf, sessionQuery } from '../session/session.js';

/** Something that was found, and where. */
export type Found = Schema<'Found'> & { environment: Environment };

/** What each kind is called and looks like, and the screen that shows it. */
export const kinds: Record<Found['kind'], { label: string; icon: Icon; screen: string }> = {
  event: { label: 'Event', icon: IconBolt, screen: 'events' },
  delivery: { label: 'Delivery', icon: IconArrowUpRight, screen: 'sent' },
  webhook: { label: 'Webhook', icon: IconWebhook, screen: 'webhooks' },
  subscription: { label: 'Subscription', icon: IconRoute, screen: 'subscriptions' },
  event_type: { label: 'Event type', icon: IconListDetails, screen: 'event-types' },
  external_system: { label: 'External system', icon: IconDatabase, screen: 'external-systems' },
  source: { label: 'Source', icon: IconDownload, screen: 'sources' },
  received: { label: 'Received', icon: IconArrowDownLeft, screen: 'received' },
  replay: { label: 'Replay', icon: IconRefresh, screen: 'replays' },
  api_key: { label: 'API key', icon: IconKey, screen: 'api-keys' },
};

/** By what it was found, in words. */
export const matches: Record<Found['match'], string> = {
  id: 'by its id',
  workflow_id: 'by its workflow',
  idempotency_key: 'by its idempotency key',
  correlation_id: 'by its correlation id',
  value: 'by a value in its data',
  name: 'by its name',
  url: 'by its URL',
};

/** Where something that was found is shown. A key stands in its list, and has no view of its own. */
export function addressOf({ environment, kind, id }: Found): string {
  if (kind === 'api_key') return `/${environment}/${kinds[kind].screen}`;
  return `/${environment}/${kinds[kind].screen}/${encodeURIComponent(id)}`;
}

/** So long nothing more is typed before it is looked for, in ms. */
const restMs = 120;

/**
 * What a text leads to in each environment that one is signed in to, the present one first. `isSettled`: all of them have
 * answered for this very text.
 */
export function useFound(text: string): {
  found: readonly Found[];
  isSettled: boolean;
  error: Error | null;
  /** Where nobody is signed in, so that nothing was looked for. */
  closed: readonly Environment[];
} {
  const present = useEnvironment();
  const { data: session } = useQuery(sessionQuery);
  const open = environmentsOf(session?.accesses ?? []).toSorted((a) => (a === present ? -1 : 1));
  const wanted = text.trim();
  const [q] = useDebouncedValue(wanted, restMs);
  const answers = useQueries({
    queries: open.map((environment) => ({
      queryKey: keyOf('find', environment, q),
      // A query that nobody waits for any more is cancelled, and its call with it.
      queryFn: async ({ signal }: { signal: AbortSignal }) =>
        dataOf(
          api.GET('/v1/find', {
            params: { query: { q } },
            headers: { 'postrider-environment': environment },
            signal,
          }),
        ),
      enabled: q !== '',
      staleTime: 0,
    })),
  });
  const isSettled = q === wanted && (q === '' || answers.every(({ isPending }) => !isPending));
  return {
    found: answers.flatMap(({ data }, index) =>
      (data?.data ?? []).map((each) => ({ ...each, environment: open[index] ?? present })),
    ),
    isSettled,
    error: answers.find(({ error }) => error)?.error ?? null,
    closed: environments.filter((environment) => !open.includes(environment)),
  };
}
