import type { Context } from '../context.js';
import { Problem } from '../errors/problem.js';
import type { ReplayRecord } from '../models/replay.js';
import { endedAt, nextCheck, openReplay } from './state.js';
import { startReplay, steerReplay } from './workflow.js';

/** What has not reached Temporal by then, the sweep asks for again. */
export const unheardAfterMs = 5_000;

/** Writes a new replay, and then starts it: from the write on, it is carried out. */
export async function beginReplay(ctx: Context, replay: ReplayRecord): Promise<void> {
  await ctx.models.replays.create(replay);
  await reach(ctx, replay, async () => startReplay(ctx, replay));
}

/** Stops a replay before its next page, until it is resumed. Throws a 409 Problem when it is over. */
export async function pauseReplay(ctx: Context, replayId: string): Promise<ReplayRecord> {
  return write(ctx, replayId, { status: 'paused', checkAt: nextCheck(unheardAfterMs) });
}

/** Lets a replay go on where it stopped. Throws a 409 Problem when it is over. */
export async function resumeReplay(ctx: Context, replayId: string): Promise<ReplayRecord> {
  const replay = await write(ctx, replayId, { status: 'running', checkAt: nextCheck(unheardAfterMs) });
  await reach(ctx, replay, async () => steerReplay(ctx, replay));
  return replay;
}

/** Ends a replay; what it has made goes on. Throws a 409 Problem when it is over. */
export async function cancelReplay(ctx: Context, replayId: string): Promise<ReplayRecord> {
  const replay = await write(ctx, replayId, {
    ...endedAt(ctx, await ctx.clock.now()),
    status: 'cancelled',
    checkAt: nextCheck(unheardAfterMs),
  });
  await reach(ctx, replay, async () => ctx.dispatcher.cancel(replay.workflowId));
  return replay;
}

async function write(ctx: Context, replayId: string, changes: Partial<ReplayRecord>): Promise<ReplayRecord> {
  const updatedAt = await ctx.clock.now();
  const written = await ctx.models.replays
    .findOneAndUpdate(
      { _id: replayId, ...openReplay },
      { $set: { ...changes, updatedAt } },
      { returnDocument: 'after' },
    )
    .lean();
  if (!written) throw new Problem('replay_over', 'The replay is over; make another one.');
  return written;
}

/** Tells Temporal; should that fail, the sweep does. */
async function reach(ctx: Context, { _id }: ReplayRecord, call: () => Promise<unknown>): Promise<void> {
  await call().catch((error: unknown) => {
    ctx.logger.warn({ err: error, replayId: _id }, 'Temporal not told of a replay yet; the sweep will');
  });
}
