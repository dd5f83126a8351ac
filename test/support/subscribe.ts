import type { Api } from './api.js';

/** A webhook that gets every event of a type of its own. */
export interface Subscribed {
  readonly webhookId: string;
  readonly subscriptionId: string;
  readonly signingSecret: string;
  readonly type: string;
  /** Publishes an event of the type, and gives the id of its delivery. */
  publish: (event?: { data?: unknown; idempotencyKey?: string; correlationId?: string }) => Promise<string>;
}

let types = 0;
/** The most that a webhook may have: what a busy machine adds to an exchange is no timeout. */
const timeoutMs = 60_000;

/** Makes an event type, and a webhook with these fields that gets its events; its `timeoutMs` is 60,000 unless it is given. */
export async function subscribe(
  api: Api,
  webhook: { url: string; [field: string]: unknown },
): Promise<Subscribed> {
  types += 1;
  const type = `invoice.paid.${types}`;
  await api.make('/v1/event-types', { name: type });
  const made = await api.make('/v1/webhooks', { name: 'books', timeoutMs, ...webhook, eventTypes: [type] });
  return {
    webhookId: made.id as string,
    subscriptionId: made.subscriptionId as string,
    signingSecret: made.signingSecret as string,
    type,
    async publish(event = {}) {
      const answer = await api.make('/v1/events', { type, data: { total: 12.5 }, ...event });
      return answer.deliveries[0].id as string;
    },
  };
}
