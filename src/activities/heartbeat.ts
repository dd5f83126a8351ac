import { activityInfo, heartbeat } from '@temporalio/activity';

/** A third of the heartbeat timeout of `deliverWebhook`; what ends before the first beat sends none. */
const intervalMs = 3_000;

/** Runs an activity's work and lets Temporal know that this worker is alive, so that a dead one is noticed in seconds. */
export async function withHeartbeat<T>(work: () => Promise<T>): Promise<T> {
  // A local activity is watched by its workflow task, and has no heartbeat.
  if (activityInfo().isLocal) return work();
  const timer = setInterval(() => heartbeat(), intervalMs);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
