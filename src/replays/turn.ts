import pLimit from 'p-limit';
import type { Context } from '../context.js';
import { carriedBy, planOf, type Plan } from '../dispatch/plan.js';
import { laneStartOf, loadStarts } from '../dispatch/start.js';
import { assignLanes } from '../lanes/assign-lanes.js';
import { takePlaces } from '../lanes/take-places.js';
import { isDuplicateKey } from '../models/availability.js';
import type { DeliveryRecord } from '../models/delivery.js';
import type { LaneRecord } from '../models/lane.js';
import type { ReplayRecord } from '../models/replay.js';
import type { ReplayTurn } from '../workflows/input.js';
import type { Page } from './page.js';
import { nextRecoveries } from './recoveries.js';
import { nextResends } from './resends.js';
import { endReplay, endedAt, nextCheck } from './state.js';
import { recoverableSubscription } from './subscription.js';

/** Deliveries a page: with their bodies of up to 256 KiB they fit into memory and one transaction. */
const largestPage = 200;
/** Starts of a replay under way at once: new events have their own, and more of them. */
const startsAtOnce = 10;
/** A running replay is looked at again when it has not moved for so long. */
const stillAfterMs = 60_000;

/**
 * Does the next page of a replay, if it is to go on, and tells how it stands. A page's deliveries, the progress and
 * the cursor are one transaction, and only if nobody has paused or cancelled the replay or done the page: so a turn
 * can be cut off and repeated at any point, and `done` counts exactly what was made.
 */
export async function takeTurn(ctx: Context, replayId: string): Promise<ReplayTurn> {
  const replay = await ctx.models.replays.findById(replayId).lean();
  if (!replay) return { state: 'failed', progress: 'The replay is not in the database' };
  if (replay.status === 'succeeded') return { state: 'succeeded', progress: progressOf(replay) };
  if (replay.status !== 'running') {
    return { state: replay.status, progress: replay.failureReason ?? progressOf(replay) };
  }
  const now = await ctx.clock.now();
  // A clock that is behind the one of who made the replay must not make a resend that the replay finds.
  const madeAt = now < replay.createdAt ? replay.createdAt : now;
  const page = await nextPage(ctx, replay, madeAt);
  if ('obstacle' in page) {
    await endReplay(ctx, replay._id, 'failed', page.obstacle);
    return takeTurn(ctx, replayId);
  }
  const deliveries = await assignLanes(ctx, page.deliveries);
  const free = deliveries.filter(({ lane }) => lane === undefined);
  const plan = planOf(ctx, await loadStarts(ctx, free));
  const opened = await keep(ctx, replay, { ...page, deliveries: carriedBy(plan, deliveries) }, now);
  if (opened) await start(ctx, { ...plan, lanes: opened.map((lane) => laneStartOf(ctx, lane)) });
  const made = opened ? page.deliveries.length : 0;
  return {
    state: 'running',
    progress: progressOf({ ...replay, done: replay.done + made }),
    paceMs: (made / replay.rate) * 1_000,
  };
}

async function nextPage(ctx: Context, replay: ReplayRecord, now: Date): Promise<Page | { obstacle: string }> {
  const limit = Math.min(largestPage, replay.rate);
  const { filter, recover } = replay;
  if (filter) return nextResends(ctx, replay, filter, limit, now);
  if (!recover) return { obstacle: 'It has neither a filter nor a subscription.' };
  const found = await recoverableSubscription(ctx, replay, recover.subscriptionId);
  if (!found) return { obstacle: `The subscription ${recover.subscriptionId} was deleted.` };
  if (found.obstacle !== undefined) return { obstacle: found.obstacle };
  return nextRecoveries(ctx, replay, recover, found.subscription, limit, now);
}

/**
 * Writes a page, or nothing of it, and gives the lanes that it opened; undefined where the replay is no longer at its
 * beginning, or another was faster.
 */
async function keep(
  ctx: Context,
  replay: ReplayRecord,
  page: Page,
  now: Date,
): Promise<LaneRecord[] | undefined> {
  const { deliveries, skipped, cursor, isLast } = page;
  const done = replay.done + deliveries.length;
  const unmoved = { _id: replay._id, status: 'running', 'cursor.id': replay.cursor?.id ?? null } as const;
  const moved = {
    cursor,
    done,
    skipped: replay.skipped + skipped,
    checkAt: nextCheck(stillAfterMs),
    updatedAt: now,
    ...(replay.countComplete || !isLast ? {} : { count: done, countComplete: true }),
    ...(isLast ? { ...endedAt(ctx, now), status: 'succeeded' as const } : {}),
  };
  try {
    return await ctx.connection.withSession(async (session) =>
      session.withTransaction(
        async () => {
          const { modifiedCount } = await ctx.models.replays.updateOne(unmoved, { $set: moved }, { session });
          if (modifiedCount === 0) return undefined;
          if (deliveries.length === 0) return [];
          const placed = await takePlaces(ctx, deliveries, session);
          await ctx.models.deliveries.collection.insertMany(placed.deliveries as never[], { session });
          if (replay.recover !== null) await retain(ctx, deliveries, now, session);
          return placed.opened;
        },
        { writeConcern: { w: 'majority', journal: true } },
      ),
    );
  } catch (error) {
    // Another recovery of the same subscription has made one of them: the next look finds it made.
    if (isDuplicateKey(error) || error instanceof EventGone) return undefined;
    throw error;
  }
}

type Session = Parameters<Parameters<Context['connection']['withSession']>[0]>[0];

/** Retention has let an event go between the look and the write. */
class EventGone extends Error {}

/** Keeps events that nothing else keeps: they had no delivery. */
async function retain(
  ctx: Context,
  deliveries: readonly DeliveryRecord[],
  now: Date,
  session: Session,
): Promise<void> {
  const retainUntil = new Date(now.getTime() + ctx.config.retentionMs);
  const { matchedCount } = await ctx.models.events.updateMany(
    { _id: { $in: deliveries.map(({ eventId }) => eventId) }, expiresAt: null },
    { $max: { retainUntil } },
    { session },
  );
  if (matchedCount < deliveries.length) throw new EventGone();
}

/** Starts what was written, and waits for it: a replay is no faster than Temporal, and never fills the queue of new events. */
async function start(ctx: Context, { own, groups, lanes }: Plan): Promise<void> {
  const limit = pLimit(startsAtOnce);
  try {
    await Promise.all([
      ...own.map(async (one) => limit(async () => ctx.dispatcher.start(one))),
      ...groups.map(async (group) => limit(async () => ctx.dispatcher.startGroup(group))),
      ...lanes.map(async (lane) => limit(async () => ctx.dispatcher.startLane(lane))),
    ]);
  } catch (error) {
    limit.clearQueue();
    ctx.logger.warn({ err: error }, 'deliveries of a replay not started; the sweep will');
  }
}

function progressOf({ done, count, countComplete }: ReplayRecord): string {
  return `${done} of ${count}${countComplete ? '' : ' or more'} sent`;
}
