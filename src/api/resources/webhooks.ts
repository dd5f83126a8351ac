import { z } from 'zod';
import type { Context } from '../../context.js';
import { notFound, Problem, invalid } from '../../errors/problem.js';
import type { WebhookRecord } from '../../models/webhook.js';
import { newId } from '../../models/ids.js';
import { tenantOf, type Tenant } from '../../models/tenant.js';
import { newSigningSecret } from '../../request/signature.js';
import { sealAuth } from '../auth.js';
import { Duration, durationMs } from '../../config/duration.js';
import { IdParams, Search, toText } from '../fields.js';
import { findPage, pageOf, pageQuery, sortQuery } from '../paging.js';
import { etagOf, requireMatch, saveRevision } from '../revision.js';
import { route } from '../route.js';
import { EventTypes, newSubscription, NullableFilter, requireEventTypes } from './subscription-fields.js';
import {
  checkDestination,
  sealHeaders,
  showWebhook,
  urlFault,
  Webhook,
  webhookFields,
  WebhookWithSecret,
} from './webhook-fields.js';

const NewWebhook = z
  .strictObject({
    ...webhookFields,
    eventTypes: EventTypes.optional().meta({ description: 'makes a subscription to these in the same step' }),
    filter: NullableFilter.optional().meta({ description: 'of that subscription' }),
  })
  // Looked at with the other fields, so that a form learns of all that is wrong with it at once.
  .superRefine(({ url, externalSystemId }, context) => {
    const fault = (externalSystemId ?? null) === null ? urlFault(url) : undefined;
    if (fault !== undefined) context.addIssue({ code: 'custom', path: ['url'], message: fault });
  })
  .meta({ id: 'NewWebhook' });
type NewWebhook = z.infer<typeof NewWebhook>;

const WebhookChanges = z.strictObject(webhookFields).partial().meta({ id: 'WebhookChanges' });

const MadeWebhook = WebhookWithSecret.extend({
  subscriptionId: z
    .string()
    .nullable()
    .meta({ description: 'of the subscription that was made in the same step' }),
}).meta({ id: 'MadeWebhook' });

/** Receivers get this long to change over to a new signing secret, unless the call says otherwise. */
const defaultOverlap = '24h';
const RotateSecret = z
  .strictObject({ overlap: Duration.default(defaultOverlap) })
  .meta({ id: 'RotateSecret' });

const sortPaths = { name: 'nameLower', url: 'urlLower' };
const tag = 'Webhooks';

export const webhookRoutes = [
  route({
    key: 'GET /v1/webhooks',
    operationId: 'listWebhooks',
    summary: 'List webhooks',
    tag,
    query: z.strictObject({
      ...pageQuery,
      sort: sortQuery(['name', 'url', 'method', 'format', 'state', 'createdAt', 'updatedAt']),
      search: Search.optional().meta({ description: 'text in the name or the URL' }),
    }),
    answers: { 200: pageOf(Webhook) },
    async handle({ ctx, tenant, query }) {
      const { search, ...page } = query;
      const text = search === undefined ? undefined : { $regex: escapeRegExp(search.toLowerCase()) };
      const filter = {
        ...tenant,
        deletedAt: null,
        ...(text ? { $or: [{ nameLower: text }, { urlLower: text }] } : {}),
      };
      const { records, nextCursor } = await findPage(ctx.models.webhooks, filter, page, { paths: sortPaths });
      return { status: 200, body: { data: records.map((record) => showWebhook(ctx, record)), nextCursor } };
    },
  }),
  route({
    key: 'POST /v1/webhooks',
    operationId: 'createWebhook',
    summary: 'Make a webhook, and with eventTypes its subscription',
    tag,
    body: NewWebhook,
    answers: { 201: MadeWebhook },
    async handle({ ctx, tenant, body }) {
      if (body.filter && !body.eventTypes) {
        throw invalid([{ path: 'eventTypes', message: 'is needed where a filter is given' }]);
      }
      if (body.eventTypes) await requireEventTypes(ctx, tenant, body.eventTypes);
      const signingSecret = newSigningSecret();
      const record = await newWebhook(ctx, tenant, body);
      record.signingSecret = ctx.keyRing.seal(signingSecret, record._id);
      const subscription = body.eventTypes
        ? newSubscription(
            tenant,
            { name: record.name, eventTypes: body.eventTypes, webhookId: record._id, filter: body.filter },
            record.createdAt,
          )
        : null;
      await ctx.connection.withSession(async (session) =>
        session.withTransaction(async () => {
          await ctx.models.webhooks.create([record], { session });
          if (subscription) await ctx.models.subscriptions.create([subscription], { session });
        }),
      );
      return {
        status: 201,
        body: {
          ...showWebhook(ctx, record),
          signingSecret: signingSecret.reveal(),
          subscriptionId: subscription?._id ?? null,
        },
        etag: etagOf(record),
      };
    },
  }),
  route({
    key: 'GET /v1/webhooks/:id',
    operationId: 'getWebhook',
    summary: 'Read a webhook',
    tag,
    params: IdParams,
    answers: { 200: Webhook },
    async handle({ ctx, tenant, params }) {
      const record = await findWebhook(ctx, tenant, params.id);
      return { status: 200, body: showWebhook(ctx, record), etag: etagOf(record) };
    },
  }),
  route({
    key: 'PATCH /v1/webhooks/:id',
    operationId: 'updateWebhook',
    summary: 'Change a webhook; deliveries that wait use the new settings',
    tag,
    params: IdParams,
    body: WebhookChanges,
    answers: { 200: Webhook },
    async handle({ ctx, tenant, params, body, request }) {
      const record = await findWebhook(ctx, tenant, params.id);
      requireMatch(request, record);
      const changes = await changesOf(ctx, tenant, record, body);
      const saved = await saveRevision(ctx.models.webhooks, request, record, changes);
      ctx.handover.clear();
      if (changes.settleAt) settle(ctx, record._id);
      return { status: 200, body: showWebhook(ctx, saved), etag: etagOf(saved) };
    },
  }),
  route({
    key: 'DELETE /v1/webhooks/:id',
    operationId: 'deleteWebhook',
    summary: 'Delete a webhook that no subscription refers to; what waits is cancelled',
    tag,
    params: IdParams,
    answers: { 204: null },
    async handle({ ctx, tenant, params, request }) {
      const record = await findWebhook(ctx, tenant, params.id);
      requireMatch(request, record);
      const users = await ctx.models.subscriptions
        .find({ webhookId: record._id }, { _id: 1 })
        .limit(20)
        .lean();
      if (users.length > 0) {
        throw new Problem(
          'in_use',
          `Subscriptions refer to this webhook: ${users.map(({ _id }) => _id).join(', ')}. Delete them first.`,
        );
      }
      const now = new Date();
      await saveRevision(ctx.models.webhooks, request, record, {
        state: 'off',
        deletedAt: now,
        settleAt: now,
        headers: record.headers.filter(({ secret }) => !secret),
        auth: { type: 'none' },
        previousSigningSecret: null,
      });
      settle(ctx, record._id);
      return { status: 204 };
    },
  }),
  route({
    key: 'POST /v1/webhooks/:id/rotate-secret',
    operationId: 'rotateSecret',
    summary: 'Make a new signing secret; the old one signs too for a while',
    tag,
    params: IdParams,
    body: RotateSecret,
    bodyOptional: true,
    answers: { 200: WebhookWithSecret },
    async handle({ ctx, tenant, params, body, request }) {
      const record = await findWebhook(ctx, tenant, params.id);
      const signingSecret = newSigningSecret();
      const saved = await saveRevision(ctx.models.webhooks, request, record, {
        signingSecret: ctx.keyRing.seal(signingSecret, record._id),
        previousSigningSecret: {
          sealed: record.signingSecret,
          validUntil: new Date(Date.now() + durationMs(body.overlap)),
        },
      });
      return {
        status: 200,
        body: { ...showWebhook(ctx, saved), signingSecret: signingSecret.reveal() },
        etag: etagOf(saved),
      };
    },
  }),
];

/** A webhook of the tenant, or a 404 Problem. */
export async function findWebhook(ctx: Context, tenant: Tenant, id: string): Promise<WebhookRecord> {
  const record = await ctx.models.webhooks.findOne({ _id: id, ...tenant, deletedAt: null }).lean();
  if (!record) throw notFound('webhook', id);
  return record;
}

async function newWebhook(ctx: Context, tenant: Tenant, body: NewWebhook): Promise<WebhookRecord> {
  const id = newId('webhook');
  const now = new Date();
  const auth = body.auth ?? { type: 'none' };
  const externalSystemId = body.externalSystemId ?? null;
  await checkDestination(ctx, tenant, { url: body.url, externalSystemId, hasAuth: auth.type !== 'none' });
  const name = body.name ?? nameFrom(body.url);
  return {
    _id: id,
    ...tenantOf(tenant),
    name,
    url: body.url,
    nameLower: name.toLowerCase(),
    urlLower: body.url.toLowerCase(),
    method: body.method ?? 'POST',
    format: body.format ?? 'json',
    headers: sealHeaders(ctx, id, body.headers ?? []),
    auth: sealAuth(ctx.keyRing, id, auth),
    externalSystemId,
    payloadTemplateJson: toText(body.payloadTemplate),
    timeoutMs: body.timeoutMs ?? 10_000,
    retrySchedule: body.retrySchedule ?? null,
    state: body.state ?? 'active',
    signingSecret: '',
    previousSigningSecret: null,
    settleAt: null,
    revision: 1,
    createdAt: now,
    updatedAt: now,
    deletedAt: null,
  };
}

/** The stored fields that a change sets. Throws a 422 Problem where the webhook would not be valid with it. */
export async function changesOf(
  ctx: Context,
  tenant: Tenant,
  record: WebhookRecord,
  body: z.infer<typeof WebhookChanges>,
): Promise<Partial<WebhookRecord>> {
  const {
    name,
    url,
    headers,
    auth,
    externalSystemId,
    payloadTemplate,
    state,
    method,
    format,
    timeoutMs,
    retrySchedule,
  } = body;
  const nextAuth = auth === undefined ? record.auth : sealAuth(ctx.keyRing, record._id, auth, record.auth);
  await checkDestination(ctx, tenant, {
    url: url ?? record.url,
    externalSystemId: externalSystemId === undefined ? record.externalSystemId : externalSystemId,
    hasAuth: nextAuth.type !== 'none',
  });
  return {
    ...(name === undefined ? {} : { name, nameLower: name.toLowerCase() }),
    ...(url === undefined ? {} : { url, urlLower: url.toLowerCase() }),
    ...(headers === undefined ? {} : { headers: sealHeaders(ctx, record._id, headers, record.headers) }),
    ...(auth === undefined ? {} : { auth: nextAuth }),
    ...(externalSystemId === undefined ? {} : { externalSystemId }),
    ...(payloadTemplate === undefined ? {} : { payloadTemplateJson: toText(payloadTemplate) }),
    ...(method === undefined ? {} : { method }),
    ...(format === undefined ? {} : { format }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(retrySchedule === undefined ? {} : { retrySchedule }),
    ...(state === undefined ? {} : { state }),
    // A pause is seen by each delivery when it is due; the other changes of state are for all that wait, now.
    ...(state === undefined || state === record.state || state === 'paused' ? {} : { settleAt: new Date() }),
  };
}

/** Begins to let what waits act on a change; should Temporal be away, the sweep does it later. */
function settle(ctx: Context, webhookId: string): void {
  ctx.dispatcher.settle(webhookId).catch((error: unknown) => {
    ctx.logger.warn({ err: error, webhookId }, 'change of a webhook not passed on yet; the sweep will');
  });
}

function nameFrom(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url.slice(0, 200);
}

function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
