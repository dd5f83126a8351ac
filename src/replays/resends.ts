import type { Context } from '../context.js';
import { deliveryQuery } from '../delivery/delivery-query.js';
import { resendOf } from '../delivery/new-delivery.js';
import { replayedIdOf } from '../models/ids.js';
import type { ReplayCursor, ReplayFilter, ReplayRecord } from '../models/replay.js';
import { tenantOf } from '../models/tenant.js';
import { afterCursor, oldestFirst, type Count, type Page, type Scope } from './page.js';

/** A count stops here: an index is walked that far in a few seconds. */
const mostCounted = 1_000_000;

/** Webhooks that take deliveries, if only to hold them. */
const webhookIsOn = { deletedAt: null, state: { $ne: 'off' } } as const;

/** How many deliveries a filter finds now, and how many of them have a webhook that takes nothing. */
export async function countResends(ctx: Context, scope: Scope, filter: ReplayFilter): Promise<Count> {
  const { deliveries, webhooks } = ctx.models;
  const found = foundBy(scope, filter);
  const on = await webhooks.find({ ...tenantOf(scope), ...webhookIsOn }, { _id: 1 }).lean();
  const ids = on.map(({ _id }) => _id);
  const all = await deliveries.countDocuments(found).limit(mostCounted);
  const count = await deliveries
    .countDocuments({ $and: [found, { webhookId: { $in: ids } }] })
    .limit(mostCounted);
  return { count, skipped: all - count, isComplete: all < mostCounted };
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
    .lean();
  const ids = [...new Set(found.map(({ webhookId }) => webhookId))];
  const webhooks = await ctx.models.webhooks.find({ _id: { $in: ids }, ...webhookIsOn }, { _id: 1 }).lean();
  const on = new Set(webhooks.map(({ _id }) => _id));
  const deliveries = found
    .filter(({ webhookId }) => on.has(webhookId))
    .map((delivery) =>
      resendOf(delivery, replay.rerender ? null : delivery.body, now, replayedIdOf(replay._id, delivery._id)),
    );
  return {
    deliveries,
    skipped: found.length - deliveries.length,
    cursor: cursorAt(found.at(-1)) ?? replay.cursor,
    isLast: found.length < limit,
  };
}

/** Deliveries that were made before the replay. Its filter has a state in which a delivery is over. */
function foundBy(scope: Scope, filter: ReplayFilter): Record<string, unknown> {
  return {
    $and: [{ ...tenantOf(scope), ...deliveryQuery(filter) }, { createdAt: { $lt: scope.createdAt } }],
  };
}

function cursorAt(record: { _id: string; createdAt: Date } | undefined): ReplayCursor | undefined {
  return record && { createdAt: record.createdAt, id: record._id };
}
