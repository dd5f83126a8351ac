import type { Context } from '../context.js';
import { timeOf } from '../models/ids.js';
import type { Tenant } from '../models/tenant.js';

/** Events that are looked at together with their deliveries. */
const pageSize = 1_000;

type Parts = Pick<Context, 'models'>;

/** Events that were compared with the deliveries that are there. */
export interface Examined {
  events: number;
  /** Deliveries that they were written with. */
  expected: number;
  /** Deliveries of these that are there; never more than `expected`. */
  found: number;
  /** Events that cannot be compared; they are not in the other counts but `events`. */
  unrecorded: number;
  /** Events of which a delivery is missing. */
  lacking: { eventId: string; at: Date }[];
}

/** Nothing examined yet. */
export function nothingExamined(): Examined {
  return { events: 0, expected: 0, found: 0, unrecorded: 0, lacking: [] };
}

/** Two parts of a whole. */
export function together(one: Examined, other: Examined): Examined {
  return {
    events: one.events + other.events,
    expected: one.expected + other.expected,
    found: one.found + other.found,
    unrecorded: one.unrecorded + other.unrecorded,
    lacking: [...one.lacking, ...other.lacking],
  };
}

/**
 * Compares the events of an environment that were published from `from` until before `to` with their deliveries, at most
 * some more than `most` of them; `isAll` tells whether those were all. An event tells how many deliveries it was written with: it is written by
 * the same transaction. A resend has an id of a later time, and is not counted; what a recovery made up for is.
 */
export async function examine(
  { models }: Parts,
  tenant: Tenant,
  { from, to, now }: { from: Date; to: Date; now: Date },
  most = Number.POSITIVE_INFINITY,
): Promise<Examined & { isAll: boolean }> {
  const { organizationId, environment } = tenant;
  let whole = nothingExamined();
  let after: { createdAt: Date; _id: string } | undefined;
  while (whole.events < most) {
    const rest = after
      ? {
          createdAt: { $gte: after.createdAt, $lt: to },
          $or: [{ createdAt: { $gt: after.createdAt } }, { _id: { $gt: after._id } }],
        }
      : { createdAt: { $gte: from, $lt: to } };
    const events = await models.events
      .find({ organizationId, environment, ...rest }, { createdAt: 1, deliveryCount: 1, retainUntil: 1 })
      .sort({ createdAt: 1, _id: 1 })
      .limit(pageSize)
      .lean();
    whole = together(whole, await compare({ models }, events, now));
    after = events.at(-1);
    if (!after || events.length < pageSize) return { ...whole, isAll: true };
  }
  return { ...whole, isAll: false };
}

/** Whether an event has all deliveries that it was written with. True where it is gone, or does not tell. */
export async function isWhole(parts: Parts, eventId: string, now: Date): Promise<boolean> {
  const event = await parts.models.events
    .findById(eventId, { createdAt: 1, deliveryCount: 1, retainUntil: 1 })
    .lean();
  return !event || (await compare(parts, [event], now)).lacking.length === 0;
}

interface Comparable {
  _id: string;
  createdAt: Date;
  deliveryCount?: number;
  retainUntil: Date;
}

async function compare({ models }: Parts, events: readonly Comparable[], now: Date): Promise<Examined> {
  const examined = nothingExamined();
  const counts = new Map<string, number>();
  const ids = events.map(({ _id }) => _id);
  // Answered by the keys of the index of `eventId` alone.
  const deliveries =
    ids.length === 0 ? [] : await models.deliveries.find({ eventId: { $in: ids } }, { eventId: 1 }).lean();
  for (const { _id, eventId } of deliveries) {
    if (timeOf(_id) === timeOf(eventId)) counts.set(eventId, (counts.get(eventId) ?? 0) + 1);
  }
  for (const { _id: eventId, createdAt: at, deliveryCount: expected, retainUntil } of events) {
    examined.events += 1;
    const found = counts.get(eventId) ?? 0;
    if (expected === undefined || (found < expected && retainUntil <= now)) {
      examined.unrecorded += 1;
      continue;
    }
    examined.expected += expected;
    examined.found += Math.min(found, expected);
    if (found < expected) examined.lacking.push({ eventId, at });
  }
  return examined;
}
