import type { Context } from '../context.js';
import { authorizeDelivery } from '../delivery/attempt.js';
import { lookAtDelivery } from '../delivery/look.js';
import type { DeliverWebhookInput } from '../workflows/input.js';
import { withHeartbeat } from './heartbeat.js';

/**
 * Fetches the access token of a delivery's webhook. A failed fetch is recorded as a failed attempt; whatever
 * else there is to say about the delivery, `sendWebhook` says next.
 */
export function fetchAccessToken(ctx: Context): (input: DeliverWebhookInput) => Promise<void> {
  return async (input) =>
    withHeartbeat(async () => {
      const look = await lookAtDelivery(ctx, input);
      if (look.kind === 'due') await authorizeDelivery(ctx, look.due);
    });
}
