import type { AttemptRecord } from '../models/attempt.js';
import type { DeliveryRecord } from '../models/delivery.js';
import { statsId } from '../models/webhook-stats.js';
import { bucketOf } from './latency-buckets.js';

/** The part of a delivery that statistics are made of. */
export type Countable = Pick<
  DeliveryRecord,
  '_id' | 'organizationId' | 'environment' | 'webhookId' | 'status' | 'endedAt' | 'attemptCount'
> & {
  /** The first of its attempts that is not counted; beyond the last where only its end is not. */
  statsDue: number;
  attempts: Pick<AttemptRecord, 'number' | 'startedAt' | 'durationMs' | 'errorCode'>[];
};

/** What to add to an hour, by the paths of its counters. */
export interface Addition {
  hour: Date;
  counts: Record<string, number>;
}

/** What deliveries that are marked add to the hours of their webhooks, or of other owners, by `statsId`. */
export function tally(
  deliveries: readonly Countable[],
  ownerOf: (delivery: Countable) => string,
): Map<string, Addition> {
  const additions = new Map<string, Addition>();
  const count = (owner: string, at: Date, ...paths: string[]): void => {
    const hour = hourOf(at);
    const id = statsId(owner, hour);
    const addition = additions.get(id) ?? { hour, counts: {} };
    additions.set(id, addition);
    for (const path of paths) addition.counts[path] = (addition.counts[path] ?? 0) + 1;
  };
  for (const delivery of deliveries) {
    const { status, endedAt, attempts, statsDue } = delivery;
    const owner = ownerOf(delivery);
    for (const { number, startedAt, durationMs, errorCode } of attempts) {
      if (number < statsDue) continue;
      count(owner, startedAt, `attempts.${errorCode ?? 'succeeded'}`);
      if (isTimed(errorCode)) count(owner, startedAt, `latency.${bucketOf(durationMs)}`);
    }
    // A delivery that is over is never marked again: its end is counted once.
    if (endedAt) count(owner, endedAt, `deliveries.${status}`);
  }
  return additions;
}

/** The beginning of the hour, UTC. */
export function hourOf(at: Date): Date {
  return new Date(Math.floor(at.getTime() / 3_600_000) * 3_600_000);
}

/** Whether an attempt's duration says how fast the receiver is: it answered, or did not in time. */
function isTimed(errorCode: string | null): boolean {
  return errorCode === null || errorCode === 'http_status' || errorCode === 'timeout';
}
