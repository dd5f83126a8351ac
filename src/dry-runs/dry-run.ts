import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Context } from '../context.js';
import type { RequestEvent } from '../delivery/delivery-request.js';
import { createdBetween } from '../delivery/delivery-query.js';
import { native } from '../models/native.js';
import { tenantOf, type Tenant } from '../models/tenant.js';
import type { JsonValue } from '../request/json-value.js';
import { tryBody, type Breakage } from './breakage.js';
import { typesOf, type Settings } from './settings.js';
import { add, newTally, Tallies, type Tally } from './tally.js';

/** Events looked at, the newest ones of the range. */
export const mostLooked = 10_000;
/** Time for all of a run; what was looked at until then is the answer. */
const longestMs = 5_000;
/** Others get their turn after so long. */
const turnMs = 10;
/** Events read at once; of large ones MongoDB gives as many as 16 MiB hold. */
const eventsAtOnce = 500;
/** How many events a range has is counted so far, and for so long. */
const mostCounted = 1_000_000;
const countingMs = 1_000;
/** MongoDB reads so many index scans in the order of time at once (internalQueryMaxScansToExplode). */
const mostTypesByIndex = 200;

/** What settings would have done to the events of a range. */
export interface DryRun {
  looked: number;
  /** Events of the types in the range; null where that was not known in time. */
  total: number | null;
  cut: boolean;
  /** Events that would have gone, and those that go as it is saved. */
  goes: number;
  goesNow: number;
  more: Tally;
  fewer: Tally;
  /** Of those that would have gone: those whose body could not be sent as it is meant. */
  breaks: Tally & { reasons: { reason: Breakage; tally: Tally }[] };
  missing: { placeholder: string; tally: Tally }[];
}

interface Range {
  from: Date;
  to: Date;
}

/** Tries settings on the newest events of a range, beside those that are saved. Writes and sends nothing; ends early once aborted. */
export async function dryRun(
  ctx: Context,
  tenant: Tenant,
  range: Range,
  { saved, changed }: { saved: Settings; changed: Settings },
  signal: AbortSignal,
): Promise<DryRun> {
  const types = typesOf(saved, changed);
  const filter = { ...tenantOf(tenant), type: { $in: types }, ...createdBetween(range.from, range.to) };
  const [more, fewer, breaks] = [newTally(), newTally(), newTally()];
  const reasons = new Tallies<Breakage>();
  const placeholders = new Tallies<string>();
  const now = await ctx.clock.now();
  const found = { looked: 0, goes: 0, goesNow: 0 };
  const cut = await eachEvent(ctx, filter, types.length, signal, (event) => {
    found.looked += 1;
    const data = JSON.parse(event.dataJson) as JsonValue;
    const goesNow = goes(saved, event.type, data);
    if (goesNow) found.goesNow += 1;
    if (!goes(changed, event.type, data)) {
      if (goesNow) add(fewer, event._id);
      return;
    }
    found.goes += 1;
    if (!goesNow) add(more, event._id);
    const { breakage, missing } = tryBody(changed.body, event, now);
    for (const placeholder of missing) placeholders.add(placeholder, event._id);
    if (breakage === null) return;
    add(breaks, event._id);
    reasons.add(breakage, event._id);
  });
  return {
    ...found,
    total: cut ? await countEvents(ctx, filter) : found.looked,
    cut,
    more,
    fewer,
    breaks: { ...breaks, reasons: reasons.list().map(({ name: reason, tally }) => ({ reason, tally })) },
    missing: placeholders.list().map(({ name: placeholder, tally }) => ({ placeholder, tally })),
  };
}

function goes({ rules }: Settings, type: string, data: JsonValue): boolean {
  return rules.some(({ eventTypes, accepts }) => eventTypes.includes(type) && accepts(data));
}

type Seen = RequestEvent & { _id: string };

/** Shows the newest events, one after the other. True where it stopped before the last one. */
async function eachEvent(
  ctx: Context,
  filter: Record<string, unknown>,
  types: number,
  signal: AbortSignal,
  look: (event: Seen) => void,
): Promise<boolean> {
  const endsAt = performance.now() + longestMs;
  const index = types > mostTypesByIndex ? {} : { type: 1 };
  const events = native(ctx.models.events).find<Seen>(filter, {
    projection: { type: 1, dataJson: 1, occurredAt: 1, correlationId: 1 },
    sort: { createdAt: -1, _id: -1 },
    hint: { organizationId: 1, environment: 1, ...index, createdAt: -1, _id: -1 },
    batchSize: eventsAtOnce,
    limit: mostLooked + 1,
    maxTimeMS: longestMs,
  });
  let looked = 0;
  let turnEndsAt = performance.now() + turnMs;
  try {
    for await (const event of events) {
      if (looked === mostLooked || performance.now() > endsAt) return true;
      look(event);
      looked += 1;
      if (performance.now() < turnEndsAt) continue;
      await nextTurn();
      if (signal.aborted) return true;
      turnEndsAt = performance.now() + turnMs;
    }
    return false;
  } catch (error) {
    if (isTimeUp(error)) return true;
    throw error;
  } finally {
    await events.close();
  }
}

async function countEvents(ctx: Context, filter: Record<string, unknown>): Promise<number | null> {
  try {
    const count = await native(ctx.models.events).countDocuments(filter, {
      limit: mostCounted,
      maxTimeMS: countingMs,
    });
    return count < mostCounted ? count : null;
  } catch (error) {
    if (isTimeUp(error)) return null;
    throw error;
  }
}

/** MongoDB's MaxTimeMSExpired. */
function isTimeUp(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === 50;
}
