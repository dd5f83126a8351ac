import { proxyActivities } from '@temporalio/workflow';
import type { Activities } from './activities.js';
import { working } from './activity-options.js';
import type { DispatchGroupInput, GroupResult } from './input.js';

const { sendGroup } = proxyActivities<Activities>({ ...working, startToCloseTimeout: '10 minutes' });

/** Carries the first attempts of many deliveries; what is not over then goes on in a `deliverWebhook` of its own. */
export async function dispatchGroup(input: DispatchGroupInput): Promise<GroupResult> {
  return sendGroup(input);
}
