import type { Commit } from '../audit/commit.js';
import type { Context } from '../context.js';
import { ownWorkflows } from '../dispatch/plan.js';
import { loadStarts } from '../dispatch/start.js';
import { Problem } from '../errors/problem.js';
import type { DeliveryRecord } from '../models/delivery.js';
import { resendOf } from './new-delivery.js';

/**
 * Delivers the event of a delivery that is over again: with the same body, or with `rerender` one rendered by the
 * template as it is then. Throws a 409 Problem while it is not over, or when its webhook takes nothing.
 */
export async function resendDelivery(
  ctx: Context,
  delivery: DeliveryRecord,
  rerender: boolean,
  commit: Commit<DeliveryRecord>,
): Promise<DeliveryRecord> {
  if (delivery.open) {
    throw new Problem(
      'delivery_not_over',
      `The delivery is ${delivery.status}; it can be resent once it is over.`,
    );
  }
  const webhook = await ctx.models.webhooks.findById(delivery.webhookId, { state: 1, deletedAt: 1 }).lean();
  if (!webhook || webhook.deletedAt !== null) throw new Problem('conflict', 'Its webhook was deleted.');
  if (webhook.state === 'off')
    throw new Problem('conflict', `Its webhook ${webhook._id} is off; switch it on first.`);
  const record = resendOf(delivery, rerender ? null : delivery.body, await ctx.clock.now());
  await commit(async (session) => {
    await ctx.models.deliveries.create([record], { session });
    return record;
  });
  ctx.dispatcher.dispatch(ownWorkflows(await loadStarts(ctx, [record])));
  return record;
}
