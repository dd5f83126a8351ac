import type { Context } from '../context.js';
import type { AttemptRecord } from '../models/attempt.js';
import type { DeliveryRecord } from '../models/delivery.js';
import { native } from '../models/native.js';
import type { WebhookRecord } from '../models/webhook.js';

/** What an attempt knows of its webhook is this old at most; past it, other attempts may have changed it meanwhile. */
const freshMs = 250;

/**
 * Keeps on its webhook since when attempts have failed without a success in between: one write when that changes, and
 * none for an attempt that ends like those before it. Never fails: the next attempt makes good what is missed.
 */
export async function noteFailing(
  ctx: Context,
  { webhook, delivery, now }: { webhook: WebhookRecord; delivery: DeliveryRecord; now: Date },
  attempt: AttemptRecord,
  outcome: { failed: boolean; endedAt: Date },
): Promise<void> {
  const { failed, endedAt } = outcome;
  const wasFailing = (webhook.failingSince ?? null) !== null;
  if (wasFailing === failed && endedAt.getTime() - now.getTime() < freshMs) return;
  const webhooks = native(ctx.models.webhooks);
  const { _id } = webhook;
  try {
    let modified: number;
    if (failed) {
      const firstFailure = { deliveryId: delivery._id, attempt: attempt.number, endedAt };
      const begun = { failingSince: attempt.startedAt, firstFailure };
      ({ modifiedCount: modified } = await webhooks.updateOne({ _id, failingSince: null }, { $set: begun }));
    } else {
      ({ modifiedCount: modified } = await webhooks.updateOne(
        { _id, failingSince: { $ne: null } },
        { $set: { failingSince: null } },
      ));
    }
    if (modified === 0) return;
    // Attempts that are made with what is remembered of the webhook have to know.
    await ctx.configurationVersions.ensure(webhook);
    await ctx.configurationVersions.advance(webhook);
  } catch (error) {
    ctx.logger.warn({ err: error, webhookId: _id }, 'not noted since when a webhook fails');
  }
}
