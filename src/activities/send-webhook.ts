import { activityInfo, ApplicationFailure } from '@temporalio/activity';
import type { Context } from '../context.js';
import { growingMs, isOpen } from '../circuit/circuit.js';
import { attemptDelivery, type Outcome } from '../delivery/attempt.js';
import { lookAtDelivery } from '../delivery/look.js';
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
          // A circuit that closed before this delivery was seen to wait for it has not woken it.
          if (waitsToBeWoken(outcome) && !(await isOpen(ctx, input.webhookId)))
            throw retryIn(0, failureTypes.held, 'Held back, and woken');
          throw retryIn(outcome.delayMs, failureTypes.held, `Held back: ${outcome.heldBy}`);
        case 'superseded':
          throw ApplicationFailure.retryable('Another run has made this attempt', failureTypes.notDue);
      }
    });
}

/** Whether it waits for a circuit to close, and not only for its turn after that. */
function waitsToBeWoken({ heldBy, delayMs }: Extract<Outcome, { kind: 'later' }>): boolean {
  return heldBy === 'circuit' && delayMs > growingMs;
}
