import type { Context } from '../context.js';
import type { ReplayRecord } from '../models/replay.js';
import { endReplay, nextCheck } from './state.js';
import { startReplay, steerReplay } from './workflow.js';

const pageSize = 100;
const againAfterMs = 60_000;

/**
 * Makes sure that replays whose check is due have their workflow, and that it has heard what was asked: they were
 * written while Temporal was away, or have not moved for a while. Any number of workers may do so.
 */
export async function sweepReplays(ctx: Context, signal: AbortSignal): Promise<void> {
  const due = await ctx.models.replays
    .find({ checkAt: { $lte: new Date() } })
    .sort({ checkAt: 1 })
    .limit(pageSize)
    .lean();
  for (const replay of due) {
    signal.throwIfAborted();
    const isDone = await check(ctx, replay);
    await ctx.models.replays.updateOne(
      { _id: replay._id, checkAt: replay.checkAt },
      { $set: { checkAt: isDone ? null : nextCheck(againAfterMs) } },
    );
  }
}

/** True when there is nothing left to check. */
async function check(ctx: Context, replay: ReplayRecord): Promise<boolean> {
  const isOpen = replay.status === 'running' || replay.status === 'paused';
  const state = await ctx.dispatcher.stateOf(replay.workflowId);
  switch (state) {
    case 'unknown':
      if (isOpen) await startReplay(ctx, replay);
      return !isOpen;
    case 'closed':
      // Terminated by hand: every other end is written first.
      if (isOpen) await endReplay(ctx, replay._id, 'cancelled');
      return true;
    case 'running':
      if (replay.status === 'running') await steerReplay(ctx, replay);
      if (!isOpen) await ctx.dispatcher.cancel(replay.workflowId);
      return false;
  }
}
