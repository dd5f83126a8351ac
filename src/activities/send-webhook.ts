import { activityInfo, ApplicationFailure } from '@temporalio/activity';
import type { Context } from '../context.js';
import { attemptDelivery } from '../delivery/attempt.js';
import { lookAtDelivery } from '../delivery/look.js';
import { wasNotWoken } from '../delivery/waiting.js';
import { failureTypes, type DeliverWebhookInput, type DeliveryResult } from '../workflows/input.js';
import { failedForGood, followUp, retryIn } from './follow-up.js';
import { withHeartbeat } from './heartbeat.js';

/** Makes a delivery's next attempt, if it is due. Throws with the delay to the one after it. */
export function sendWebhook(ctx: Context): (input: DeliverWebhookInput) => Promise<DeliveryResult> {
  return async (input) =>
    withHeartbeat(async () => {
      const look = await lookAtDelivery(ctx, input);
      if (look.kind !== 'due') return followUp(ctx, look);
      const outcome = await attemptDelivery(ctx, look.due, activityInfo().isLocal ? 'local' : 'activity');
      switch (outcome.kind) {
        case 'succeeded':
          return { status: 'succeeded', attempts: outcome.attempts };
        case 'failed':
          throw failedForGood(outcome.reason, outcome.message);
        case 'cancel':
          return followUp(ctx, { kind: 'cancel', delivery: look.due.delivery });
        case 'retry':
          throw retryIn(outcome.delayMs, failureTypes.attemptFailed, outcome.message);
        case 'later':
          if (await wasNotWoken(ctx, input.webhookId, outcome))
            throw retryIn(0, failureTypes.held, 'Held back, and woken');
          throw retryIn(outcome.delayMs, failureTypes.held, `Held back: ${outcome.heldBy}`);
        case 'superseded':
          throw ApplicationFailure.retryable('Another run has made this attempt', failureTypes.notDue);
      }
    });
}
