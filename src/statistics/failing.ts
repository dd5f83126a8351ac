import type { Context } from '../context.js';
import type { AttemptRecord } from '../models/attempt.js';
import type { DeliveryRecord } from '../models/delivery.js';
import { tenantOf, type Tenant } from '../models/tenant.js';
import type { WebhookRecord } from '../models/webhook.js';
import { mostCounted } from './backlog.js';

/** More webhooks that fail are not told. */
export const mostFailing = 50;
/** A webhook's newest deliveries among which its newest failure is looked for. */
const lookedAt = 20;

type Failure = Pick<AttemptRecord, 'number' | 'startedAt' | 'durationMs' | 'errorCode' | 'errorMessage'> & {
  status?: number;
};

/** A webhook that fails now. */
export interface FailingWebhook {
  webhook: Pick<WebhookRecord, '_id' | 'name' | 'url'>;
  since: Date;
  lastFailure: Failure | null;
  /** Its deliveries that are not over. */
  open: { count: number; countComplete: boolean };
}

/** The webhooks of an environment that fail now, those that have for longest first. */
export async function failingWebhooks(ctx: Context, tenant: Tenant): Promise<FailingWebhook[]> {
  const failing = {
    ...tenantOf(tenant),
    deletedAt: null,
    failingSince: { $gt: new Date(0) },
    // What is off sends nothing, and once it is active again its health begins anew.
    state: { $ne: 'off' as const },
  };
  const webhooks = await ctx.models.webhooks
    .find(failing, { name: 1, url: 1, failingSince: 1 })
    .sort({ failingSince: 1, _id: 1 })
    .limit(mostFailing)
    .lean<(FailingWebhook['webhook'] & { failingSince: Date })[]>();
  return Promise.all(
    webhooks.map(async (webhook) => ({
      webhook,
      since: webhook.failingSince,
      lastFailure: await lastFailureOf(ctx, tenant, webhook._id),
      open: await countOpen(ctx, webhook._id),
    })),
  );
}

async function lastFailureOf(ctx: Context, tenant: Tenant, webhookId: string): Promise<Failure | null> {
  const newest = await ctx.models.deliveries
    .find(
      { ...tenantOf(tenant), webhookId },
      {
        'attempts.number': 1,
        'attempts.startedAt': 1,
        'attempts.durationMs': 1,
        'attempts.errorCode': 1,
        'attempts.errorMessage': 1,
        'attempts.response.status': 1,
      },
    )
    .sort({ createdAt: -1, _id: -1 })
    .limit(lookedAt)
    .lean<Pick<DeliveryRecord, 'attempts'>[]>();
  const failures = newest.flatMap(({ attempts }) => attempts.filter(({ errorCode }) => errorCode !== null));
  const last = failures.toSorted((a, b) => a.startedAt.getTime() - b.startedAt.getTime()).at(-1);
  if (!last) return null;
  const { number, startedAt, durationMs, errorCode, errorMessage, response } = last;
  return {
    number,
    startedAt,
    durationMs,
    errorCode,
    errorMessage,
    ...(response ? { status: response.status } : {}),
  };
}

async function countOpen(ctx: Context, webhookId: string): Promise<FailingWebhook['open']> {
  const count = await ctx.models.deliveries.countDocuments({ webhookId, open: true }).limit(mostCounted + 1);
  return { count: Math.min(count, mostCounted), countComplete: count <= mostCounted };
}
