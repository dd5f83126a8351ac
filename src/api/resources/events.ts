import { z } from 'zod';
import type { Context } from '../../context.js';
import { notFound, Problem } from '../../errors/problem.js';
import { findableText } from '../../ingestion/identifiers.js';
import { explainUnmatched } from '../../ingestion/unmatched.js';
import type { NewEvent as Publishable, Published } from '../../ingestion/new-event.js';
import { publish } from '../../ingestion/publish.js';
import { deliveryStatuses } from '../../models/delivery.js';
import type { EventRecord } from '../../models/event.js';
import type { Tenant } from '../../models/tenant.js';
import { operationalKeys } from '../../operational-events/types.js';
import { fromText, IdParams, iso, Json, Moment, Text, Timestamp } from '../fields.js';
import { findPage, pageOf, pageQuery, sortQuery } from '../paging.js';
import { route } from '../route.js';
import { createdBetween } from '../../delivery/delivery-query.js';
import { FailedRules } from './failed-rules.js';
import { rowFields, type DeliveryRow } from './delivery-rows.js';
import { Delivery } from './delivery-shapes.js';
import { countByStatus } from './event-deliveries.js';
import { showDeliveries } from './show-deliveries.js';

const eventBytes = 256 * 1024;
const batchBytes = 8 * 1024 * 1024;
const batchEvents = 1_000;

const Key = Text.min(1)
  .max(256)
  .refine((key) => !key.startsWith(operationalKeys), {
    error: `must not begin with ${operationalKeys}: Postrider's own events have such keys`,
  });

const NewEvent = z
  .strictObject({
    type: z.string().max(128),
    data: Json.refine((data) => data !== undefined, 'is required'),
    idempotencyKey: Key.optional().meta({ description: 'the same key with the same body is the same event' }),
    correlationId: Text.min(1).max(200).optional(),
    occurredAt: Moment.optional().meta({ description: 'now when not given' }),
  })
  .meta({ id: 'NewEvent' });

const EventBatch = z
  .strictObject({ events: z.array(NewEvent).min(1).max(batchEvents) })
  .meta({ id: 'EventBatch' });

const PublishedEvent = z
  .object({
    id: z.string(),
    duplicate: z.boolean().meta({ description: 'whether it had been published before under its key' }),
    deliveries: z.array(
      z.object({
        id: z.string(),
        subscriptionId: z.string(),
        webhookId: z.string(),
        status: z.enum(deliveryStatuses),
      }),
    ),
  })
  .meta({ id: 'PublishedEvent' });

const eventFields = {
  id: z.string(),
  type: z.string(),
  data: Json,
  occurredAt: Timestamp,
  createdAt: Timestamp,
  idempotencyKey: z.string().nullable(),
  correlationId: z.string().nullable(),
};
const Event = z.object(eventFields).meta({ id: 'Event' });

const EventRow = z
  .object({
    ...eventFields,
    data: Json.optional().meta({ description: 'left out with `data=false`' }),
    deliveries: z
      .partialRecord(z.enum(deliveryStatuses), z.number())
      .meta({ description: 'how many there are by status; none of a status that is not named' }),
  })
  .meta({ id: 'EventRow' });

const NotMatched = z
  .object({
    subscriptionId: z.string(),
    webhookId: z.string(),
    reason: z.enum(['subscription_off', 'webhook_off', 'event_type', 'filter', 'made_later']),
    message: z.string(),
    rules: FailedRules.optional(),
  })
  .meta({ id: 'NotMatched' });

const EventDetail = z
  .object({ ...eventFields, deliveries: z.array(Delivery), notMatched: z.array(NotMatched) })
  .meta({ id: 'EventDetail' });

const tag = 'Events';

export const eventRoutes = [
  route({
    key: 'GET /v1/events',
    operationId: 'listEvents',
    summary: 'List events',
    tag,
    query: z.strictObject({
      ...pageQuery,
      sort: sortQuery(['createdAt']),
      type: z.string().max(200).optional(),
      idempotencyKey: z.string().max(256).optional(),
      correlationId: z.string().max(200).optional(),
      value: z.string().max(64).optional().meta({
        description: 'a number or id that stands in the data, such as INV-1042; the case does not matter',
      }),
      data: z
        .stringbool({ truthy: ['true'], falsy: ['false'] })
        .default(true)
        .meta({ description: 'false leaves the data out, of which each event can have 256 KiB' }),
      from: Moment.optional().meta({ description: 'published at this time or later' }),
      to: Moment.optional().meta({ description: 'published before this time' }),
    }),
    answers: { 200: pageOf(EventRow) },
    async handle({ ctx, tenant, query }) {
      const { type, idempotencyKey, correlationId, value, from, to, data: withData, ...page } = query;
      const filter = {
        ...tenant,
        ...(type === undefined ? {} : { type }),
        ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
        ...(correlationId === undefined ? {} : { correlationId }),
        ...(value === undefined ? {} : { values: findableText(value) }),
        ...createdBetween(from, to),
      };
      const select = withData ? {} : { select: { dataJson: 0 as const } };
      const { records, nextCursor } = await findPage(ctx.models.events, filter, page, select);
      const deliveries = await countByStatus(ctx, records);
      const data = records.map((record) => ({
        ...showEvent(record),
        deliveries: deliveries.get(record._id) ?? {},
      }));
      return { status: 200, body: { data, nextCursor } };
    },
  }),
  route({
    key: 'POST /v1/events',
    operationId: 'publishEvent',
    summary: 'Publish an event',
    description:
      'Answers once the event and its deliveries are written; they are then delivered, whatever happens.',
    tag,
    audit: { none: 'events are their own record of what was published' },
    body: NewEvent,
    bodyLimit: eventBytes,
    answers: { 202: PublishedEvent },
    async handle({ ctx, tenant, body }) {
      await ctx.ingestLimit.take(tenant, 1);
      const [published] = await publish(ctx, tenant, [body], () => []);
      return { status: 202, body: published && showPublished(published) };
    },
  }),
  route({
    key: 'POST /v1/events/batch',
    operationId: 'publishEvents',
    summary: `Publish up to ${batchEvents} events, all or none`,
    tag,
    audit: { none: 'events are their own record of what was published' },
    body: EventBatch,
    bodyLimit: batchBytes,
    answers: { 202: z.object({ data: z.array(PublishedEvent) }) },
    async handle({ ctx, tenant, body }) {
      refuseLarge(body.events);
      await ctx.ingestLimit.take(tenant, body.events.length);
      const published = await publish(ctx, tenant, body.events, (index) => ['events', index]);
      return { status: 202, body: { data: published.map(showPublished) } };
    },
  }),
  route({
    key: 'GET /v1/events/:id',
    operationId: 'getEvent',
    summary: 'Read an event, its deliveries, and why it went to no other subscription',
    tag,
    params: IdParams,
    answers: { 200: EventDetail },
    async handle({ ctx, tenant, params }) {
      const record = await findEvent(ctx, tenant, params.id);
      const deliveries = await ctx.models.deliveries
        .find({ eventId: record._id }, rowFields)
        .sort({ createdAt: -1, _id: -1 })
        .limit(1_000)
        .lean<DeliveryRow[]>();
      const reached = new Set(deliveries.map(({ subscriptionId }) => subscriptionId));
      return {
        status: 200,
        body: {
          ...showEvent(record),
          deliveries: await showDeliveries(ctx, deliveries),
          notMatched: await explainUnmatched(ctx, tenant, record, reached),
        },
      };
    },
  }),
];

/** An event of the tenant, or a 404 Problem. */
async function findEvent(ctx: Context, tenant: Tenant, id: string): Promise<EventRecord> {
  const record = await ctx.models.events.findOne({ _id: id, ...tenant }).lean();
  if (!record) throw notFound('event', id);
  return record;
}

/** Each event of a batch may be as large as one published alone. */
function refuseLarge(events: readonly Publishable[]): void {
  for (const [index, event] of events.entries()) {
    const bytes = Buffer.byteLength(JSON.stringify(event));
    if (bytes <= eventBytes) continue;
    throw new Problem(
      'payload_too_large',
      `events.${index} has ${bytes} bytes; an event may have ${eventBytes}.`,
      {
        errors: [{ path: `events.${index}`, message: `is larger than ${eventBytes} bytes` }],
      },
    );
  }
}

/** The first answer, and every repetition of it. */
function showPublished({ eventId, duplicate, deliveries }: Published): z.infer<typeof PublishedEvent> {
  return {
    id: eventId,
    duplicate,
    deliveries: deliveries.map(({ _id, subscriptionId, webhookId, lane }) => ({
      id: _id,
      subscriptionId,
      webhookId,
      status: lane === undefined ? 'pending' : 'waiting',
    })),
  };
}

/** `dataJson` is missing where a list has left the data out. */
function showEvent(record: EventRecord): z.infer<typeof Event>;
function showEvent(
  record: Omit<EventRecord, 'dataJson'> & { dataJson?: string },
): Omit<z.infer<typeof Event>, 'data'>;
function showEvent(record: Omit<EventRecord, 'dataJson'> & { dataJson?: string }): object {
  const { _id, type, dataJson, occurredAt, createdAt, idempotencyKey, correlationId } = record;
  return {
    id: _id,
    type,
    ...(dataJson === undefined ? {} : { data: fromText(dataJson) }),
    occurredAt: iso(occurredAt),
    createdAt: iso(createdAt),
    idempotencyKey,
    correlationId,
  };
}
