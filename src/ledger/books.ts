import type { Context } from '../context.js';
import { isDuplicateKey } from '../models/availability.js';
import type { LedgerHourRecord } from '../models/ledger-hour.js';
import { environments, type Tenant } from '../models/tenant.js';
import { environmentOwner, statsId } from '../models/webhook-stats.js';
import { settledAfterMs } from '../statistics/event-counts.js';
import { hourOf } from '../statistics/tally.js';
import { contradictedEnds, type Ended } from './contradicted-ends.js';
import { keepDifferences } from './differences.js';
import { examine, isWhole } from './examine.js';

/** Events are examined a minute of them at a time. */
const chunkMs = 60_000;
/** Of one environment, in one run: more are left to the next. */
const mostEvents = 200_000;
/** Differences that are looked at again in one run. */
const mostDifferences = 500;

/*
 * The books: every event is compared with its deliveries once, some minutes after it was published, and what was found is
 * added up by the hour. The record of an hour says up to which moment it has come, and grows by what came after in the
 * same write: whatever is killed or done twice, each event is in it once. What differs is kept until it differs no more.
 */

/** Goes on with the books of all environments. */
export async function keepBooks(ctx: Context, signal: AbortSignal): Promise<void> {
  const now = await ctx.clock.now();
  await lookAgain(ctx, now);
  const until = new Date(now.getTime() - settledAfterMs);
  for await (const { _id: organizationId } of ctx.models.organizations.find({}, { _id: 1 }).lean().cursor()) {
    for (const environment of environments) {
      signal.throwIfAborted();
      await keepBooksOf(ctx, { organizationId, environment }, { until, now });
    }
  }
}

/** Examines the events of an environment that were published before `until` and are not in its books yet. */
export async function keepBooksOf(
  ctx: Pick<Context, 'models'>,
  tenant: Tenant,
  { until, now }: { until: Date; now: Date },
): Promise<void> {
  const { organizationId, environment } = tenant;
  const owner = environmentOwner(tenant);
  const { ledgerHours } = ctx.models;
  for (let events = 0; events < mostEvents;) {
    const examinedTo = await booksEnd(ctx, tenant);
    const next = await ctx.models.events
      .findOne(
        {
          organizationId,
          environment,
          createdAt: { ...(examinedTo ? { $gte: examinedTo } : {}), $lt: until },
        },
        { createdAt: 1 },
      )
      .sort({ createdAt: 1, _id: 1 })
      .lean();
    if (!next) return;
    const hour = hourOf(next.createdAt);
    const from = examinedTo && examinedTo > hour ? examinedTo : hour;
    const to = new Date(
      Math.min(Math.floor(next.createdAt.getTime() / chunkMs) * chunkMs + chunkMs, until.getTime()),
    );
    const { lacking, isAll: _, ...counts } = await examine(ctx, tenant, { from, to, now });
    events += counts.events;
    await keepDifferences(
      ctx,
      lacking.map(({ eventId: subjectId, at }) => ({
        kind: 'missing_deliveries',
        ...tenant,
        subjectId,
        at,
      })),
      now,
    );
    try {
      // An hour that has repairs alone has examined nothing.
      const unmoved = examinedTo && examinedTo > hour ? { examinedTo: from } : { examinedTo: null };
      await ledgerHours.updateOne(
        { _id: statsId(owner, hour), ...unmoved },
        { $inc: counts, $set: { examinedTo: to }, $setOnInsert: { hour } },
        { upsert: true },
      );
    } catch (error) {
      // Another run has examined these.
      if (!isDuplicateKey(error)) throw error;
    }
  }
}

/** Up to when the events of an environment are in its books; undefined where none is. */
export async function booksEnd(
  { models }: Pick<Context, 'models'>,
  tenant: Tenant,
): Promise<Date | undefined> {
  const owner = environmentOwner(tenant);
  // The character after the slash of its ids is the first that is not one of them.
  const newest = await models.ledgerHours
    .findOne<Pick<LedgerHourRecord, 'examinedTo'>>(
      { _id: { $gt: `${owner}/`, $lt: `${owner}0` }, examinedTo: { $gt: new Date(0) } },
      { examinedTo: 1 },
    )
    .sort({ _id: -1 })
    .lean();
  return newest?.examinedTo;
}

/** Strikes off what differs no more: it was made up for, or its retention is over. */
async function lookAgain(ctx: Context, now: Date): Promise<void> {
  const { differences, deliveries } = ctx.models;
  const page = await differences.find().sort({ foundAt: 1 }).limit(mostDifferences).lean();
  for (const { _id, kind, subjectId } of page) {
    const differs =
      kind === 'missing_deliveries'
        ? !(await isWhole(ctx, subjectId, now))
        : await deliveries
            .findById(subjectId, { 'attempts.request': 0, 'attempts.response': 0, body: 0 })
            .lean()
            .then((delivery) => delivery && contradictedEnds([delivery as Ended]).length > 0);
    if (!differs) await differences.deleteOne({ _id });
  }
}
