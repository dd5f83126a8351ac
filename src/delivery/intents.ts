import type { ClientSession, QueryFilter } from 'mongoose';
import type { Commit } from '../audit/commit.js';
import type { Context } from '../context.js';
import { Problem } from '../errors/problem.js';
import { predecessorOf } from '../lanes/predecessor.js';
import type { DeliveryRecord, Intent } from '../models/delivery.js';
import { endCancelled } from './record.js';

/**
 * Asks for the end of a delivery that is not over. What is asked is written first, so that it holds even while
 * Temporal is away. Throws a 409 Problem when it is over.
 */
export async function requestCancel(
  ctx: Context,
  delivery: DeliveryRecord,
  commit: Commit<DeliveryRecord>,
): Promise<DeliveryRecord> {
  ctx.handover.clear();
  const asked = await commit(async (session) => ask(ctx, delivery, 'cancel', session));
  await reach(ctx, delivery, async () => {
    const running = await ctx.dispatcher.cancel(asked.workflowId);
    if (!running) await endCancelled(ctx, delivery._id);
  });
  return asked;
}

/**
 * Asks for the next attempt now; it uses the next entry of the schedule. Throws a 409 Problem when it is over, and where it
 * waits for another of its lane.
 */
export async function requestSendNow(
  ctx: Context,
  delivery: DeliveryRecord,
  commit: Commit<DeliveryRecord>,
): Promise<DeliveryRecord> {
  ctx.handover.clear();
  const before = await predecessorOf(ctx, delivery);
  if (before !== null) {
    throw new Problem('not_its_turn', `The delivery ${before} is before it in its lane, and not over.`);
  }
  const asked = await commit(async (session) => ask(ctx, delivery, 'send-now', session));
  await reach(ctx, delivery, async () => ctx.dispatcher.wake(asked.workflowId));
  return asked;
}

async function ask(
  ctx: Context,
  delivery: DeliveryRecord,
  action: Intent['action'],
  session: ClientSession,
): Promise<DeliveryRecord> {
  const intent: Intent = { action, afterAttempt: delivery.attemptCount, at: new Date() };
  // A cancel outranks a send-now, and is never taken back by one.
  const open = { _id: delivery._id, open: true } as const;
  const replaceable: QueryFilter<DeliveryRecord> =
    action === 'cancel' ? open : { ...open, 'intent.action': { $ne: 'cancel' } };
  const asked =
    (await ctx.models.deliveries
      .findOneAndUpdate(replaceable, { $set: { intent } }, { returnDocument: 'after', session })
      .lean()) ?? (await ctx.models.deliveries.findOne(open, null, { session }).lean());
  if (asked) return asked;
  throw new Problem('delivery_over', 'The delivery is over; resend it instead.');
}

/** Tells Temporal; should that fail, the sweep asks again. */
async function reach(ctx: Context, { _id }: DeliveryRecord, call: () => Promise<unknown>): Promise<void> {
  await call().catch((error: unknown) => {
    ctx.logger.warn({ err: error, deliveryId: _id }, 'Temporal not told yet; the sweep will');
  });
}
