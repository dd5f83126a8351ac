import type { ClientSession } from 'mongoose';
import type { Commit } from '../audit/commit.js';
import type { Context } from '../context.js';
import { Problem } from '../errors/problem.js';
import type { ReplayRecord, ReplayStatus } from '../models/replay.js';
import { endedAt, nextCheck, openReplay } from './state.js';
import { startReplay, steerReplay } from './workflow.js';

/** What has not reached Temporal by then, the sweep asks for again. */
export const unheardAfterMs = 5_000;

/** null where the replay was not in the state that it is to leave. */
type Steering = Commit<ReplayRecord | null>;

/** Writes a new replay, and then starts it: from the write on, it is carried out. */
export async function beginReplay(
  ctx: Context,
  replay: ReplayRecord,
  commit: Commit<ReplayRecord>,
): Promise<void> {
  await commit(async (session) => {
    await ctx.models.replays.create([replay], { session });
    return replay;
  });
  await reach(ctx, replay, async () => startReplay(ctx, replay));
}

/** Stops a replay before its next page, until it is resumed. Throws a 409 Problem when it is over. */
export async function pauseReplay(ctx: Context, replayId: string, commit: Steering): Promise<ReplayRecord> {
  const replay = await commit(async (session) => move(ctx, replayId, 'running', 'paused', session));
  return replay ?? findOpen(ctx, replayId);
}

/** Lets a replay go on where it stopped. Throws a 409 Problem when it is over. */
export async function resumeReplay(ctx: Context, replayId: string, commit: Steering): Promise<ReplayRecord> {
  const replay = await commit(async (session) => move(ctx, replayId, 'paused', 'running', session));
  // One that runs is left alone: each signal costs its workflow a task.
  if (!replay) return findOpen(ctx, replayId);
  await reach(ctx, replay, async () => steerReplay(ctx, replay));
  return replay;
}

/** Ends a replay; what it has made goes on. Throws a 409 Problem when it is over. */
export async function cancelReplay(ctx: Context, replayId: string, commit: Steering): Promise<ReplayRecord> {
  const now = await ctx.clock.now();
  const changes = { ...endedAt(ctx, now), status: 'cancelled', checkAt: nextCheck(unheardAfterMs) } as const;
  const replay = await commit(async (session) =>
    ctx.models.replays
      .findOneAndUpdate(
        { _id: replayId, ...openReplay },
        { $set: { ...changes, updatedAt: now } },
        { returnDocument: 'after', session },
      )
      .lean(),
  );
  if (!replay) throw over();
  await reach(ctx, replay, async () => ctx.dispatcher.cancel(replay.workflowId));
  return replay;
}

/** The replay as it is then; null where it was not in the state that it is to leave. */
async function move(
  ctx: Context,
  replayId: string,
  from: ReplayStatus,
  to: ReplayStatus,
  session: ClientSession,
): Promise<ReplayRecord | null> {
  const updatedAt = await ctx.clock.now();
  return ctx.models.replays
    .findOneAndUpdate(
      { _id: replayId, status: from },
      { $set: { status: to, checkAt: nextCheck(unheardAfterMs), updatedAt } },
      { returnDocument: 'after', session },
    )
    .lean();
}

async function findOpen(ctx: Context, replayId: string): Promise<ReplayRecord> {
  const replay = await ctx.models.replays.findOne({ _id: replayId, ...openReplay }).lean();
  if (!replay) throw over();
  return replay;
}

function over(): Problem {
  return new Problem('replay_over', 'The replay is over; make another one.');
}

/** Tells Temporal; should that fail, the sweep does. */
async function reach(ctx: Context, { _id }: ReplayRecord, call: () => Promise<unknown>): Promise<void> {
  await call().catch((error: unknown) => {
    ctx.logger.warn({ err: error, replayId: _id }, 'Temporal not told of a replay yet; the sweep will');
  });
}
