import type { Loose } from '../support/api.js';
import type { TestPostrider } from '../support/postrider.js';
import { waitFor } from '../support/wait.js';

/** A webhook without retries that subscribes to `type`, and `count` events whose deliveries have failed there. */
export async function failDeliveries(
  postrider: TestPostrider,
  url: string,
  { type, count }: { type: string; count: number },
): Promise<{ webhook: Loose; deliveryIds: string[] }> {
  const { api } = postrider;
  await api.post('/v1/event-types', { name: type });
  const webhook = await api.make('/v1/webhooks', { name: type, url, eventTypes: [type], retrySchedule: [] });
  const { data } = await api.make('/v1/events/batch', {
    events: Array.from({ length: count }, (_, number) => ({ type, data: { number } })),
  });
  const deliveryIds = (data as Loose[]).map(({ deliveries }) => deliveries[0].id as string);
  await waitFor(
    `${count} failed deliveries`,
    async () => (await countDeliveries(postrider, { webhookId: webhook.id, status: 'failed' })) === count,
    120_000,
  );
  return { webhook, deliveryIds };
}

/** The replay, once `accept` says so of it. */
export async function replayThat(
  postrider: TestPostrider,
  id: string,
  accept: (replay: Loose) => boolean,
  timeoutMs = 120_000,
): Promise<Loose> {
  return waitFor(
    `replay ${id}`,
    async () => {
      const { body } = await postrider.api.get(`/v1/replays/${id}`);
      return accept(body) ? body : undefined;
    },
    timeoutMs,
  );
}

export async function countDeliveries(
  postrider: TestPostrider,
  filter: Record<string, unknown>,
): Promise<number> {
  return postrider.ctx.models.deliveries.countDocuments(filter);
}

/** The id of what each body that arrived was about: its `data.number`. */
export function numbersOf(arrivals: readonly { body: string }[]): number[] {
  return arrivals
    .map(({ body }) => JSON.parse(body).data.number as number)
    .sort((left, right) => left - right);
}
