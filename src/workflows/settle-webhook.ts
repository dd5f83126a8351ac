import { defineSignal, proxyActivities, setHandler } from '@temporalio/workflow';
import type { Activities } from './activities.js';
import { comesBack } from './activity-options.js';
import { settleAgainSignal } from './input.js';

const activities = proxyActivities<Activities>({
  startToCloseTimeout: '6 hours',
  heartbeatTimeout: '30 seconds',
  retry: comesBack,
});

/** Lets the deliveries that wait act on a webhook that was resumed, switched off or deleted. */
export async function settleWebhook(webhookId: string): Promise<void> {
  let again = true;
  setHandler(defineSignal(settleAgainSignal), () => {
    again = true;
  });
  while (again) {
    again = false;
    await activities.settleWebhook(webhookId);
  }
}
