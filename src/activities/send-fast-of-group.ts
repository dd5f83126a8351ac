import type { Context } from '../context.js';
import { carryGroup } from '../dispatch/carry.js';
import type { DispatchGroupInput, GroupTurn } from '../workflows/input.js';

/**
 * Groups of a worker that are sent inside their workflow's task at once. Each holds one of 20 slots (`workflowTaskSlots`), for as long as an
 * endpoint may take that was fast until now: what comes on top is left to an activity, so that such an endpoint leaves room for others.
 */
const mostInTask = 6;

/** Makes the first attempts of those in a group whose endpoints are fast, inside the workflow's task: it spares Temporal an activity and a second task. */
export function sendFastOfGroup(ctx: Context): (input: DispatchGroupInput) => Promise<GroupTurn> {
  let inTask = 0;
  return async ({ deliveries }) => {
    const isRoom = inTask < mostInTask;
    // Asked once of each: it changes with time.
    const now = deliveries.filter(({ webhookId }) => isRoom && ctx.pace.isFast(webhookId));
    const left = deliveries.filter((delivery) => !now.includes(delivery));
    inTask += 1;
    try {
      return { result: await carryGroup(ctx, now), left };
    } finally {
      inTask -= 1;
    }
  };
}
