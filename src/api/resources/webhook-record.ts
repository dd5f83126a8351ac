import { z } from 'zod';
import type { Secret } from '../../config/secret.js';
import type { Context } from '../../context.js';
import { notFound } from '../../errors/problem.js';
import { newId } from '../../models/ids.js';
import { tlsOf } from '../../models/receiver-tls.js';
import { tenantOf, type Tenant } from '../../models/tenant.js';
import type { Circuit, WebhookRecord, WebhookState } from '../../models/webhook.js';
import { sealAuth } from '../auth.js';
import { sealTls } from '../tls-fields.js';
import { toText } from '../fields.js';
import { EventTypes, NullableFilter } from './subscription-fields.js';
import { checkDestination, sealHeaders, urlFault, webhookFields } from './webhook-fields.js';
import { parseUrl } from '../../http/parse-url.js';

/** A webhook as clients make it. */
export const NewWebhook = z
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
export type NewWebhook = z.infer<typeof NewWebhook>;

/** What clients can change of one. */
export const WebhookChanges = z.strictObject(webhookFields).partial().meta({ id: 'WebhookChanges' });

/** A webhook of the tenant, or a 404 Problem. */
export async function findWebhook(ctx: Context, tenant: Tenant, id: string): Promise<WebhookRecord> {
  const record = await ctx.models.webhooks.findOne({ _id: id, ...tenant, deletedAt: null }).lean();
  if (!record) throw notFound('webhook', id);
  return record;
}

/** A webhook as it is first stored. Throws a 422 Problem where its destination is not valid. */
export async function newWebhook(
  ctx: Context,
  tenant: Tenant,
  body: NewWebhook,
  signingSecret: Secret,
): Promise<WebhookRecord> {
  const id = newId('webhook');
  const now = new Date();
  const auth = body.auth ?? { type: 'none' };
  const externalSystemId = body.externalSystemId ?? null;
  const tls = sealTls(ctx.keyRing, id, body);
  await checkDestination(ctx, tenant, {
    url: body.url,
    externalSystemId,
    hasAuth: auth.type !== 'none',
    tls,
  });
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
    ...tls,
    externalSystemId,
    payloadTemplateJson: toText(body.payloadTemplate),
    timeoutMs: body.timeoutMs ?? 10_000,
    retrySchedule: body.retrySchedule ?? null,
    rateLimit: body.rateLimit ?? null,
    maxConcurrency: body.maxConcurrency ?? null,
    state: body.state ?? 'active',
    ordered: body.ordered ?? null,
    signingSecret: ctx.keyRing.seal(signingSecret, id),
    ...(body.state === 'paused' ? { pausedAt: now, pausedReason: 'requested' } : {}),
    pauseAfter: body.pauseAfter ?? null,
    pauseOnGone: body.pauseOnGone ?? false,
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
    ordered,
    rateLimit,
    maxConcurrency,
    pauseAfter,
    pauseOnGone,
  } = body;
  const nextAuth = auth === undefined ? record.auth : sealAuth(ctx.keyRing, record._id, auth, record.auth);
  const tls = sealTls(ctx.keyRing, record._id, body, record);
  await checkDestination(ctx, tenant, {
    url: url ?? record.url,
    externalSystemId: externalSystemId === undefined ? record.externalSystemId : externalSystemId,
    hasAuth: nextAuth.type !== 'none',
    tls: { ...tlsOf(record), ...tls },
  });
  return {
    ...(name === undefined ? {} : { name, nameLower: name.toLowerCase() }),
    ...(url === undefined ? {} : { url, urlLower: url.toLowerCase() }),
    ...(headers === undefined ? {} : { headers: sealHeaders(ctx, record._id, headers, record.headers) }),
    ...(auth === undefined ? {} : { auth: nextAuth }),
    ...tls,
    ...(externalSystemId === undefined ? {} : { externalSystemId }),
    ...(payloadTemplate === undefined ? {} : { payloadTemplateJson: toText(payloadTemplate) }),
    ...(method === undefined ? {} : { method }),
    ...(format === undefined ? {} : { format }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(retrySchedule === undefined ? {} : { retrySchedule }),
    ...(ordered === undefined ? {} : { ordered }),
    ...(rateLimit === undefined ? {} : { rateLimit }),
    ...(maxConcurrency === undefined ? {} : { maxConcurrency }),
    // What waits for the limit lines up anew.
    ...(rateLimit === undefined || rateLimit === (record.rateLimit ?? null) ? {} : { settleAt: new Date() }),
    ...(pauseAfter === undefined ? {} : { pauseAfter }),
    ...(pauseOnGone === undefined ? {} : { pauseOnGone }),
    ...(state === undefined ? {} : changeOfState(record, state)),
    ...(await triedAgain(ctx, record, state ?? record.state)),
  };
}

/** Whoever changes a webhook whose endpoint is down may have mended it: what waits is tried at once, at a growing rate. */
async function triedAgain(
  ctx: Context,
  { circuit }: WebhookRecord,
  state: WebhookState,
): Promise<Partial<WebhookRecord>> {
  if (circuit?.state !== 'open' || state !== 'active') return {};
  const recovering: Circuit = { ...circuit, state: 'half_open', since: await ctx.clock.now() };
  return { circuit: recovering, settleAt: new Date() };
}

function changeOfState(record: WebhookRecord, state: WebhookState): Partial<WebhookRecord> {
  const isChange = state !== record.state;
  const now = new Date();
  // A pause is seen by each delivery when it is due; the other changes of state are for all that wait, now.
  if (state === 'paused') return { state, ...(isChange ? { pausedAt: now, pausedReason: 'requested' } : {}) };
  return {
    state,
    pausedAt: null,
    pausedReason: null,
    // Even where it was active: Postrider itself may have paused it since it was read.
    settleAt: now,
    // Whoever switches it on has mended it: its failures count from the next one.
    ...(isChange && state === 'active' ? { failingSince: null } : {}),
  };
}

function nameFrom(url: string): string {
  return parseUrl(url)?.host ?? url.slice(0, 200);
}
