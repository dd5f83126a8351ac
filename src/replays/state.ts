import type { Context } from '../context.js';
import type { ReplayRecord } from '../models/replay.js';

/*
 * How a replay changes in MongoDB:
 *
 *   running ◄─► paused
 *      │          │
 *      ▼          ▼
 *   succeeded | failed | cancelled (from both)
 */

/** The states in which a replay is not over. */
export const openReplay = { status: { $in: ['running', 'paused'] } } as const;

/** When the sweep is to look whether a replay's workflow is there and has heard. */
export function nextCheck(inMs: number): Date {
  return new Date(Date.now() + inMs);
}

/** The fields of a replay that is over; retention counts from here. */
export function endedAt(
  ctx: Context,
  now: Date,
): Pick<ReplayRecord, 'endedAt' | 'expiresAt'> & { checkAt: Date | null } {
  return { endedAt: now, expiresAt: new Date(now.getTime() + ctx.config.retentionMs), checkAt: null };
}

/** Ends a replay unless it is over. */
export async function endReplay(
  ctx: Context,
  replayId: string,
  status: 'failed' | 'cancelled',
  failureReason: string | null = null,
): Promise<void> {
  const now = await ctx.clock.now();
  await ctx.models.replays.updateOne(
    { _id: replayId, ...openReplay },
    { $set: { ...endedAt(ctx, now), status, failureReason, updatedAt: now } },
  );
}
