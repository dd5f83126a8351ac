import type { Context } from '../context.js';
import type { Model } from 'mongoose';
import { statsId, type StatsRecord } from '../models/webhook-stats.js';
import { quantilesOf } from './latency-buckets.js';

/** Milliseconds of what statistics can be split by. Days are those of UTC. */
export const intervals = { hour: 3_600_000, day: 86_400_000 } as const;
export type Interval = keyof typeof intervals;

/** Full hours: `to` is not in it. */
export interface Range {
  from: Date;
  to: Date;
  interval: Interval;
}

/** What happened at a webhook, or in an environment, in some time. */
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
  range: Range,
): Promise<StatisticsOfRange> {
  return statisticsIn(ctx.models.webhookStats, webhookId, range);
}

/** The statistics of an owner of hours, as `statisticsOf`. */
export async function statisticsIn(
  model: Model<StatsRecord>,
  owner: string,
  range: Range,
): Promise<StatisticsOfRange> {
  const { from, to } = range;
  const hours = await model
    .find(hoursOf(owner, from, to))
    .sort({ _id: 1 })
    .lean();
  return {
    totals: sum(hours),
    data: split(hours, range).map(({ start, within }) => ({ start, ...sum(within) })),
  };
}

/** Hours by the interval that they are in: each that begins in the range or reaches into it, in order. */
export function split<T extends { hour: Date }>(
  hours: readonly T[],
  { from, to, interval }: Range,
): { start: Date; within: T[] }[] {
  const length = intervals[interval];
  const indexOf = (at: Date): number => Math.floor(at.getTime() / length);
  const byIndex = new Map<number, T[]>();
  for (let index = indexOf(from); index * length < to.getTime(); index += 1) byIndex.set(index, []);
  for (const hour of hours) byIndex.get(indexOf(hour.hour))?.push(hour);
  return Array.from(byIndex, ([index, within]) => ({ start: new Date(index * length), within }));
}

/** The records of an owner's hours: a range of ids, so the index of ids finds them and nothing else. */
export function hoursOf(owner: string, from: Date, to: Date): { _id: { $gte: string; $lt: string } } {
  return { _id: { $gte: statsId(owner, from), $lt: statsId(owner, to) } };
}

function sum(hours: readonly StatsRecord[]): Statistics {
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
