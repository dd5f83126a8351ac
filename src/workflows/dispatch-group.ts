import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { Activities } from './activities.js';
import { onceInTask, working } from './activity-options.js';
import type { DispatchGroupInput, GroupResult, GroupTurn } from './input.js';

const { sendGroup } = proxyActivities<Activities>({ ...working, startToCloseTimeout: '10 minutes' });

const local = proxyLocalActivities<Pick<Activities, 'sendFastOfGroup'>>(onceInTask);

/** Carries the first attempts of many deliveries; what is not over then goes on in a `deliverWebhook` of its own. */
export async function dispatchGroup(input: DispatchGroupInput): Promise<GroupResult> {
  if (!input.fastInTask) return sendGroup(input);
  let first: GroupTurn;
  try {
    first = await local.sendFastOfGroup(input);
  } catch {
    // Whatever it did is recorded, and passed over.
    return sendGroup(input);
  }
  if (first.left.length === 0) return first.result;
  return sum(first.result, await sendGroup({ deliveries: first.left }));
}

function sum(one: GroupResult, other: GroupResult): GroupResult {
  return {
    succeeded: one.succeeded + other.succeeded,
    failed: one.failed + other.failed,
    cancelled: one.cancelled + other.cancelled,
    goingOn: one.goingOn + other.goingOn,
    passedOver: one.passedOver + other.passedOver,
  };
}
