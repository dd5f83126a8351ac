import { ActivityCancellationType, proxyActivities } from '@temporalio/workflow';
import type { Activities } from './activities.js';
import type { DispatchGroupInput, GroupResult } from './input.js';

const { sendGroup } = proxyActivities<Activities>({
  startToCloseTimeout: '10 minutes',
  heartbeatTimeout: '10 seconds',
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '60 seconds' },
});

/** Carries the first attempts of many deliveries; what is not over then goes on in a `deliverWebhook` of its own. */
export async function dispatchGroup(input: DispatchGroupInput): Promise<GroupResult> {
  return sendGroup(input);
}
