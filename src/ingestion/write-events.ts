import type { Context } from '../context.js';
import type { Fresh } from '../delivery/handover.js';
import { newDelivery } from '../delivery/new-delivery.js';
import { startsOf } from '../dispatch/start.js';
import type { EventRecord } from '../models/event.js';
import { native } from '../models/native.js';
import type { Tenant } from '../models/tenant.js';
import { contentHashOf } from './content-hash.js';
import { loadMatcher } from './matching.js';
import { keyReused, newEvent, type NewEvent, type PathOf, type Published } from './new-event.js';

/** Writes the events that are new, with their deliveries, in one transaction, and hands the deliveries to Temporal. */
export async function writeEvents(
  ctx: Context,
  tenant: Tenant,
  events: readonly NewEvent[],
  earlier: ReadonlyMap<number, Published>,
  pathOf: PathOf,
): Promise<Published[]> {
  const types = new Set(events.filter((_, index) => !earlier.has(index)).map(({ type }) => type));
  const matches = await loadMatcher(ctx, tenant, [...types]);
  const now = await ctx.clock.now();
  const records: EventRecord[] = [];
  const fresh: Fresh[] = [];
  const inCall = new Map<string, { published: Published; hash: string }>();
  const published = events.map((event, index): Published => {
    const before = earlier.get(index);
    if (before) return before;
    const { idempotencyKey: key } = event;
    const hash = contentHashOf(event);
    const same = key === undefined ? undefined : inCall.get(key);
    if (same && same.hash !== hash) throw keyReused(event, pathOf(index));
    if (same) return { ...same.published, duplicate: true };
    const record = newEvent(ctx, tenant, event, hash, now);
    const own = matches(event.type, event.data).map(({ subscription, webhook }) => ({
      delivery: newDelivery(record, subscription, now),
      event: record,
      webhook,
      system: null,
    }));
    records.push(record);
    fresh.push(...own);
    const deliveries = own.map(({ delivery }) => delivery);
    const result: Published = { eventId: record._id, duplicate: false, deliveries };
    if (key !== undefined) inCall.set(key, { published: result, hash });
    return result;
  });
  await insert(ctx, records, fresh);
  ctx.metrics.countPublished(records.length);
  await dispatch(ctx, fresh);
  return published;
}

/** Writes events and their deliveries together, durably. */
async function insert(ctx: Context, events: EventRecord[], fresh: readonly Fresh[]): Promise<void> {
  if (events.length === 0) return;
  const deliveries = fresh.map(({ delivery }) => delivery);
  await ctx.connection.withSession(async (session) =>
    session.withTransaction(
      async () => {
        await native(ctx.models.events).insertMany(events, { session });
        if (deliveries.length > 0) await native(ctx.models.deliveries).insertMany(deliveries, { session });
      },
      { writeConcern: { w: 'majority', journal: true } },
    ),
  );
}

async function dispatch(ctx: Context, fresh: readonly Fresh[]): Promise<void> {
  const webhooks = new Map(fresh.map(({ webhook }) => [webhook._id, webhook]));
  const deliveries = fresh.map(({ delivery }) => delivery);
  const starts = await startsOf(ctx, deliveries, webhooks);
  for (const one of fresh) {
    // A paused webhook, and one whose credentials are elsewhere, are looked at again by the attempt.
    if (one.webhook.state === 'active' && one.webhook.externalSystemId === null) ctx.handover.give(one);
  }
  ctx.dispatcher.dispatch(starts);
}
