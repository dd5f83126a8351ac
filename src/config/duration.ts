import { z } from 'zod';

const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const pattern = /^(\d{1,9})(ms|s|m|h|d)$/;
const longestMs = 365 * unitMs.d;

/** Milliseconds of a duration such as `500ms`, `5s`, `30m`, `2h` or `30d`; undefined when it is not one. */
export function parseDuration(text: string): number | undefined {
  const match = pattern.exec(text);
  if (!match) return undefined;
  return Number(match[1]) * unitMs[match[2] as keyof typeof unitMs];
}

/** A duration as clients and operators write it: a whole number and its unit, at most 365 days. */
export const Duration = z
  .string()
  .refine((text) => (parseDuration(text) ?? Infinity) <= longestMs, {
    error: 'must be a whole number with a unit (ms, s, m, h, d), such as 5s or 2h, and at most 365d',
  })
  .meta({ id: 'Duration', pattern: pattern.source, example: '5s' });

/** Milliseconds of a text that `Duration` has validated. */
export function durationMs(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined) throw new RangeError(`not a duration: ${text}`);
  return ms;
}
