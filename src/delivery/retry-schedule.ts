import { z } from 'zod';
import { Duration, durationMs, parseDuration } from '../config/duration.js';

const maxEntries = 50;
const maxDelayMs = durationMs('30d');

/**
 * The delays between the attempts of a delivery: one attempt more than entries, so none means one attempt.
 * At most 50 entries, each at most 30 days.
 */
export const RetrySchedule = z
  .array(
    Duration.refine((delay) => (parseDuration(delay) ?? 0) <= maxDelayMs, {
      error: 'must be at most 30d',
    }),
  )
  .max(maxEntries, { error: `must be at most ${maxEntries} delays` })
  .meta({ id: 'RetrySchedule', example: ['5s', '5m', '30m', '2h', '5h', '10h'] });
export type RetrySchedule = z.infer<typeof RetrySchedule>;

/** Seven attempts in 17 h 40 min. */
export const defaultRetrySchedule: RetrySchedule = ['5s', '5m', '30m', '2h', '5h', '10h'];

/** A schedule as the environment gives it, such as `5s,5m,30m`; empty for none. Throws an `Error` that says what is wrong. */
export function parseRetrySchedule(text: string): RetrySchedule {
  const entries = text.trim() === '' ? [] : text.split(',').map((entry) => entry.trim());
  const parsed = RetrySchedule.safeParse(entries);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const [index] = issue?.path ?? [];
  const entry = typeof index === 'number' ? `"${entries[index]}" ` : '';
  throw new Error(`${entry}${issue?.message}`);
}
