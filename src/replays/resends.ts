import type { Context } from '../context.js';
import { deliveryQuery } from '../delivery/delivery-query.js';
import { resendOf } from '../delivery/new-delivery.js';
import { replayedIdOf } from '../models/ids.js';
import { openStatuses, type DeliverySummary } from '../models/delivery.js';
import type { ReplayCursor, ReplayFilter, ReplayRecord } from '../models/replay.js';
import { tenantOf } from '../models/tenant.js';
import { afterCursor, oldestFirst, type Count, type Page, type Scope } from './page.js';

/** A count stops here: an index is walked that far in a few seconds. */
const mostCounted = 1_000_000;

/** Webhooks that take deliveries, if only to hold them. */
const webhookIsOn = { deletedAt: null, state: { $ne: 'off' } } as const;

/**
 * How many deliveries a filter finds now, and how many of them have a webhook that takes nothing. What was picked and
 * is not there, or not over, counts with those.
 */
export async function countResends(ctx: Context, scope: Scope, filter: ReplayFilter): Promise<Count> {
  const { deliveries, webhooks } = ctx.models;
  const found = foundBy(scope, filter);
  const on = await webhooks.find({ ...tenantOf(scope), ...webhookIsOn }, { _id: 1 }).lean();
  const ids = on.map(({ _id }) => _id);
  const counted = { limit: mostCounted, ...indexFor(filter) };
  const all = await deliveries.countDocuments(found, counted);
  const count = await deliveries.countDocuments({ $and: [found, { webhookId: { $in: ids } }] }, counted);
  const skipped = (filter.deliveryIds?.length ?? all) - count;
  return { count, skipped, isComplete: all < mostCounted };
}

/** The next resends of a replay, at most `limit`. Nothing is written. */
export async function nextResends(
  ctx: Context,
  replay: ReplayRecord,
  filter: ReplayFilter,
  limit: number,
  now: Date,
): Promise<Page> {
  const found = await ctx.models.deliveries
    .find({ $and: [foundBy(replay, filter), afterCursor(replay.cursor)] }, { attempts: 0 })
    .sort(oldestFirst)
    .limit(limit)
    .setOptions(indexFor(filter))
    .lean();
  const ids = [...new Set(found.map(({ webhookId }) => webhookId))];
  const webhooks = await ctx.models.webhooks.find({ _id: { $in: ids }, ...webhookIsOn }, { _id: 1 }).lean();
  const on = new Set(webhooks.map(({ _id }) => _id));
  const deliveries = found
    .filter(({ webhookId }) => on.has(webhookId))
    .toSorted(byAcceptance)
    .map((delivery) =>
      resendOf(delivery, replay.rerender ? null : delivery.body, now, replayedIdOf(replay._id, delivery._id)),
    );
  const isLast = found.length < limit;
  const picked = filter.deliveryIds?.length;
  return {
    deliveries,
    // In the end, what was picked and not found is skipped, too.
    skipped:
      isLast && picked !== undefined
        ? picked - replay.done - replay.skipped - deliveries.length
        : found.length - deliveries.length,
    cursor: cursorAt(found.at(-1)) ?? replay.cursor,
    isLast,
  };
}

/** What was accepted together has the same time, and its events' ids in the order in which it was. */
function byAcceptance(a: DeliverySummary, b: DeliverySummary): number {
  const ms = a.createdAt.getTime() - b.createdAt.getTime();
  if (ms !== 0 || a.eventId === b.eventId) return ms;
  return a.eventId < b.eventId ? -1 : 1;
}

/** What was picked is read by its ids: an index in the order of pages would lead past everything else. */
function indexFor({ deliveryIds }: ReplayFilter): { hint?: { _id: 1 } } {
  return deliveryIds ? { hint: { _id: 1 } } : {};
}

/** Deliveries that are over and were made before the replay. A filter that picks none by hand says in which state. */
function foundBy(scope: Scope, { deliveryIds, ...filter }: ReplayFilter): Record<string, unknown> {
  const picked = deliveryIds && { _id: { $in: deliveryIds }, status: { $nin: openStatuses } };
  return {
    $and: [
      { ...tenantOf(scope), ...picked, ...deliveryQuery(filter) },
      { createdAt: { $lt: scope.createdAt } },
    ],
  };
}

function cursorAt(record: { _id: string; createdAt: Date } | undefined): ReplayCursor | undefined {
  return record && { createdAt: record.createdAt, id: record._id };
}
