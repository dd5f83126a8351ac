import type { Commit } from '../audit/commit.js';
import type { Context } from '../context.js';
import { ownWorkflows } from '../dispatch/plan.js';
import { laneStartOf, loadStarts } from '../dispatch/start.js';
import { Problem } from '../errors/problem.js';
import { assignLanes } from '../lanes/assign-lanes.js';
import { takePlaces } from '../lanes/take-places.js';
import type { DeliveryRecord } from '../models/delivery.js';
import type { LaneRecord } from '../models/lane.js';
import { resendOf } from './new-delivery.js';

/**
 * Delivers the event of a delivery that is over again: with the same body, or with `rerender` one rendered by the
 * template as it is then. Of an ordered webhook, it goes to the end of its lane. Throws a 409 Problem while it is not over, or when its webhook takes nothing.
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
  const repeat = resendOf(delivery, rerender ? null : delivery.body, await ctx.clock.now());
  const deliveries = await assignLanes(ctx, [repeat]);
  let lanes: LaneRecord[] = [];
  const record = await commit(async (session) => {
    const placed = await takePlaces(ctx, deliveries, session);
    const [made = repeat] = placed.deliveries;
    lanes = placed.opened;
    await ctx.models.deliveries.create([made], { session });
    return made;
  });
  const own = record.lane === undefined ? await loadStarts(ctx, [record]) : [];
  ctx.dispatcher.dispatch({ ...ownWorkflows(own), lanes: lanes.map((lane) => laneStartOf(ctx, lane)) });
  return record;
}
