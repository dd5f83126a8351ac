import { ApplicationFailure } from '@temporalio/activity';
import type { Context } from '../context.js';
import { describeAttempt } from '../delivery/attempt.js';
import type { Look } from '../delivery/look.js';
import { describeLastAttempt, heldMessage, holdMs, holdWhilePaused } from '../delivery/waiting.js';
import type { FailureReason } from '../models/delivery.js';
import { workflowIdOf } from '../models/ids.js';
import { failureTypes, type DeliveryResult } from '../workflows/input.js';

/** Temporal takes a delay of 0 for the end of the retries. */
const shortestDelayMs = 1;

/** A failure that Temporal tries again after `delayMs`; its message is what operators see meanwhile. */
export function retryIn(delayMs: number, type: string, message: string): ApplicationFailure {
  return ApplicationFailure.create({ type, message, nextRetryDelay: Math.max(delayMs, shortestDelayMs) });
}

/** How an activity ends for a delivery that has no attempt to make now. */
export async function followUp(ctx: Context, look: Exclude<Look, { kind: 'due' }>): Promise<DeliveryResult> {
  switch (look.kind) {
    case 'missing':
      throw ApplicationFailure.nonRetryable(
        'The delivery or its event is not in the database',
        failureTypes.missing,
      );
    case 'over': {
      const result = await resultOf(ctx, look.delivery._id);
      // It was cancelled before its workflow ran.
      if (result.status === 'cancelled') await ctx.dispatcher.cancel(workflowIdOf(look.delivery._id));
      return result;
    }
    case 'cancel':
      // Its end is written by the workflow's own cancellation, so that both tell the same.
      await ctx.dispatcher.cancel(workflowIdOf(look.delivery._id));
      return { status: 'cancelled', attempts: look.delivery.attemptCount };
    case 'hold':
      if (await holdWhilePaused(ctx, look.delivery)) throw retryIn(holdMs, failureTypes.held, heldMessage);
      throw retryIn(shortestDelayMs, failureTypes.held, 'Held, and resumed');
    case 'wait': {
      const last = await describeLastAttempt(ctx, look.delivery._id);
      throw retryIn(look.delayMs, failureTypes.notDue, last);
    }
  }
}

/** How a delivery that is over ended: a result, or the failure that makes its workflow a failed one. */
export async function resultOf(ctx: Context, deliveryId: string): Promise<DeliveryResult> {
  const delivery = await ctx.models.deliveries
    .findById(deliveryId, { status: 1, failureReason: 1, attemptCount: 1, attempts: { $slice: -1 } })
    .lean();
  if (!delivery)
    throw ApplicationFailure.nonRetryable('The delivery is not in the database', failureTypes.missing);
  if (delivery.status === 'succeeded' || delivery.status === 'cancelled') {
    return { status: delivery.status, attempts: delivery.attemptCount };
  }
  const [last] = delivery.attempts;
  const reason = delivery.failureReason ?? failureTypes.exhausted;
  throw failedForGood(reason, last ? describeAttempt(last) : 'no attempt');
}

/** The failure that makes a delivery's workflow a failed one. */
export function failedForGood(reason: FailureReason, message: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(`${reason}, ${message}`, reason);
}
