import type { Context } from '../context.js';
import type { EventRecord } from '../models/event.js';
import { environmentOwner } from '../models/webhook-stats.js';
import type { Publication, Published } from './new-event.js';

/** What was published under a key, and the hash of its content. */
export interface Keyed {
  published: Published;
  hash: string;
}

/** Events by whose they are and their idempotency key. */
export type KeyedEvents = Map<string, Keyed>;

/** Names an idempotency key of a tenant. */
export function keyOf(publication: Pick<Publication, 'tenant'>, idempotencyKey: string): string {
  return `${environmentOwner(publication.tenant)} ${idempotencyKey}`;
}

/** What was published before under the keys of these calls. Two queries, however many they are; none without keys. */
export async function findEarlier(ctx: Context, publications: readonly Publication[]): Promise<KeyedEvents> {
  const wanted = publications.flatMap(({ tenant: { organizationId, environment }, events }) => {
    const keys = events.flatMap(({ idempotencyKey }) => idempotencyKey ?? []);
    return keys.length === 0 ? [] : [{ organizationId, environment, idempotencyKey: { $in: keys } }];
  });
  if (wanted.length === 0) return new Map();
  const found = await ctx.models.events.find({ $or: wanted }).lean();
  if (found.length === 0) return new Map();
  const deliveries = await firstDeliveries(ctx, found);
  return new Map(
    found.map((event) => [
      keyOf({ tenant: event }, event.idempotencyKey ?? ''),
      {
        hash: event.contentHash,
        published: {
          eventId: event._id,
          duplicate: true,
          deliveries: deliveries.filter(({ eventId }) => eventId === event._id),
        },
      },
    ]),
  );
}

/** The deliveries that the first answers named: resends, and what was recovered later, have another time. */
async function firstDeliveries(
  ctx: Context,
  events: readonly EventRecord[],
): Promise<(Published['deliveries'][number] & { eventId: string })[]> {
  const createdAt = new Map(events.map((event) => [event._id, event.createdAt.getTime()]));
  const deliveries = await ctx.models.deliveries
    .find(
      { eventId: { $in: [...createdAt.keys()] }, resendOf: null },
      { eventId: 1, subscriptionId: 1, webhookId: 1, lane: 1, createdAt: 1 },
    )
    .sort({ subscriptionId: 1 })
    .lean();
  return deliveries.filter((delivery) => createdAt.get(delivery.eventId) === delivery.createdAt.getTime());
}
