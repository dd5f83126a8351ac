import type { Context } from '../context.js';
import type { EventRecord } from '../models/event.js';
import type { Tenant } from '../models/tenant.js';
import { contentHashOf } from './content-hash.js';
import { keyReused, type NewEvent, type PathOf, type Published } from './new-event.js';

/**
 * What was published before under the same keys, by the index of its repetition. Throws a 409 Problem for a key that
 * was used with another body.
 */
export async function findEarlier(
  ctx: Context,
  tenant: Tenant,
  events: readonly NewEvent[],
  pathOf: PathOf,
): Promise<Map<number, Published>> {
  const keys = events.flatMap(({ idempotencyKey }) => idempotencyKey ?? []);
  if (keys.length === 0) return new Map();
  const found = await ctx.models.events.find({ ...tenant, idempotencyKey: { $in: keys } }).lean();
  if (found.length === 0) return new Map();
  const byKey = new Map(found.map((event) => [event.idempotencyKey, event]));
  const deliveries = await firstDeliveries(ctx, found);
  const earlier = new Map<number, Published>();
  for (const [index, event] of events.entries()) {
    const before = event.idempotencyKey === undefined ? undefined : byKey.get(event.idempotencyKey);
    if (!before) continue;
    if (before.contentHash !== contentHashOf(event)) throw keyReused(event, pathOf(index));
    earlier.set(index, {
      eventId: before._id,
      duplicate: true,
      deliveries: deliveries.filter(({ eventId }) => eventId === before._id),
    });
  }
  return earlier;
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
      { eventId: 1, subscriptionId: 1, webhookId: 1, createdAt: 1 },
    )
    .sort({ subscriptionId: 1 })
    .lean();
  return deliveries.filter((delivery) => createdAt.get(delivery.eventId) === delivery.createdAt.getTime());
}
