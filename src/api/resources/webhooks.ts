import { z } from 'zod';
import type { Context } from '../../context.js';
import { invalid, Problem } from '../../errors/problem.js';
import { newSigningSecret } from '../../request/signature.js';
import { Duration, durationMs } from '../../config/duration.js';
import { holding, IdParams, Search } from '../fields.js';
import { findPage, pageOf, pageQuery, sortQuery } from '../paging.js';
import { etagOf, requireMatch, saveRevision } from '../revision.js';
import { route } from '../route.js';
import { newSubscription, requireEventTypes } from './subscription-fields.js';
import { showWebhook, Webhook, WebhookWithSecret } from './webhook-fields.js';
import { changesOf, findWebhook, newWebhook, NewWebhook, WebhookChanges } from './webhook-record.js';

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
      const text = search === undefined ? undefined : holding(search.toLowerCase());
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
    audit: { resource: 'webhook', action: 'created' },
    body: NewWebhook,
    answers: { 201: MadeWebhook },
    async handle({ ctx, tenant, body, trail }) {
      if (body.filter && !body.eventTypes) {
        throw invalid([{ path: 'eventTypes', message: 'is needed where a filter is given' }]);
      }
      if (body.eventTypes) await requireEventTypes(ctx, tenant, body.eventTypes);
      const signingSecret = newSigningSecret();
      const record = await newWebhook(ctx, tenant, body, signingSecret);
      const subscription = body.eventTypes
        ? newSubscription(
            tenant,
            { name: record.name, eventTypes: body.eventTypes, webhookId: record._id, filter: body.filter },
            record.createdAt,
          )
        : null;
      await trail.change(
        async (session) => {
          await ctx.models.webhooks.create([record], { session });
          if (subscription) await ctx.models.subscriptions.create([subscription], { session });
        },
        () => [
          { before: null, after: record },
          ...(subscription ? [{ resource: 'subscription', before: null, after: subscription } as const] : []),
        ],
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
    audit: { resource: 'webhook', action: 'updated' },
    params: IdParams,
    body: WebhookChanges,
    answers: { 200: Webhook },
    async handle({ ctx, tenant, params, body, request, trail }) {
      const record = await findWebhook(ctx, tenant, params.id);
      requireMatch(request, record);
      const changes = await changesOf(ctx, tenant, record, body);
      const saved = await saveRevision(ctx.models.webhooks, { request, trail }, record, changes);
      if (changes.settleAt) settle(ctx, record._id);
      return { status: 200, body: showWebhook(ctx, saved), etag: etagOf(saved) };
    },
  }),
  route({
    key: 'DELETE /v1/webhooks/:id',
    operationId: 'deleteWebhook',
    summary: 'Delete a webhook that no subscription refers to; what waits is cancelled',
    tag,
    audit: { resource: 'webhook', action: 'deleted' },
    params: IdParams,
    answers: { 204: null },
    async handle({ ctx, tenant, params, request, trail }) {
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
      await saveRevision(ctx.models.webhooks, { request, trail }, record, {
        state: 'off',
        deletedAt: now,
        settleAt: now,
        headers: record.headers.filter(({ secret }) => !secret),
        auth: { type: 'none' },
        clientCertificate: null,
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
    audit: { resource: 'webhook', action: 'rotated' },
    params: IdParams,
    body: RotateSecret,
    bodyOptional: true,
    answers: { 200: WebhookWithSecret },
    async handle({ ctx, tenant, params, body, request, trail }) {
      const record = await findWebhook(ctx, tenant, params.id);
      const signingSecret = newSigningSecret();
      const saved = await saveRevision(ctx.models.webhooks, { request, trail }, record, {
        signingSecret: ctx.keyRing.seal(signingSecret, record._id),
        previousSigningSecret: {
          sealed: record.signingSecret,
          validUntil: new Date((await ctx.clock.now()).getTime() + durationMs(body.overlap)),
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

/** Begins to let what waits act on a change; should Temporal be away, the sweep does it later. */
function settle(ctx: Context, webhookId: string): void {
  ctx.dispatcher.settle(webhookId).catch((error: unknown) => {
    ctx.logger.warn({ err: error, webhookId }, 'change of a webhook not passed on yet; the sweep will');
  });
}
