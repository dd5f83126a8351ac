import { activityInfo } from '@temporalio/activity';
import type { Context } from '../context.js';
import { carryInGroup } from '../dispatch/carry.js';
import { lookAtDeliveries } from '../delivery/look.js';
import type { DispatchGroupInput, GroupResult } from '../workflows/input.js';
import { withHeartbeat } from './heartbeat.js';

/**
 * Makes the first attempts of a group, all at once, each in its own time. Run again after a crash, it passes over what is
 * recorded and repeats what was in flight. Throws what kept it from seeing to all of them, after the others have ended.
 */
export function sendGroup(ctx: Context): (input: DispatchGroupInput) => Promise<GroupResult> {
  return async ({ deliveries }) =>
    withHeartbeat(async () => {
      const groupId = activityInfo().workflowExecution?.workflowId ?? '';
      const looks = await lookAtDeliveries(ctx, deliveries);
      const ends = await Promise.allSettled(looks.map(async (look) => carryInGroup(ctx, groupId, look)));
      const result: GroupResult = { succeeded: 0, failed: 0, cancelled: 0, goingOn: 0, passedOver: 0 };
      for (const end of ends) {
        if (end.status === 'rejected') throw end.reason;
        result[end.value] += 1;
      }
      return result;
    });
}
