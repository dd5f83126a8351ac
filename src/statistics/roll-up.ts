import type { mongo } from 'mongoose';
import type { Context } from '../context.js';
import { contradictedEnds } from '../ledger/contradicted-ends.js';
import { keepDifferences } from '../ledger/differences.js';
import { endOnly, type DeliveryRecord } from '../models/delivery.js';
import { native } from '../models/native.js';
import type { CountedDeliveries, StatsJournalRecord } from '../models/stats-journal.js';
import { environmentOwner, type StatsRecord } from '../models/webhook-stats.js';
import { countEvents } from './event-counts.js';
import { tally, type Countable } from './tally.js';

/** Deliveries that are counted at once. */
const batchSize = 500;

/** What is counted of a delivery, without what can be large. */
const countable = {
  organizationId: 1,
  environment: 1,
  webhookId: 1,
  status: 1,
  endedAt: 1,
  attemptCount: 1,
  statsDue: 1,
  'attempts.number': 1,
  'attempts.startedAt': 1,
  'attempts.durationMs': 1,
  'attempts.errorCode': 1,
} as const;

type Parts = Pick<Context, 'models' | 'connection'>;

/*
 * How attempts get into the statistics, each exactly once. The write that records an attempt, or ends a delivery, also
 * marks the delivery (`statsDue`): one write, no matter what comes after. A pass
 *
 *   1. takes away the marks of the batch that the journal has, should its pass have been cut off,
 *   2. reads marked deliveries, and shows those to `onRead`,
 *   3. in one transaction adds them to the hours of their webhooks and environments and writes them into the journal, as its next turn,
 *   4. takes their marks away: those that have moved on meanwhile stay marked for what is new.
 *
 * Since nothing is unmarked that `onRead` has not seen, whoever has to hear of every end hears of it there, at least once.
 * Whatever is killed, the journal knows what was counted. Of several workers one gets the turn; the others begin again.
 * A late step 4 changes nothing: no delivery gets a mark a second time that it had before. The marks stay out of the
 * transaction because attempts would have to wait for it, and because it makes taking them away eight times as dear
 * (500 ms of MongoDB's CPU for 1,000, against 60).
 */

/** Counts what is marked, until nothing is; and, once a minute, the events. Where `onRead` fails, the pass fails and counts nothing. */
export async function rollUpStatistics(
  parts: Parts,
  signal: AbortSignal,
  onRead: (marked: readonly Countable[]) => Promise<void> = async () => {},
): Promise<void> {
  await countEvents(parts, new Date(), signal);
  while (!signal.aborted) {
    const { turn, counted } = await readJournal(parts);
    if (counted.length > 0) await unmark(parts, turn, counted);
    const marked = await native(parts.models.deliveries)
      .find<Countable>(
        { statsDue: { $gt: 0 } },
        { projection: countable, limit: batchSize, readConcern: 'majority' },
      )
      .toArray();
    if (marked.length === 0) return;
    await onRead(marked);
    await keepDifferences(parts, contradictedEnds(marked), new Date());
    const next = groupsOf(marked);
    if (await count(parts, turn, marked, next)) await unmark(parts, turn + 1, next);
  }
}

async function readJournal({ models }: Parts): Promise<StatsJournalRecord> {
  const journal = native(models.statsJournal);
  const found = await journal.findOne({ _id: 'rollUp' }, { readConcern: 'majority' });
  if (found) return found;
  await journal.updateOne({ _id: 'rollUp' }, { $setOnInsert: { turn: 0, counted: [] } }, { upsert: true });
  return { _id: 'rollUp', turn: 0, counted: [] };
}

/** Adds a batch to the statistics as the turn after `turn`. False where another worker has taken that. */
async function count(
  { models, connection }: Parts,
  turn: number,
  marked: readonly Countable[],
  counted: CountedDeliveries[],
): Promise<boolean> {
  const ofWebhooks = additions(marked, ({ webhookId }) => webhookId);
  const ofEnvironments = additions(marked, environmentOwner);
  return connection.withSession(async (session) =>
    session.withTransaction(async () => {
      const taken = await native(models.statsJournal).updateOne(
        { _id: 'rollUp', turn },
        { $set: { turn: turn + 1, counted } },
        { session },
      );
      if (taken.modifiedCount === 0) return false;
      await native(models.webhookStats).bulkWrite(ofWebhooks, { session, ordered: false });
      await native(models.environmentStats).bulkWrite(ofEnvironments, { session, ordered: false });
      return true;
    }),
  );
}

function additions(
  marked: readonly Countable[],
  ownerOf: (delivery: Countable) => string,
): mongo.AnyBulkWriteOperation<StatsRecord>[] {
  return Array.from(tally(marked, ownerOf), ([_id, { hour, counts }]) => ({
    updateOne: { filter: { _id }, update: { $setOnInsert: { hour }, $inc: counts }, upsert: true },
  }));
}

/** Takes the marks of a counted batch away; a delivery that has moved on meanwhile is marked for what came after. */
async function unmark({ models }: Parts, turn: number, counted: readonly CountedDeliveries[]): Promise<void> {
  const deliveries = native(models.deliveries);
  for (const { ids, from, to, ended } of counted) {
    const later = {
      $cond: [{ $gt: ['$attemptCount', to] }, to + 1, { $cond: ['$open', '$$REMOVE', endOnly] }],
    };
    const update: mongo.UpdateFilter<DeliveryRecord> | mongo.Document[] = ended
      ? { $unset: { statsDue: true } }
      : [{ $set: { statsDue: later } }];
    await deliveries.updateMany({ _id: { $in: ids }, statsDue: from }, update);
  }
  await native(models.statsJournal).updateOne({ _id: 'rollUp', turn }, { $set: { counted: [] } });
}

function groupsOf(marked: readonly Countable[]): CountedDeliveries[] {
  const groups = new Map<string, CountedDeliveries>();
  for (const { _id, statsDue: from, attempts, endedAt } of marked) {
    const ended = endedAt !== null;
    const to = ended ? 0 : (attempts.at(-1)?.number ?? 0);
    const key = `${from}/${to}/${ended}`;
    const group = groups.get(key) ?? { ids: [], from, to, ended };
    groups.set(key, group);
    group.ids.push(_id);
  }
  return [...groups.values()];
}
