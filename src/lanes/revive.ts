import type { Context } from '../context.js';
import { laneStartOf } from '../dispatch/start.js';
import { countRepairs, type Repair } from '../ledger/repairs.js';
import { newLaneWorkflowId } from '../models/ids.js';
import type { LaneRecord } from '../models/lane.js';
import { native } from '../models/native.js';

/** A lane whose workflow was seen to run is looked at again after this, in ms. */
const lookAgainMs = 60_000;

/** Sees to it that lanes are carried: starts those whose workflow Temporal does not know, and those where it has closed. */
export async function reviveLanes(ctx: Context, laneIds: readonly string[]): Promise<void> {
  if (laneIds.length === 0) return;
  const found = await native(ctx.models.lanes)
    .find({ _id: { $in: [...new Set(laneIds)] } })
    .toArray();
  await Promise.all(found.map(async (lane) => reviveLane(ctx, lane)));
}

/** One of them; what is done for it is counted, as one repair of the kind that is given. */
export async function reviveLane(ctx: Context, lane: LaneRecord, repair: Repair = 'revived'): Promise<void> {
  const { _id, workflowId } = lane;
  const state = await ctx.dispatcher.stateOf(workflowId);
  const lanes = native(ctx.models.lanes);
  if (state === 'running') {
    const checkAt = new Date(Date.now() + lookAgainMs);
    await lanes.updateOne({ _id, workflowId, checkAt: lane.checkAt }, { $set: { checkAt } });
    return;
  }
  if (state === 'unknown') {
    await ctx.dispatcher.startLane(laneStartOf(ctx, lane));
    return countRepairs(ctx, repair, [lane]);
  }
  // It has closed, and left the lane: somebody has ended it in Temporal.
  const next = newLaneWorkflowId(_id);
  const { modifiedCount } = await lanes.updateOne({ _id, workflowId }, { $set: { workflowId: next } });
  if (modifiedCount === 0) return;
  await native(ctx.models.deliveries).updateMany({ lane: _id, open: true }, { $set: { workflowId: next } });
  await ctx.dispatcher.startLane(laneStartOf(ctx, { ...lane, workflowId: next }));
  await countRepairs(ctx, repair, [lane]);
}
