import {
  ScheduleAlreadyRunning,
  ScheduleClient,
  ScheduleOverlapPolicy,
  type ScheduleOptions,
} from '@temporalio/client';
import { taskQueue } from '../workflows/input.js';
import type { TemporalConnection } from './link.js';

/** The id of the schedule, by which operators pause it or have it run now. */
export const sweepScheduleId = 'sweep';

/** The books are some minutes behind in any case. A run with nothing to do takes Temporal some 20 ms of CPU. */
const definition = {
  spec: { intervals: [{ every: '5 minutes' }], jitter: '30 seconds' },
  policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 minute' },
  action: {
    type: 'startWorkflow',
    workflowType: 'sweep',
    workflowId: 'sweep',
    taskQueue,
    args: [],
    staticSummary: 'Repairs what has drifted, and keeps the books',
    // One that is stuck must not keep the schedule from starting another for ever.
    workflowExecutionTimeout: '30 minutes',
  },
} satisfies Omit<ScheduleOptions, 'scheduleId'>;

/**
 * Sees to it that the sweep is on a schedule. One that is there becomes what this version wants with `isNewcomer`, and is
 * left alone otherwise; whether an operator has paused it stays. Any number of workers may do so. Throws where Temporal cannot be reached.
 */
export async function ensureSweepSchedule(
  { connection }: Pick<TemporalConnection, 'connection'>,
  namespace: string,
  isNewcomer: boolean,
): Promise<void> {
  const schedules = new ScheduleClient({ connection, namespace });
  try {
    await schedules.create({ scheduleId: sweepScheduleId, ...definition });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    if (!isNewcomer) return;
    await schedules.getHandle(sweepScheduleId).update(({ state }) => ({ ...definition, state }));
  }
}
