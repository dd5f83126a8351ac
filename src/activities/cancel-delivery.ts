import type { Context } from '../context.js';
import { endCancelled } from '../delivery/record.js';
import type { DeliverWebhookInput, DeliveryResult } from '../workflows/input.js';
import { resultOf } from './follow-up.js';

/** Ends a delivery as cancelled unless it is over, and tells how it ended. */
export function cancelDelivery(ctx: Context): (input: DeliverWebhookInput) => Promise<DeliveryResult> {
  return async ({ deliveryId }) => {
    await endCancelled(ctx, deliveryId);
    return resultOf(ctx, deliveryId);
  };
}
