import { z } from 'zod';
import type { Context } from '../../context.js';
import { invalid, notFound, Problem } from '../../errors/problem.js';
import { compileEventSchema } from '../../event-schemas/event-schema.js';
import { isDuplicateKey } from '../../models/availability.js';
import type { EventTypeRecord } from '../../models/event-type.js';
import { tenantOf, type Tenant } from '../../models/tenant.js';
import { isOperational, reservedType } from '../../operational-events/types.js';
import { fromText, iso, Json, Timestamp, toText } from '../fields.js';
import { findPage, pageOf, pageQuery, sortQuery } from '../paging.js';
import { createRecord, deleteRevision, etagOf, requireMatch, saveRevision } from '../revision.js';
import { route } from '../route.js';

const EventTypeName = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,128}$/, 'must have 1 to 128 letters, digits, dots, underscores or hyphens');

const changeable = {
  label: z.string().max(200).nullable().optional(),
  category: z.string().max(200).nullable().optional(),
  description: z.string().max(5_000).nullable().optional(),
  schema: Json.optional().meta({
    description: 'JSON Schema (2020-12) that the data of events must satisfy; null for none',
  }),
  samplePayload: Json.optional(),
};

const NewEventType = z.strictObject({ name: EventTypeName, ...changeable }).meta({ id: 'NewEventType' });
export type NewEventType = z.infer<typeof NewEventType>;
const EventTypeChanges = z.strictObject(changeable).meta({ id: 'EventTypeChanges' });

const EventType = z
  .object({
    name: z.string(),
    label: z.string().nullable(),
    category: z.string().nullable(),
    description: z.string().nullable(),
    schema: Json,
    samplePayload: Json,
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .meta({ id: 'EventType' });

const tag = 'Event types';
const NameParams = z.object({ name: z.string() });

export const eventTypeRoutes = [
  route({
    key: 'GET /v1/event-types',
    operationId: 'listEventTypes',
    summary: 'List event types',
    tag,
    query: z.strictObject({
      ...pageQuery,
      sort: sortQuery(['name', 'category', 'createdAt', 'updatedAt']),
      category: z.string().optional(),
    }),
    answers: { 200: pageOf(EventType) },
    async handle({ ctx, tenant, query }) {
      const filter = { ...tenant, ...(query.category === undefined ? {} : { category: query.category }) };
      const { records, nextCursor } = await findPage(ctx.models.eventTypes, filter, query);
      return { status: 200, body: { data: records.map(show), nextCursor } };
    },
  }),
  route({
    key: 'POST /v1/event-types',
    operationId: 'createEventType',
    summary: 'Make an event type',
    tag,
    audit: { resource: 'event_type', action: 'created' },
    body: NewEventType,
    answers: { 201: EventType },
    async handle({ ctx, tenant, body, trail }) {
      refuseReserved(body.name);
      checkSchema(body.schema);
      const record = newEventType(tenant, body, new Date());
      try {
        await createRecord(ctx.models.eventTypes, { trail }, record);
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
        throw new Problem('already_exists', `There is an event type ${body.name} already.`, {
          errors: [{ path: 'name', message: 'is taken' }],
        });
      }
      return { status: 201, body: show(record), etag: etagOf(record) };
    },
  }),
  route({
    key: 'GET /v1/event-types/:name',
    operationId: 'getEventType',
    summary: 'Read an event type',
    tag,
    params: NameParams,
    answers: { 200: EventType },
    async handle({ ctx, tenant, params }) {
      const record = await find(ctx, tenant, params.name);
      return { status: 200, body: show(record), etag: etagOf(record) };
    },
  }),
  route({
    key: 'PATCH /v1/event-types/:name',
    operationId: 'updateEventType',
    summary: 'Change an event type',
    tag,
    audit: { resource: 'event_type', action: 'updated' },
    params: NameParams,
    body: EventTypeChanges,
    answers: { 200: EventType },
    async handle({ ctx, tenant, params, body, request, trail }) {
      refuseReserved(params.name);
      checkSchema(body.schema);
      const record = await find(ctx, tenant, params.name);
      const { schema, samplePayload, ...plain } = body;
      const saved = await saveRevision(ctx.models.eventTypes, { request, trail }, record, {
        ...plain,
        ...(schema === undefined ? {} : { schemaJson: toText(schema) }),
        ...(samplePayload === undefined ? {} : { samplePayloadJson: toText(samplePayload) }),
      });
      return { status: 200, body: show(saved), etag: etagOf(saved) };
    },
  }),
  route({
    key: 'DELETE /v1/event-types/:name',
    operationId: 'deleteEventType',
    summary: 'Delete an event type that no subscription names',
    tag,
    audit: { resource: 'event_type', action: 'deleted' },
    params: NameParams,
    answers: { 204: null },
    async handle({ ctx, tenant, params, request, trail }) {
      const record = await find(ctx, tenant, params.name);
      requireMatch(request, record);
      const users = await ctx.models.subscriptions
        .find({ ...tenant, eventTypes: record.name }, { _id: 1 })
        .limit(20)
        .lean();
      if (users.length > 0) {
        const ids = users.map(({ _id }) => _id).join(', ');
        throw new Problem('in_use', `Subscriptions name ${record.name}: ${ids}.`);
      }
      await deleteRevision(ctx.models.eventTypes, { request, trail }, record);
      return { status: 204 };
    },
  }),
];

/** An event type as it is first stored. */
export function newEventType(tenant: Tenant, type: NewEventType, now: Date): EventTypeRecord {
  return {
    _id: `${tenant.organizationId}/${tenant.environment}/${type.name}`,
    ...tenantOf(tenant),
    name: type.name,
    label: type.label ?? null,
    category: type.category ?? null,
    description: type.description ?? null,
    schemaJson: toText(type.schema),
    samplePayloadJson: toText(type.samplePayload),
    revision: 1,
    createdAt: now,
    updatedAt: now,
  };
}

async function find(ctx: Context, tenant: Tenant, name: string): Promise<EventTypeRecord> {
  const record = await ctx.models.eventTypes.findOne({ ...tenant, name }).lean();
  if (!record) throw notFound('event type', name);
  return record;
}

/** Operational event types are as their catalogue has them. */
function refuseReserved(name: string): void {
  if (isOperational(name)) throw invalid([{ path: 'name', message: `${name} ${reservedType}` }]);
}

function checkSchema(schema: unknown): void {
  if (schema === undefined || schema === null) return;
  const compiled = compileEventSchema(schema);
  if (!compiled.ok) {
    throw invalid(
      compiled.errors.map(({ path, message }) => ({
        path: path === '' ? 'schema' : `schema.${path}`,
        message,
      })),
    );
  }
}

function show(record: EventTypeRecord): z.infer<typeof EventType> {
  const { name, label, category, description, createdAt, updatedAt } = record;
  return {
    name,
    label,
    category,
    description,
    schema: fromText(record.schemaJson),
    samplePayload: fromText(record.samplePayloadJson),
    createdAt: iso(createdAt),
    updatedAt: iso(updatedAt),
  };
}
