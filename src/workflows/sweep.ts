import { proxyActivities } from '@temporalio/workflow';
import type { Activities } from './activities.js';

const activities = proxyActivities<Pick<Activities, 'sweep'>>({
  startToCloseTimeout: '10 minutes',
  heartbeatTimeout: '10 seconds',
  // The next run begins where this one ended.
  retry: { initialInterval: '1 second', maximumAttempts: 3 },
});

/** One run of the sweep that is on a schedule (see `temporal/sweep-schedule.ts`). */
export async function sweep(): Promise<void> {
  await activities.sweep();
}
