import type { Context } from '../context.js';
import { statsId, type WebhookStatsRecord } from '../models/webhook-stats.js';
import { quantilesOf } from './latency-buckets.js';

/** Milliseconds of what statistics can be split by. Days are those of UTC. */
export const intervals = { hour: 3_600_000, day: 86_400_000 } as const;
export type Interval = keyof typeof intervals;

/** What happened at a webhook in some time. */
export interface Statistics {
  attempts: { total: number; succeeded: number; failed: number; errors: Record<string, number> };
  deliveries: { succeeded: number; failed: number; cancelled: number };
  /** Of the attempts, 0 to 1; null where there was none. */
  successRate: number | null;
  /** Of attempts that were answered or timed out; within 2 %. null where there was none. */
  latencyMs: { p50: number | null; p95: number | null; p99: number | null };
}

/** Statistics of whole hours: in all, and for each interval that begins in the range or reaches into it. */
export interface StatisticsOfRange {
  totals: Statistics;
  data: ({ start: Date } & Statistics)[];
}

/** The statistics of a webhook. `from` and `to` are full hours, `to` is not in the range. Reads at most one record an hour. */
export async function statisticsOf(
  ctx: Pick<Context, 'models'>,
  webhookId: string,
  range: { from: Date; to: Date; interval: Interval },
): Promise<StatisticsOfRange> {
  const { from, to, interval } = range;
  const hours = await ctx.models.webhookStats
    .find(hoursOf(webhookId, from, to))
    .sort({ _id: 1 })
    .lean();
  const length = intervals[interval];
  const indexOf = (at: Date): number => Math.floor(at.getTime() / length);
  const byIndex = new Map<number, WebhookStatsRecord[]>();
  for (let index = indexOf(from); index * length < to.getTime(); index += 1) byIndex.set(index, []);
  for (const hour of hours) byIndex.get(indexOf(hour.hour))?.push(hour);
  return {
    totals: sum(hours),
    data: Array.from(byIndex, ([index, within]) => ({ start: new Date(index * length), ...sum(within) })),
  };
}

/** The records of a webhook's hours: a range of ids, so the index of ids finds them and nothing else. */
export function hoursOf(webhookId: string, from: Date, to: Date): { _id: { $gte: string; $lt: string } } {
  return { _id: { $gte: statsId(webhookId, from), $lt: statsId(webhookId, to) } };
}

function sum(hours: readonly WebhookStatsRecord[]): Statistics {
  const attempts = added(hours.map((hour) => hour.attempts));
  const deliveries = added(hours.map((hour) => hour.deliveries));
  const latency = added(hours.map((hour) => hour.latency));
  const { succeeded = 0, ...errors } = Object.fromEntries(attempts);
  const total = [...attempts.values()].reduce((all, count) => all + count, 0);
  const buckets = new Map(Array.from(latency, ([bucket, count]) => [Number(bucket), count]));
  const [p50 = null, p95 = null, p99 = null] = quantilesOf(buckets, [0.5, 0.95, 0.99]);
  return {
    attempts: { total, succeeded, failed: total - succeeded, errors },
    deliveries: {
      succeeded: deliveries.get('succeeded') ?? 0,
      failed: deliveries.get('failed') ?? 0,
      cancelled: deliveries.get('cancelled') ?? 0,
    },
    successRate: total === 0 ? null : succeeded / total,
    latencyMs: { p50, p95, p99 },
  };
}

function added(counters: readonly (Record<string, number> | undefined)[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const counts of counters) {
    for (const [key, count] of Object.entries(counts ?? {})) sums.set(key, (sums.get(key) ?? 0) + count);
  }
  return sums;
}
