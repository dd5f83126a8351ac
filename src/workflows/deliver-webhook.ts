import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  CancelledFailure,
  defineSignal,
  proxyActivities,
  proxyLocalActivities,
  setHandler,
} from '@temporalio/workflow';
import type { Activities } from './activities.js';
import { comesBack, onceInTask, working } from './activity-options.js';
import { failureTypes, wakeSignal, type DeliverWebhookInput, type DeliveryResult } from './input.js';

/** Temporal's retries carry the schedule: a failed attempt throws with the delay to the next one. */
const { sendWebhook, fetchAccessToken, cancelDelivery } = proxyActivities<Activities>({
  ...working,
  startToCloseTimeout: '5 minutes',
  retry: {
    ...comesBack,
    nonRetryableErrorTypes: [failureTypes.rejected, failureTypes.exhausted, failureTypes.missing],
  },
});

const local = proxyLocalActivities<Pick<Activities, 'sendWebhook'>>(onceInTask);

/** Delivers one event to one webhook: attempt after attempt, until it is over. */
export async function deliverWebhook(input: DeliverWebhookInput): Promise<DeliveryResult> {
  const whole = CancellationScope.current();
  let attempts = new CancellationScope();
  setHandler(defineSignal(wakeSignal), () => attempts.cancel());

  try {
    if (input.needsToken) await fetchAccessToken(input);
    for (let send = input.firstAttemptLocal ? local.sendWebhook : sendWebhook; ; send = sendWebhook) {
      attempts = new CancellationScope();
      try {
        const result = await attempts.run(async () => send(input));
        // The activity that found the delivery cancelled has asked for this workflow's cancellation too.
        if (result.status === 'cancelled') await whole.cancelRequested;
        return result;
      } catch (error) {
        const goesOn = (attempts.consideredCancelled || send !== sendWebhook) && !whole.consideredCancelled;
        if (!goesOn || isFinal(error)) throw error;
      }
    }
  } catch (error) {
    if (!whole.consideredCancelled || isFinal(error)) throw error;
    const result = await CancellationScope.nonCancellable(async () => cancelDelivery(input));
    if (result.status === 'cancelled') throw new CancelledFailure('The delivery was cancelled');
    return result;
  }
}

function isFinal(error: unknown): boolean {
  return (
    error instanceof ActivityFailure &&
    error.cause instanceof ApplicationFailure &&
    error.cause.nonRetryable === true
  );
}
