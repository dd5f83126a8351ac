import type { Context } from '../context.js';
import { carryGroup } from '../dispatch/carry.js';
import type { DispatchGroupInput, GroupResult } from '../workflows/input.js';
import { withHeartbeat } from './heartbeat.js';

/** Makes the first attempts of a group, as an activity that says that it lives. */
export function sendGroup(ctx: Context): (input: DispatchGroupInput) => Promise<GroupResult> {
  return async ({ deliveries }) => withHeartbeat(async () => carryGroup(ctx, deliveries));
}
