import { activityInfo } from '@temporalio/activity';
import type { Context } from '../context.js';
import { attemptDelivery } from '../delivery/attempt.js';
import { lookAtDeliveries, type Due, type Look } from '../delivery/look.js';
import { endCancelled } from '../delivery/record.js';
import type { DeliverySummary } from '../models/delivery.js';
import { isGroup, workflowIdOf } from '../models/ids.js';
import type { DeliveryIds, GroupResult } from '../workflows/input.js';
import { loadStarts, startOf } from './start.js';
import type { Start } from './dispatcher.js';

/**
 * Makes the first attempts of a group, all at once, each in its own time. Run again after a crash, it passes over what is
 * recorded and repeats what was in flight. Throws what kept it from seeing to all of them, after the others have ended.
 */
export async function carryGroup(ctx: Context, deliveries: readonly DeliveryIds[]): Promise<GroupResult> {
  const groupId = activityInfo().workflowExecution?.workflowId ?? '';
  const looks = await lookAtDeliveries(ctx, deliveries);
  const ends = await Promise.allSettled(looks.map(async (look) => carryInGroup(ctx, groupId, look)));
  const result: GroupResult = { succeeded: 0, failed: 0, cancelled: 0, goingOn: 0, passedOver: 0 };
  for (const end of ends) {
    if (end.status === 'rejected') throw end.reason;
    result[end.value] += 1;
  }
  return result;
}

/** Sees one delivery of a group to the end of its first attempt, and what is not over then into a workflow of its own. */
async function carryInGroup(ctx: Context, groupId: string, look: Look): Promise<keyof GroupResult> {
  switch (look.kind) {
    case 'missing':
    case 'over':
      return 'passedOver';
    case 'cancel':
      if (look.delivery.workflowId !== groupId) return passOn(ctx, groupId, look.delivery);
      await endCancelled(ctx, look.delivery._id);
      return 'cancelled';
    case 'hold':
    case 'wait':
      return passOn(ctx, groupId, look.delivery);
    case 'due':
      return carryDue(ctx, groupId, look.due);
  }
}

async function carryDue(ctx: Context, groupId: string, due: Due): Promise<keyof GroupResult> {
  const { delivery, webhook } = due;
  const isForUs = delivery.workflowId === groupId && ctx.pace.mayShare(webhook._id);
  if (!isForUs) return passOn(ctx, groupId, delivery);
  const outcome = await attemptDelivery(ctx, due, 'group').catch((error: unknown) => {
    ctx.logger.warn({ err: error, deliveryId: delivery._id }, 'no attempt yet; its own workflow makes it');
  });
  switch (outcome?.kind) {
    case 'succeeded':
    case 'failed':
      return outcome.kind;
    case 'cancel':
      await endCancelled(ctx, delivery._id);
      return 'cancelled';
    case 'retry':
    case 'later':
    case 'superseded':
    case undefined:
      return goOn(ctx, groupId, startOf(ctx, delivery, webhook, due.system));
  }
}

/** One that was not for this group, or has no attempt to make in it. */
async function passOn(ctx: Context, groupId: string, delivery: DeliverySummary): Promise<keyof GroupResult> {
  // A sweep took this group for lost, and gave the delivery to another.
  if (isGroup(delivery.workflowId) && delivery.workflowId !== groupId) return 'passedOver';
  const [start] = await loadStarts(ctx, [delivery]);
  return start ? goOn(ctx, groupId, start) : 'passedOver';
}

/** Has a delivery go on in its own workflow, which is named first: who asks something of it then reaches that. */
async function goOn(ctx: Context, groupId: string, start: Start): Promise<'goingOn'> {
  await moveOut(ctx, groupId, [start._id]);
  await ctx.dispatcher.startInTurn({
    ...start,
    workflowId: workflowIdOf(start._id),
    firstAttemptLocal: false,
  });
  return 'goingOn';
}

/** Names another workflow as what carries deliveries, where the group still did: their own, or another group. Gives how many. */
export async function moveOut(
  ctx: Context,
  groupId: string,
  deliveryIds: readonly string[],
  to?: string,
): Promise<number> {
  if (deliveryIds.length === 0) return 0;
  const workflowId = to ?? { $concat: [workflowIdOf(''), '$_id'] };
  const { modifiedCount } = await ctx.models.deliveries.collection.updateMany(
    { _id: { $in: deliveryIds }, open: true, workflowId: groupId } as object,
    [{ $set: { workflowId } }],
  );
  return modifiedCount;
}
