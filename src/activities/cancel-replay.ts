import type { Context } from '../context.js';
import { endReplay } from '../replays/state.js';
import type { ReplayInput } from '../workflows/input.js';

/** Ends a replay as cancelled unless it is over: its workflow may have been cancelled in Temporal. */
export function cancelReplay(ctx: Context): (input: ReplayInput) => Promise<void> {
  return async ({ replayId }) => endReplay(ctx, replayId, 'cancelled');
}
