import type { Context } from '../context.js';
import { isDuplicateKey } from '../models/availability.js';
import type { EventCountRecord } from '../models/event-count.js';
import { environments, type Tenant } from '../models/tenant.js';
import { environmentOwner, statsId } from '../models/webhook-stats.js';
import { hourOf } from './tally.js';
import { hoursOf } from './webhook-statistics.js';

const everyMs = 60_000;
/**
 * An event bears the time at which its publication began. The driver repeats a transaction for 120 s, MongoDB lets one
 * live for 60 s; the rest is for clocks that differ. What is older than this has been written.
 */
export const settledAfterMs = 300_000;
/** A query counts so many events that no pass has counted yet: those of some minutes. */
const mostUncounted = 200_000;

const hourMs = 3_600_000;

type Parts = Pick<Context, 'models'>;

/*
 * Publishing does not count: events of one environment would queue for its one record. A pass counts them by their
 * index instead, hour by hour. The record of an hour says up to which moment it has counted, and grows by what came
 * after in the same write: whatever is killed or done twice, each event counts once.
 */

/** Counts the events of all environments up to some minutes ago, if no worker has begun to in the last minute. */
export async function countEvents(parts: Parts, now: Date, signal: AbortSignal): Promise<void> {
  const { statsJournal, organizations } = parts.models;
  const { modifiedCount } = await statsJournal.updateOne(
    { _id: 'rollUp', eventsCountedAt: { $not: { $gt: new Date(now.getTime() - everyMs) } } },
    { $set: { eventsCountedAt: now } },
  );
  if (modifiedCount === 0) return;
  const until = new Date(now.getTime() - settledAfterMs);
  for await (const { _id: organizationId } of organizations.find({}, { _id: 1 }).lean().cursor()) {
    for (const environment of environments) {
      if (signal.aborted) return;
      await countEventsOf(parts, { organizationId, environment }, until);
    }
  }
}

/** Counts the events of an environment that were published before `until` and are not counted yet. */
export async function countEventsOf({ models }: Parts, tenant: Tenant, until: Date): Promise<void> {
  const owner = environmentOwner(tenant);
  const { events, eventCounts } = models;
  for (;;) {
    // The character after the slash of its ids is the first that is not one of them.
    const newest = await eventCounts
      .findOne({ _id: { $gt: `${owner}/`, $lt: `${owner}0` } })
      .sort({ _id: -1 });
    const createdAt = { ...(newest ? { $gte: newest.countedTo } : {}), $lt: until };
    const next = await events
      .findOne({ ...tenant, createdAt }, { createdAt: 1 })
      .sort({ createdAt: 1, _id: 1 });
    if (!next) return;
    const hour = hourOf(next.createdAt);
    const from = newest && newest.countedTo > hour ? newest.countedTo : hour;
    const to = new Date(Math.min(hour.getTime() + hourMs, until.getTime()));
    const count = await events.countDocuments({ ...tenant, createdAt: { $gte: from, $lt: to } });
    try {
      await eventCounts.updateOne(
        { _id: statsId(owner, hour), countedTo: from },
        { $inc: { count }, $set: { countedTo: to }, $setOnInsert: { hour } },
        { upsert: true },
      );
    } catch (error) {
      // Another worker has counted these.
      if (!isDuplicateKey(error)) throw error;
    }
  }
}

/** The events of an environment in a range of full hours, by the hour; those of the last minutes by their index. */
export async function eventsOf(
  { models }: Parts,
  tenant: Tenant,
  { from, to }: { from: Date; to: Date },
): Promise<Pick<EventCountRecord, 'hour' | 'count'>[]> {
  const { organizationId, environment } = tenant;
  const counted = await models.eventCounts
    .find(hoursOf(environmentOwner(tenant), from, to))
    .sort({ _id: 1 })
    .lean();
  const uncounted = { $gte: counted.at(-1)?.countedTo ?? from, $lt: to };
  const rest = await models.events.aggregate<{ _id: Date; count: number }>(
    [
      { $match: { organizationId, environment, createdAt: uncounted } },
      { $project: { _id: 0, createdAt: 1 } },
      { $limit: mostUncounted },
      { $group: { _id: { $dateTrunc: { date: '$createdAt', unit: 'hour' } }, count: { $sum: 1 } } },
    ],
    { hint: { organizationId: 1, environment: 1, createdAt: -1, _id: -1 } },
  );
  return [...counted, ...rest.map(({ _id: hour, count }) => ({ hour, count }))];
}
