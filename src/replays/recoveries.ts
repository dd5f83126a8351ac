import type { Context } from '../context.js';
import { newDelivery } from '../delivery/new-delivery.js';
import { acceptorOf } from '../ingestion/matching.js';
import type { EventRecord } from '../models/event.js';
import { deliveryIdOf } from '../models/ids.js';
import type { Recovery, ReplayCursor, ReplayRecord } from '../models/replay.js';
import type { SubscriptionRecord } from '../models/subscription.js';
import { tenantOf } from '../models/tenant.js';
import type { JsonValue } from '../request/json-value.js';
import { afterCursor, oldestFirst, type Count, type Page, type Scope } from './page.js';

/** Events read at once; each can have 256 KiB. */
const eventsAtOnce = 200;
/** Where a filter accepts few, a page looks at so many events and goes on in the next. */
const looksAPage = 10;
/** A count looks at so many events. */
const mostCounted = 100_000;

/** An event of the range, and whether the subscription ought to have had it and did not. */
interface Looked {
  event: EventRecord;
  isMissed: boolean;
}

/** How many events of the range the subscription missed. */
export async function countRecoveries(
  ctx: Context,
  scope: Scope,
  recover: Recovery,
  subscription: SubscriptionRecord,
): Promise<Count> {
  let cursor: ReplayCursor | null = null;
  let count = 0;
  for (let looks = 0; looks < mostCounted / eventsAtOnce; looks += 1) {
    const looked: Looked[] = await look(ctx, scope, recover, subscription, cursor);
    count += looked.filter(({ isMissed }) => isMissed).length;
    const last = looked.at(-1);
    if (!last || looked.length < eventsAtOnce) return { count, skipped: 0, isComplete: true };
    cursor = cursorAt(last);
  }
  return { count, skipped: 0, isComplete: false };
}

/** The next deliveries of a recovery, at most `limit`. Nothing is written. */
export async function nextRecoveries(
  ctx: Context,
  replay: ReplayRecord,
  recover: Recovery,
  subscription: SubscriptionRecord,
  limit: number,
  now: Date,
): Promise<Page> {
  const page: Page = { deliveries: [], skipped: 0, cursor: replay.cursor, isLast: false };
  for (let looks = 0; looks < looksAPage; looks += 1) {
    const looked = await look(ctx, replay, recover, subscription, page.cursor);
    for (const each of looked) {
      if (page.deliveries.length === limit) return page;
      page.cursor = cursorAt(each);
      if (each.isMissed) page.deliveries.push(newDelivery(each.event, subscription, now));
    }
    if (looked.length < eventsAtOnce) return { ...page, isLast: true };
  }
  return page;
}

/** The next events of the range and of the subscription's types. */
async function look(
  ctx: Context,
  scope: Scope,
  { from, to }: Recovery,
  subscription: SubscriptionRecord,
  cursor: ReplayCursor | null,
): Promise<Looked[]> {
  const inRange = {
    ...tenantOf(scope),
    type: { $in: subscription.eventTypes },
    createdAt: { $gte: from, $lt: to < scope.createdAt ? to : scope.createdAt },
    // One that retention has let go is removed at any moment.
    expiresAt: null,
  };
  const events = await ctx.models.events
    .find({ $and: [inRange, afterCursor(cursor)] })
    .sort(oldestFirst)
    .limit(eventsAtOnce)
    .lean();
  const idOf = ({ _id }: EventRecord) => deliveryIdOf(_id, subscription._id);
  const made = await ctx.models.deliveries.find({ _id: { $in: events.map(idOf) } }, { _id: 1 }).lean();
  const had = new Set(made.map(({ _id }) => _id));
  const accepts = acceptorOf(subscription);
  return events.map((event) => ({
    event,
    isMissed: !had.has(idOf(event)) && accepts(JSON.parse(event.dataJson) as JsonValue),
  }));
}

function cursorAt({ event }: Looked): ReplayCursor {
  return { createdAt: event.createdAt, id: event._id };
}
