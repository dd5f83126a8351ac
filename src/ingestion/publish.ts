import type { Context } from '../context.js';
import type { Fresh } from '../delivery/handover.js';
import { newDelivery } from '../delivery/new-delivery.js';
import { startsOf } from '../dispatch/start.js';
import { Problem, invalid, type FieldError } from '../errors/problem.js';
import { checkPayload, type EventSchema } from '../event-schemas/event-schema.js';
import { isDuplicateKey } from '../models/availability.js';
import type { DeliveryRecord } from '../models/delivery.js';
import type { EventRecord } from '../models/event.js';
import { newId } from '../models/ids.js';
import { native } from '../models/native.js';
import type { Tenant } from '../models/tenant.js';
import type { WebhookRecord } from '../models/webhook.js';
import type { JsonValue } from '../request/json-value.js';
import { contentHashOf } from './content-hash.js';
import { loadMatcher } from './matching.js';

/** An event as a service publishes it. */
export interface NewEvent {
  type: string;
  data: JsonValue;
  idempotencyKey?: string | undefined;
  correlationId?: string | undefined;
  occurredAt?: Date | undefined;
}

/** An event that is durably written, with its deliveries as they were first written. */
export interface Published {
  eventId: string;
  duplicate: boolean;
  deliveries: Pick<DeliveryRecord, '_id' | 'subscriptionId' | 'webhookId'>[];
}

/** Where an event stands in the call, for errors: nothing for a single one, `events.3` in a batch. */
export type PathOf = (index: number) => readonly PropertyKey[];

/**
 * Publishes events, all or none: they are valid, their deliveries are written with them in one transaction, and
 * only then are workflows started. Throws a Problem for what is not valid, and for an idempotency key that
 * was used with another body.
 */
export async function publish(
  ctx: Context,
  tenant: Tenant,
  events: readonly NewEvent[],
  pathOf: PathOf,
): Promise<Published[]> {
  await checkEvents(ctx, tenant, events, pathOf);
  for (;;) {
    const earlier = await findEarlier(ctx, tenant, events, pathOf);
    try {
      return await write(ctx, tenant, events, earlier);
    } catch (error) {
      // Another call was faster with one of the keys: what it wrote is found in the next round.
      if (!isDuplicateKey(error)) throw error;
    }
  }
}

/** Refuses unknown types, and data that the type's schema does not allow. */
async function checkEvents(
  ctx: Context,
  tenant: Tenant,
  events: readonly NewEvent[],
  pathOf: PathOf,
): Promise<void> {
  const names = [...new Set(events.map(({ type }) => type))];
  const types = await ctx.models.eventTypes
    .find({ ...tenant, name: { $in: names } }, { name: 1, schemaJson: 1, revision: 1 })
    .lean();
  const byName = new Map(types.map((type) => [type.name, type]));
  const errors = events.flatMap(({ type, data }, index): FieldError[] => {
    const known = byName.get(type);
    const path = (...rest: string[]) => [...pathOf(index), ...rest].map(String).join('.');
    if (!known)
      return [{ path: path('type'), message: `there is no event type ${type}; make it or import it first` }];
    if (known.schemaJson === null) return [];
    return checkPayload(
      JSON.parse(known.schemaJson) as EventSchema,
      `${known._id}@${known.revision}`,
      data,
    ).map((error) => ({
      path: error.path === '' ? path('data') : path('data', error.path),
      message: error.message,
    }));
  });
  if (errors.length > 0) throw invalid(errors);
}

/** What was published before under the same keys, by the index of its repetition. */
async function findEarlier(
  ctx: Context,
  tenant: Tenant,
  events: readonly NewEvent[],
  pathOf: PathOf,
): Promise<Map<number, Published>> {
  const keys = events.flatMap(({ idempotencyKey }) => idempotencyKey ?? []);
  const found =
    keys.length === 0
      ? []
      : await ctx.models.events.find({ ...tenant, idempotencyKey: { $in: keys } }).lean();
  const byKey = new Map(found.map((event) => [event.idempotencyKey, event]));
  const earlier = new Map<number, Published>();
  for (const [index, event] of events.entries()) {
    const before = event.idempotencyKey === undefined ? undefined : byKey.get(event.idempotencyKey);
    if (!before) continue;
    if (before.contentHash !== contentHashOf(event))
      throw keyReused(event, [...pathOf(index), 'idempotencyKey']);
    earlier.set(index, await readPublished(ctx, before));
  }
  return earlier;
}

async function readPublished(ctx: Context, event: EventRecord): Promise<Published> {
  // Resends and what was recovered later have another time: the first answer named neither.
  const deliveries = await ctx.models.deliveries
    .find(
      { eventId: event._id, createdAt: event.createdAt, resendOf: null },
      { subscriptionId: 1, webhookId: 1 },
    )
    .sort({ subscriptionId: 1 })
    .lean();
  return { eventId: event._id, duplicate: true, deliveries };
}

async function write(
  ctx: Context,
  tenant: Tenant,
  events: readonly NewEvent[],
  earlier: ReadonlyMap<number, Published>,
): Promise<Published[]> {
  const types = new Set(events.filter((_, index) => !earlier.has(index)).map(({ type }) => type));
  const matches = await loadMatcher(ctx, tenant, [...types]);
  const now = await ctx.clock.now();
  const webhooks = new Map<string, WebhookRecord>();
  const fresh: Fresh[] = [];
  const records: EventRecord[] = [];
  const deliveries: DeliveryRecord[] = [];
  const inCall = new Map<string, { published: Published; hash: string }>();
  const published = events.map((event, index): Published => {
    const before = earlier.get(index);
    if (before) return before;
    const hash = contentHashOf(event);
    const same = event.idempotencyKey === undefined ? undefined : inCall.get(event.idempotencyKey);
    if (same && same.hash === hash) return { ...same.published, duplicate: true };
    if (same) throw keyReused(event, ['events', index, 'idempotencyKey']);
    const record = newEvent(ctx, tenant, event, hash, now);
    const own = matches(event.type, event.data).map(({ subscription, webhook }) => {
      webhooks.set(webhook._id, webhook);
      const delivery = newDelivery(record, subscription, now);
      fresh.push({ delivery, event: record, webhook, system: null });
      return delivery;
    });
    records.push(record);
    deliveries.push(...own);
    const result: Published = { eventId: record._id, duplicate: false, deliveries: own };
    if (event.idempotencyKey !== undefined) inCall.set(event.idempotencyKey, { published: result, hash });
    return result;
  });
  if (records.length > 0) await insert(ctx, records, deliveries);
  ctx.metrics.countPublished(records.length);
  for (const one of fresh) giveFresh(ctx, one);
  ctx.dispatcher.dispatch(await startsOf(ctx, deliveries, webhooks));
  return published;
}

/** A paused webhook, and one whose credentials are elsewhere, are looked at again by the attempt. */
function giveFresh(ctx: Context, fresh: Fresh): void {
  const { state, externalSystemId } = fresh.webhook;
  if (state === 'active' && externalSystemId === null) ctx.handover.give(fresh);
}

/** Writes events and their deliveries together, durably. */
async function insert(ctx: Context, events: EventRecord[], deliveries: DeliveryRecord[]): Promise<void> {
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

function newEvent(
  ctx: Context,
  tenant: Tenant,
  event: NewEvent,
  contentHash: string,
  now: Date,
): EventRecord {
  return {
    _id: newId('event'),
    organizationId: tenant.organizationId,
    environment: tenant.environment,
    type: event.type,
    dataJson: JSON.stringify(event.data),
    occurredAt: event.occurredAt ?? now,
    createdAt: now,
    idempotencyKey: event.idempotencyKey ?? null,
    contentHash,
    correlationId: event.correlationId ?? null,
    retainUntil: new Date(now.getTime() + ctx.config.retentionMs),
    expiresAt: null,
  };
}

function keyReused(event: NewEvent, path: readonly PropertyKey[]): Problem {
  const message = `was used for an event with another body: ${String(event.idempotencyKey)}`;
  return new Problem('idempotency_key_reused', `The idempotency key ${message}`, {
    errors: [{ path: path.map(String).join('.'), message }],
  });
}
