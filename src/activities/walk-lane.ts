import { activityInfo, Context as ActivityContext } from '@temporalio/activity';
import type { Context } from '../context.js';
import { walkLane as walk } from '../lanes/walk.js';
import type { LaneInput, LaneTurn } from '../workflows/input.js';
import { retryIn } from './follow-up.js';
import { withHeartbeat } from './heartbeat.js';

/** A busy lane comes back to its workflow so often, and so ends in time where its worker stops. */
const budgetMs = 5_000;
/** Inside a workflow task, which others wait for. */
const localBudgetMs = 500;

/**
 * Walks along a lane until one of its deliveries has to wait, or time is up. Where that one is known to the workflow
 * already, it throws with the delay to its next attempt, so that Temporal shows it, and holds it.
 */
export function walkLane(ctx: Context): (input: LaneInput) => Promise<LaneTurn> {
  return async ({ laneId, shown }) =>
    withHeartbeat(async () => {
      const { isLocal, workflowExecution } = activityInfo();
      const walked = await walk(ctx, {
        laneId,
        workflowId: workflowExecution?.workflowId ?? '',
        place: isLocal ? 'local' : 'activity',
        budgetMs: isLocal ? localBudgetMs : budgetMs,
        signal: ActivityContext.current().cancellationSignal,
      });
      if (walked.state !== 'waiting') return walked;
      const { head, delayMs, type, message } = walked;
      if (shown === head.deliveryId) throw retryIn(delayMs, type, message);
      return { state: 'waiting', head, message };
    });
}
