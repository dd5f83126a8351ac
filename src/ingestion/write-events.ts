import type { Configuration } from '../configuration/configurations.js';
import type { Context } from '../context.js';
import type { Fresh } from '../delivery/handover.js';
import { carriedBy, planOf } from '../dispatch/plan.js';
import { isDuplicateKey, isMongoUnavailable } from '../models/availability.js';
import { laneStartOf, startOf } from '../dispatch/start.js';
import { takePlaces, type Placed } from '../lanes/take-places.js';
import type { DeliveryRecord } from '../models/delivery.js';
import type { EventRecord } from '../models/event.js';
import { native } from '../models/native.js';
import { environmentOwner } from '../models/webhook-stats.js';
import { checkEvents } from './check-events.js';
import { findEarlier } from './find-earlier.js';
import type { Publication, Published } from './new-event.js';
import { Round } from './round.js';

/** Each round that fails has seen another call be faster with one of the keys, which the next round finds. */
const mostRounds = 10;

/** A call whose events an ordered webhook gets: it is written with others of its kind, so that no other waits for it. */
export const inOrder = Symbol('inOrder');

type Outcome = PromiseSettledResult<Published[] | typeof inOrder>;
type Configured = Publication & { configuration: Configuration };

/**
 * Checks, matches and writes the events of many calls, in few transactions, and hands their deliveries on. Each call has
 * an outcome of its own: what is wrong with one is no concern of the others. Those with events for ordered webhooks are
 * left to a later call, `withOrdered`.
 */
export async function writeEvents(
  ctx: Context,
  publications: readonly Publication[],
  { withOrdered }: { withOrdered: boolean },
): Promise<readonly Outcome[]> {
  // Read after all of them have come, so that each sees every change that was answered before it was published.
  const configurations = await ctx.configurations.of(publications.map(({ tenant }) => tenant));
  const outcomes = new Map<Publication, Outcome>();
  const valid: Configured[] = [];
  for (const publication of publications) {
    const configuration = configurations.get(environmentOwner(publication.tenant));
    if (!configuration) throw new Error('a tenant without a configuration');
    if (!withOrdered && isOrdered(configuration, publication)) {
      outcomes.set(publication, { status: 'fulfilled', value: inOrder });
      continue;
    }
    try {
      await checkEvents(configuration, publication);
      valid.push({ ...publication, configuration });
    } catch (reason) {
      outcomes.set(publication, { status: 'rejected', reason });
    }
  }
  const written = (await writeValid(ctx, valid)).values();
  return publications.map((publication) => outcomes.get(publication) ?? outcomeOf(written.next().value));
}

function isOrdered({ orderedTypes }: Configuration, { events }: Publication): boolean {
  return orderedTypes.size > 0 && events.some(({ type }) => orderedTypes.has(type));
}

function outcomeOf(outcome: Outcome | undefined): Outcome {
  return outcome ?? { status: 'rejected', reason: new Error('a call was left without an answer') };
}

/** Writes calls in transactions of some size each. */
async function writeValid(ctx: Context, calls: readonly Configured[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  while (outcomes.length < calls.length) {
    outcomes.push(...(await writeSome(ctx, calls.slice(outcomes.length))));
  }
  return outcomes;
}

/** Writes the first of the calls, as many as make one transaction; should one of them be why it fails, half as many are tried, and so on. */
async function writeSome(ctx: Context, calls: readonly Configured[], round = 1): Promise<Outcome[]> {
  try {
    return await writeRound(ctx, calls);
  } catch (error) {
    if (isDuplicateKey(error) && round < mostRounds) return writeSome(ctx, calls, round + 1);
    if (calls.length === 1 || isMongoUnavailable(error)) {
      return calls.map(() => ({ status: 'rejected', reason: error }));
    }
    return writeSome(ctx, calls.slice(0, Math.ceil(calls.length / 2)));
  }
}

async function writeRound(ctx: Context, calls: readonly Configured[]): Promise<Outcome[]> {
  if (calls.length === 0) return [];
  const earlier = await findEarlier(ctx, calls);
  const round = new Round(ctx, await ctx.clock.now(), earlier);
  const outcomes: Outcome[] = [];
  for (const call of calls) {
    if (round.isFull) break;
    try {
      outcomes.push({ status: 'fulfilled', value: round.add(call, call.configuration) });
    } catch (reason) {
      outcomes.push({ status: 'rejected', reason });
    }
  }
  const plan = planOf(
    ctx,
    round.fresh
      .filter(({ delivery }) => delivery.lane === undefined)
      .map(({ delivery, webhook, system }) => startOf(ctx, delivery, webhook, system)),
  );
  const deliveries = carriedBy(
    plan,
    round.fresh.map(({ delivery }) => delivery),
  );
  const { opened } = await insert(ctx, round.events, deliveries);
  ctx.metrics.countPublished(round.events.length);
  for (const [index, delivery] of deliveries.entries()) handOver(ctx, round.fresh[index], delivery);
  ctx.dispatcher.dispatch({ ...plan, lanes: opened.map((lane) => laneStartOf(ctx, lane)) });
  return outcomes;
}

/** Writes events and their deliveries together, durably, and those of ordered webhooks in their places. */
async function insert(ctx: Context, events: EventRecord[], deliveries: DeliveryRecord[]): Promise<Placed> {
  if (events.length === 0) return { deliveries, opened: [] };
  return ctx.connection.withSession(async (session) =>
    session.withTransaction(
      async () => {
        const placed = await takePlaces(ctx, deliveries, session);
        await native(ctx.models.events).insertMany(events, { session });
        if (deliveries.length > 0)
          await native(ctx.models.deliveries).insertMany(placed.deliveries, { session });
        return placed;
      },
      { writeConcern: { w: 'majority', journal: true } },
    ),
  );
}

/** Spares the first attempt, where this process makes it, from reading what was just written. */
function handOver(ctx: Context, fresh: Fresh | undefined, delivery: DeliveryRecord): void {
  if (!fresh || delivery.lane !== undefined || ctx.config.role === 'api') return;
  const { webhook, system } = fresh;
  // A paused webhook, and one whose credentials are missing, are looked at again by the attempt.
  const isKnown = webhook.externalSystemId === null || system !== null;
  if (webhook.state === 'active' && isKnown) ctx.handover.give({ ...fresh, delivery });
}
