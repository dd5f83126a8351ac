import { durationMs } from '../config/duration.js';
import { headerOf } from '../http/exchange.js';
import type { HeaderList } from '../http/exchange.js';
import type { FailureReason } from '../models/delivery.js';
import type { OnFailure } from '../models/webhook.js';
import { retryAfterMs } from './retry-after.js';

/** What came of an attempt: a response, or none, whatever the reason (a failed token fetch is one). */
export type AttemptOutcome = { ok: true; status: number; headers: HeaderList } | { ok: false };

/** What becomes of the delivery. */
export type Verdict =
  { kind: 'succeeded' } | { kind: 'failed'; reason: FailureReason } | { kind: 'retry'; delayMs: number };

/** Temporal takes a delay of 0 as the end of all retries. */
const zeroDelayMs = 1_000;

/**
 * The verdict on attempt `attemptNumber` (from 1): any 2xx has succeeded, 400 is rejected for good, everything
 * else is tried again after the schedule's entry of that number, and has exhausted it where there is none.
 * `Retry-After` of a 429 or 503 counts where it is later than the schedule. In a lane, `onFailure` can end it before the
 * schedule does.
 */
export function judge(attempt: {
  outcome: AttemptOutcome;
  attemptNumber: number;
  schedule: readonly string[];
  now: Date;
  onFailure?: OnFailure | undefined;
}): Verdict {
  const { outcome, schedule, now, onFailure = 'block' } = attempt;
  const status = outcome.ok ? outcome.status : undefined;
  if (status !== undefined && isSuccess(status)) return { kind: 'succeeded' };
  if (status === 400) return { kind: 'failed', reason: 'rejected' };

  if (onFailure === 'park') return { kind: 'failed', reason: 'parked' };
  if (typeof onFailure === 'object' && attempt.attemptNumber >= onFailure.skipAfter) {
    return { kind: 'failed', reason: 'skipped' };
  }

  const entry = schedule[attempt.attemptNumber - 1];
  if (entry === undefined) return { kind: 'failed', reason: 'exhausted' };
  const delayMs = Math.max(durationMs(entry), askedDelayMs(outcome, now));
  return { kind: 'retry', delayMs: delayMs === 0 ? zeroDelayMs : delayMs };
}

/** Whether a receiver has taken what was sent. */
export function isSuccess(status: number): boolean {
  return status >= 200 && status <= 299;
}

function askedDelayMs(outcome: AttemptOutcome, now: Date): number {
  if (!outcome.ok || (outcome.status !== 429 && outcome.status !== 503)) return 0;
  const value = headerOf(outcome.headers, 'retry-after');
  return (value === undefined ? undefined : retryAfterMs(value, now)) ?? 0;
}
