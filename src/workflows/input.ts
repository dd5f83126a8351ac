/** What a delivery's workflow starts with: ids, and nothing of what is sent. */
export interface DeliverWebhookInput {
  deliveryId: string;
  eventId: string;
  webhookId: string;
  /** Whether an access token is fetched before the first attempt. */
  needsToken: boolean;
}

/** How a delivery's workflow ends when it neither fails nor is cancelled. */
export interface DeliveryResult {
  status: 'succeeded' | 'cancelled';
  attempts: number;
}

/** Failure types of a delivery that failed for good, and of runs that are tried again. */
export const failureTypes = {
  rejected: 'rejected',
  exhausted: 'exhausted',
  attemptFailed: 'attempt_failed',
  notDue: 'not_due',
  held: 'held',
  missing: 'missing',
} as const;

export const taskQueue = 'postrider';

/** Asks a delivery that waits to look again at once: it was resumed, or is to be sent now. */
export const wakeSignal = 'wake';

/** Asks for another pass over a webhook's deliveries: it was changed again. */
export const settleAgainSignal = 'settleAgain';
