import { Trail } from '../audit/trail.js';
import type { Context } from '../context.js';
import { tenantOf } from '../models/tenant.js';
import type { WebhookRecord } from '../models/webhook.js';
import { announce, isSubscribed } from '../operational-events/announce.js';
import { webhookPaused, type Failures } from '../operational-events/data.js';

/**
 * Pauses a webhook whose endpoint is not well: its deliveries are held from now on. The pause, its entry in the audit log
 * and, with `isTold`, its operational event are written together, once: by one of however many attempts and workers. A
 * webhook that was changed since the attempt knew it stays as it is; the next attempt tells whether the change has helped.
 */
export async function pauseWebhook(
  ctx: Context,
  failures: Failures,
  reason: 'failing' | 'gone',
  isTold: boolean,
): Promise<void> {
  const { webhook, at } = failures;
  const { _id } = webhook;
  if (ctx.pausing.has(_id)) return;
  ctx.pausing.add(_id);
  try {
    const asKnown = {
      _id,
      state: 'active',
      revision: webhook.revision,
      ...(reason === 'failing' ? { failingSince: failures.failingSince } : {}),
    } as const;
    // Attempts that end after the pause see it here, and begin no transaction.
    if (!(await ctx.models.webhooks.exists(asKnown))) return;
    const event =
      isTold && (await isSubscribed(ctx, webhook, 'webhook.paused')) ? [webhookPaused(failures, reason)] : [];
    const actor = { key: null, isSystem: true, tenant: tenantOf(webhook) } as const;
    const paused = await new Trail(ctx, actor, { resource: 'webhook', action: 'paused' }).change(
      async (session) => {
        const before = await ctx.models.webhooks
          .findOneAndUpdate(
            asKnown,
            {
              $set: { state: 'paused', pausedAt: at, pausedReason: reason, updatedAt: at },
              $inc: { revision: 1 },
            },
            { returnDocument: 'before', session },
          )
          .lean();
        if (before) await announce(ctx, event, session);
        return before;
      },
      (before) => (before ? [{ before, after: pausedFrom(before, at, reason) }] : []),
    );
    if (paused) ctx.logger.warn({ webhookId: _id, reason }, 'webhook paused: its endpoint is not well');
  } finally {
    ctx.pausing.delete(_id);
  }
}

function pausedFrom(before: WebhookRecord, at: Date, pausedReason: 'failing' | 'gone'): WebhookRecord {
  return { ...before, state: 'paused', pausedAt: at, pausedReason };
}
