import { z } from 'zod';
import type { Context } from '../../context.js';
import type { AuditEntryRecord } from '../../models/audit-entry.js';
import type { DeliveryRecord } from '../../models/delivery.js';
import { tenantOf } from '../../models/tenant.js';
import type { WebhookRecord } from '../../models/webhook.js';
import { IdParams } from '../fields.js';
import { route } from '../route.js';
import { AuditEntry, showAuditEntry } from './audit.js';
import { Attempt, Delivery, showAttempt } from './delivery-shapes.js';
import { showOne } from './show-deliveries.js';
import { findWebhook } from './webhook-record.js';

/** More changes nobody reads; the newest are told. */
const mostChanges = 100;

const Side = z.object({ delivery: Delivery, attempt: Attempt }).meta({ id: 'ComparedAttempt' });

const Comparison = z
  .object({
    lastSuccess: Side.nullable().meta({
      description:
        'the last attempt that succeeded before the first failure; without a failure the last of all',
    }),
    firstFailure: Side.nullable().meta({
      description: 'the first failed attempt of the present run of failures, or of the last one',
    }),
    changes: z.array(AuditEntry).meta({
      description:
        'who changed the webhook, its subscriptions or its external system in between, newest first',
    }),
  })
  .meta({ id: 'WebhookComparison' });

export const comparisonRoutes = [
  route({
    key: 'GET /v1/webhooks/:id/comparison',
    operationId: 'compareWebhook',
    summary: 'The last success of a webhook against its first failure, and what was changed in between',
    tag: 'Webhooks',
    params: IdParams,
    answers: { 200: Comparison },
    async handle({ ctx, tenant, params }) {
      const webhook = await findWebhook(ctx, tenant, params.id);
      const failure = await failureOf(ctx, webhook);
      const success = await successOf(ctx, webhook, failure?.endedAt);
      const changes = failure ? await changesOf(ctx, webhook, success, failure) : [];
      return {
        status: 200,
        body: {
          lastSuccess: success && (await showSide(ctx, success)),
          firstFailure: failure && (await showSide(ctx, failure)),
          changes: changes.map(showAuditEntry),
        },
      };
    },
  }),
];

/** An attempt of a delivery, and when it was recorded. */
interface Compared {
  delivery: DeliveryRecord;
  attempt: DeliveryRecord['attempts'][number];
  endedAt: Date;
}

async function failureOf(ctx: Context, { firstFailure }: WebhookRecord): Promise<Compared | null> {
  if (!firstFailure) return null;
  const delivery = await ctx.models.deliveries.findById(firstFailure.deliveryId).lean();
  const attempt = delivery?.attempts.find(({ number }) => number === firstFailure.attempt);
  return delivery && attempt ? { delivery, attempt, endedAt: firstFailure.endedAt } : null;
}

/** The last success, before `before` where that is given: by the index of succeeded deliveries. */
async function successOf(
  ctx: Context,
  { _id, firstFailure }: WebhookRecord,
  before: Date | undefined = firstFailure?.endedAt,
): Promise<Compared | null> {
  const delivery = await ctx.models.deliveries
    .findOne({ webhookId: _id, status: 'succeeded', ...(before ? { endedAt: { $lte: before } } : {}) })
    .sort({ endedAt: -1 })
    .lean();
  const attempt = delivery?.attempts.at(-1);
  return delivery && attempt && delivery.endedAt ? { delivery, attempt, endedAt: delivery.endedAt } : null;
}

/** From the request that succeeded on, so that a change is not missed that was made while it was under way. */
async function changesOf(
  ctx: Context,
  webhook: WebhookRecord,
  success: Compared | null,
  failure: Compared,
): Promise<AuditEntryRecord[]> {
  const { _id, externalSystemId } = webhook;
  const between = { ...(success ? { $gte: success.attempt.startedAt } : {}), $lte: failure.endedAt };
  const entries = await ctx.models.auditEntries
    .find({
      ...tenantOf(webhook),
      concerns: { $in: externalSystemId === null ? [_id] : [_id, externalSystemId] },
      resource: { $in: ['webhook', 'subscription', 'external_system'] },
      createdAt: between,
    })
    .sort({ createdAt: -1, _id: -1 })
    .limit(mostChanges)
    .lean();
  return entries;
}

async function showSide(ctx: Context, { delivery, attempt }: Compared): Promise<z.infer<typeof Side>> {
  return {
    delivery: await showOne(ctx, delivery),
    attempt: showAttempt(attempt, delivery.body?.text ?? null),
  };
}
