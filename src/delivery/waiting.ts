import type { Context } from '../context.js';
import type { DeliveryRecord } from '../models/delivery.js';
import { growingMs, isOpen } from '../circuit/circuit.js';
import { describeAttempt, type Outcome } from './attempt.js';
import { hold } from './record.js';

/** A hold ends by a signal; should that get lost, and the sweep's too, the delivery looks again after this. */
export const holdMs = 24 * 3_600_000;

/** What operators see of a delivery that is held. */
export const heldMessage = 'Held: the webhook is paused';

/** Holds a delivery whose webhook is paused. False where it was resumed: a resume that came before the write has not seen that it is held. */
export async function holdWhilePaused(
  ctx: Context,
  { _id, webhookId }: Pick<DeliveryRecord, '_id' | 'webhookId'>,
): Promise<boolean> {
  await hold(ctx, _id);
  return (await ctx.models.webhooks.findById(webhookId, { state: 1 }).lean())?.state === 'paused';
}

/** What operators see of a delivery that waits for its next attempt: its last one. */
export async function describeLastAttempt(ctx: Context, deliveryId: string): Promise<string> {
  const delivery = await ctx.models.deliveries.findById(deliveryId, { attempts: { $slice: -1 } }).lean();
  const last = delivery?.attempts[0];
  return last ? describeAttempt(last) : 'not due yet';
}

/** Whether a delivery is to ask again at once: its circuit closed before the delivery was seen to wait for it, and so has not woken it. */
export async function wasNotWoken(
  ctx: Context,
  webhookId: string,
  { heldBy, delayMs }: Extract<Outcome, { kind: 'later' }>,
): Promise<boolean> {
  // Once the circuit lets some go, the others wait for their turns only.
  const waitsToBeWoken = heldBy === 'circuit' && delayMs > growingMs;
  return waitsToBeWoken && !(await isOpen(ctx, webhookId));
}
