import { durationMs } from '../config/duration.js';
import type { Context } from '../context.js';
import type { AttemptRecord } from '../models/attempt.js';
import type { DeliveryRecord } from '../models/delivery.js';
import type { WebhookRecord } from '../models/webhook.js';
import { noteCircuit } from '../circuit/note-circuit.js';
import { isOperational } from '../operational-events/types.js';
import { changeHealth } from './change-health.js';
import { pauseWebhook } from './pause.js';
import { tellFailing } from './tell-failing.js';

/** What an attempt knows of its webhook is this old at most; past it, other attempts may have changed it meanwhile. */
const freshMs = 250;

/** The answer with which a receiver says that it is gone for good (RFC 9110, 15.5.11). */
const gone = 410;

/** An attempt that was recorded, and the webhook as the attempt knew it. */
export interface Outcome {
  webhook: WebhookRecord;
  delivery: DeliveryRecord;
  attempt: AttemptRecord;
  /** When it began. */
  now: Date;
  endedAt: Date;
  failed: boolean;
}

/**
 * Keeps on its webhook since when attempts have failed without a success in between, tells of it after a while, and pauses
 * the webhook in the end; opens and closes the circuit of its endpoint. One write where something changes, and nothing for an attempt that ends like those before it.
 * Never fails: the next attempt makes good what is missed.
 */
export async function noteOutcome(ctx: Context, outcome: Outcome): Promise<void> {
  try {
    const isChanged = await noteFailingSince(ctx, outcome);
    await noteCircuit(ctx, outcome, { hasRecovered: isChanged && !outcome.failed });
    if (outcome.failed) await actOnFailure(ctx, outcome);
  } catch (error) {
    ctx.logger.warn({ err: error, webhookId: outcome.webhook._id }, 'health of an endpoint not noted');
  }
}

/** Whether it began to fail, or to succeed, with this attempt. */
async function noteFailingSince(ctx: Context, outcome: Outcome): Promise<boolean> {
  const { webhook, delivery, attempt, now, endedAt, failed } = outcome;
  const isFresh = endedAt.getTime() - now.getTime() < freshMs;
  const wasFailing = isFresh
    ? (webhook.failingSince ?? null) !== null
    : await ctx.failingLookups.add(webhook._id);
  if (wasFailing === failed) return false;
  if (!failed)
    return changeHealth(ctx, webhook, {
      known: { failingSince: { $ne: null } },
      fields: { failingSince: null },
    });
  const firstFailure = { deliveryId: delivery._id, attempt: attempt.number, endedAt };
  const fields = { failingSince: attempt.startedAt, firstFailure };
  return changeHealth(ctx, webhook, { known: { failingSince: null }, fields });
}

async function actOnFailure(ctx: Context, outcome: Outcome): Promise<void> {
  const { webhook, delivery, attempt, endedAt } = outcome;
  const { failingAfterMs, pauseAfter } = ctx.config.endpointHealth;
  const failingSince = webhook.failingSince ?? attempt.startedAt;
  const failures = { webhook, failingSince, delivery, attempt, at: endedAt };
  // No delivery of an operational event makes another one.
  const isTold = !isOperational(delivery.eventType);
  if (webhook.pauseOnGone === true && attempt.response?.status === gone) {
    await pauseWebhook(ctx, failures, 'gone', isTold);
    return;
  }
  if (!webhook.failingSince) return;
  const failedForMs = endedAt.getTime() - failingSince.getTime();
  const pauseAfterMs = durationMs(webhook.pauseAfter ?? pauseAfter);
  if (pauseAfterMs > 0 && failedForMs >= pauseAfterMs) {
    await pauseWebhook(ctx, failures, 'failing', isTold);
  } else if (isTold && failedForMs >= failingAfterMs) {
    await tellFailing(ctx, failures);
  }
}
