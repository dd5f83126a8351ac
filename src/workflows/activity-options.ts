import {
  ActivityCancellationType,
  type ActivityOptions,
  type LocalActivityOptions,
} from '@temporalio/workflow';

/** What throws without a delay of its own is trouble of ours: it comes back after 1 to 60 s, and is no attempt on a receiver. */
export const comesBack = {
  initialInterval: '1 second',
  backoffCoefficient: 2,
  maximumInterval: '60 seconds',
} as const;

/** Of activities that work for a while: they say that they live, and what is under way when they are cancelled is let end. */
export const working = {
  heartbeatTimeout: '10 seconds',
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry: comesBack,
} as const satisfies ActivityOptions;

/** Of one try inside a workflow's task; whatever it leaves undone, an activity goes on with. */
export const onceInTask = {
  startToCloseTimeout: '5 minutes',
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry: { maximumAttempts: 1 },
} as const satisfies LocalActivityOptions;
