import type { Context } from '../context.js';
import { takeTurn } from '../replays/turn.js';
import type { ReplayInput, ReplayTurn } from '../workflows/input.js';
import { withHeartbeat } from './heartbeat.js';

/** Does the next page of a replay, if it is to go on, and tells how it stands. How far it is, MongoDB remembers. */
export function takeReplayTurn(ctx: Context): (input: ReplayInput) => Promise<ReplayTurn> {
  return async ({ replayId }) => withHeartbeat(async () => takeTurn(ctx, replayId));
}
