import { z } from 'zod';
import type { Context } from '../../context.js';
import { invalid, notFound } from '../../errors/problem.js';
import type { SubscriptionRecord } from '../../models/subscription.js';
import type { Tenant } from '../../models/tenant.js';
import { fromText, holding, IdParams, iso, Json, Name, Search, Timestamp } from '../fields.js';
import { findPage, pageOf, pageQuery, sortQuery } from '../paging.js';
import { createRecord, deleteRevision, etagOf, saveRevision } from '../revision.js';
import { route } from '../route.js';
import {
  EventTypes,
  filterText,
  newSubscription,
  NullableFilter,
  requireEventTypes,
} from './subscription-fields.js';

const fields = {
  name: Name.nullable().optional(),
  eventTypes: EventTypes,
  webhookId: z.string().max(200),
  filter: NullableFilter.optional(),
  active: z.boolean().optional(),
};
const NewSubscription = z.strictObject(fields).meta({ id: 'NewSubscription' });
const SubscriptionChanges = z.strictObject(fields).partial().meta({ id: 'SubscriptionChanges' });

export const Subscription = z
  .object({
    id: z.string(),
    name: z.string().nullable(),
    eventTypes: z.array(z.string()),
    webhookId: z.string(),
    filter: Json.meta({ description: 'null: everything of these types' }),
    active: z.boolean(),
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .meta({ id: 'Subscription' });

const tag = 'Subscriptions';

export const subscriptionRoutes = [
  route({
    key: 'GET /v1/subscriptions',
    operationId: 'listSubscriptions',
    summary: 'List subscriptions',
    tag,
    query: z.strictObject({
      ...pageQuery,
      sort: sortQuery(['name', 'createdAt', 'updatedAt']),
      search: Search.optional().meta({ description: 'text in the name or in an event type' }),
      webhookId: z.string().optional(),
      eventType: z.string().optional(),
      active: z.stringbool({ truthy: ['true'], falsy: ['false'] }).optional(),
    }),
    answers: { 200: pageOf(Subscription) },
    async handle({ ctx, tenant, query }) {
      const { search, webhookId, eventType, active, ...page } = query;
      const filter = {
        ...tenant,
        ...(search === undefined
          ? {}
          : {
              $or: [
                { nameLower: holding(search.toLowerCase()) },
                { eventTypes: { ...holding(search), $options: 'i' } },
              ],
            }),
        ...(webhookId === undefined ? {} : { webhookId }),
        ...(eventType === undefined ? {} : { eventTypes: eventType }),
        ...(active === undefined ? {} : { active }),
      };
      const { records, nextCursor } = await findPage(ctx.models.subscriptions, filter, page, {
        paths: { name: 'nameLower' },
      });
      return { status: 200, body: { data: records.map(showSubscription), nextCursor } };
    },
  }),
  route({
    key: 'POST /v1/subscriptions',
    operationId: 'createSubscription',
    summary: 'Subscribe a webhook to event types',
    tag,
    audit: { resource: 'subscription', action: 'created' },
    body: NewSubscription,
    answers: { 201: Subscription },
    async handle({ ctx, tenant, body, trail }) {
      await requireEventTypes(ctx, tenant, body.eventTypes);
      await requireWebhook(ctx, tenant, body.webhookId);
      const record = newSubscription(tenant, body, new Date());
      await createRecord(ctx.models.subscriptions, { trail }, record);
      return { status: 201, body: showSubscription(record), etag: etagOf(record) };
    },
  }),
  route({
    key: 'GET /v1/subscriptions/:id',
    operationId: 'getSubscription',
    summary: 'Read a subscription',
    tag,
    params: IdParams,
    answers: { 200: Subscription },
    async handle({ ctx, tenant, params }) {
      const record = await findSubscription(ctx, tenant, params.id);
      return { status: 200, body: showSubscription(record), etag: etagOf(record) };
    },
  }),
  route({
    key: 'PATCH /v1/subscriptions/:id',
    operationId: 'updateSubscription',
    summary: 'Change a subscription, for events from now on',
    tag,
    audit: { resource: 'subscription', action: 'updated' },
    params: IdParams,
    body: SubscriptionChanges,
    answers: { 200: Subscription },
    async handle({ ctx, tenant, params, body, request, trail }) {
      const record = await findSubscription(ctx, tenant, params.id);
      const { name, eventTypes, webhookId, filter, active } = body;
      if (eventTypes) await requireEventTypes(ctx, tenant, eventTypes);
      if (webhookId !== undefined) await requireWebhook(ctx, tenant, webhookId);
      const saved = await saveRevision(ctx.models.subscriptions, { request, trail }, record, {
        ...(name === undefined ? {} : { name, nameLower: name?.toLowerCase() ?? null }),
        ...(eventTypes === undefined ? {} : { eventTypes }),
        ...(webhookId === undefined ? {} : { webhookId }),
        ...(filter === undefined ? {} : { filterJson: filterText(filter) }),
        ...(active === undefined ? {} : { active }),
      });
      return { status: 200, body: showSubscription(saved), etag: etagOf(saved) };
    },
  }),
  route({
    key: 'DELETE /v1/subscriptions/:id',
    operationId: 'deleteSubscription',
    summary: 'Delete a subscription; its deliveries go on',
    tag,
    audit: { resource: 'subscription', action: 'deleted' },
    params: IdParams,
    answers: { 204: null },
    async handle({ ctx, tenant, params, request, trail }) {
      const record = await findSubscription(ctx, tenant, params.id);
      await deleteRevision(ctx.models.subscriptions, { request, trail }, record);
      return { status: 204 };
    },
  }),
];

/** A subscription of the tenant, or a 404 Problem. */
export async function findSubscription(
  ctx: Context,
  tenant: Tenant,
  id: string,
): Promise<SubscriptionRecord> {
  const record = await ctx.models.subscriptions.findOne({ _id: id, ...tenant }).lean();
  if (!record) throw notFound('subscription', id);
  return record;
}

export function showSubscription(record: SubscriptionRecord): z.infer<typeof Subscription> {
  const { _id, name, eventTypes, webhookId, filterJson, active, createdAt, updatedAt } = record;
  return {
    id: _id,
    name,
    eventTypes,
    webhookId,
    filter: fromText(filterJson),
    active,
    createdAt: iso(createdAt),
    updatedAt: iso(updatedAt),
  };
}

async function requireWebhook(ctx: Context, tenant: Tenant, webhookId: string): Promise<void> {
  const exists = await ctx.models.webhooks.exists({ _id: webhookId, ...tenant, deletedAt: null });
  if (!exists) throw invalid([{ path: 'webhookId', message: `there is no webhook ${webhookId}` }]);
}
