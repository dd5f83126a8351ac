import { z } from 'zod';
import { attemptErrorCodes } from '../../errors/codes.js';
import { invalid } from '../../errors/problem.js';
import { intervals, type Range } from '../../statistics/webhook-statistics.js';
import { Moment } from '../fields.js';

/** The longest range of each interval, in hours: 31 days, 400 days. */
const longestHours = { hour: 744, day: 9_600 } as const;
const hourMs = intervals.hour;
/** Hours of the range where it is not said. */
const usualHours = 24;

/** The range of statistics, as calls give it. */
export const StatisticsQuery = z.strictObject({
  from: Moment.optional().meta({
    description: `the hour that holds it is the first; ${usualHours} h before \`to\``,
  }),
  to: Moment.optional().meta({ description: 'hours that begin before it; now' }),
  interval: z
    .enum(['hour', 'day'])
    .default('hour')
    .meta({ description: 'at most 31 days by the hour, 400 days by the day (UTC)' }),
});

const Count = z.number().int();
const Percentile = z.number().nullable();

/** What statistics say of some time. */
export const statistics = {
  attempts: z.object({
    total: Count,
    succeeded: Count,
    failed: Count,
    errors: z
      .partialRecord(z.enum(Object.keys(attemptErrorCodes) as (keyof typeof attemptErrorCodes)[]), Count)
      .meta({ description: 'the failed ones by their error code' }),
  }),
  deliveries: z
    .object({ succeeded: Count, failed: Count, cancelled: Count })
    .meta({ description: 'those that ended' }),
  successRate: z
    .number()
    .nullable()
    .meta({ description: 'of the attempts, 0 to 1; null where there was none' }),
  latencyMs: z.object({ p50: Percentile, p95: Percentile, p99: Percentile }).meta({
    description: 'of attempts that were answered or timed out, within 2 %; null where there was none',
  }),
};

/** The range in full hours. Throws a 422 Problem for one that is empty or too long. */
export function rangeOf(query: z.infer<typeof StatisticsQuery>, now: Date): Range {
  const { interval } = query;
  const to = Math.ceil((query.to ?? now).getTime() / hourMs) * hourMs;
  const from = query.from ? Math.floor(query.from.getTime() / hourMs) * hourMs : to - usualHours * hourMs;
  if (from >= to) throw invalid([{ path: 'from', message: 'must be before to' }]);
  const longest = longestHours[interval];
  if (to - from > longest * hourMs) {
    const message = `must be at most ${longest / 24} days before to where the interval is ${interval}`;
    throw invalid([{ path: 'from', message }]);
  }
  return { from: new Date(from), to: new Date(to), interval };
}
