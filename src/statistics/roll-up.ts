import type { mongo } from 'mongoose';
import type { Context } from '../context.js';
import type { DeliveryRecord } from '../models/delivery.js';
import { native } from '../models/native.js';
import { tally, type Countable } from './tally.js';

/** Deliveries in one transaction: it must end long before the 60 s that MongoDB gives it. */
const batchSize = 500;

/** What is counted of a delivery, without what can be large. */
const countable = {
  webhookId: 1,
  status: 1,
  endedAt: 1,
  statsDue: 1,
  'attempts.number': 1,
  'attempts.startedAt': 1,
  'attempts.durationMs': 1,
  'attempts.errorCode': 1,
} as const;

/*
 * How attempts get into the statistics, each exactly once. The write that records an attempt, or ends a delivery, also
 * marks the delivery (`statsDue`): one write, no matter what comes after. This pass takes marked deliveries, adds them
 * to the hours of their webhooks and takes the marks away, in one transaction: a process that is killed, at whatever
 * point, has done both or neither. Several workers may do it at once: where they meet, MongoDB lets one of them repeat.
 * Counting in the write of the attempt itself would need a transaction for each, and all of them on one document.
 */

/** Counts what is marked, until nothing is. */
export async function rollUpStatistics(
  ctx: Pick<Context, 'models' | 'connection'>,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const counted = await ctx.connection.withSession(async (session) =>
      session.withTransaction(async () => rollUpBatch(ctx, session)),
    );
    if (counted < batchSize) return;
  }
}

async function rollUpBatch(
  { models }: Pick<Context, 'models'>,
  session: mongo.ClientSession,
): Promise<number> {
  const deliveries = native(models.deliveries);
  const marked = await deliveries
    .find<Countable>({ statsDue: { $gt: 0 } }, { projection: countable, limit: batchSize, session })
    .toArray();
  if (marked.length === 0) return 0;
  await native(models.webhookStats).bulkWrite(
    Array.from(tally(marked), ([_id, { hour, counts }]) => ({
      updateOne: { filter: { _id }, update: { $setOnInsert: { hour }, $inc: counts }, upsert: true },
    })),
    { session, ordered: false },
  );
  // Last, so that the next attempts of these deliveries wait for as short a time as can be.
  const ids = marked.map(({ _id }) => _id);
  const unmark: mongo.UpdateFilter<DeliveryRecord> = { $unset: { statsDue: true } };
  await deliveries.updateMany({ _id: { $in: ids } }, unmark, { session });
  return marked.length;
}
