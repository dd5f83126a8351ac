import type { Context } from '../context.js';
import type { Tenant } from '../models/tenant.js';
import { environmentOwner } from '../models/webhook-stats.js';
import { eventsOf } from './event-counts.js';
import { split, statisticsIn, type Range, type Statistics } from './webhook-statistics.js';

/** What happened in an environment in some time. */
export interface EnvironmentStatistics extends Statistics {
  /** Events published. */
  events: number;
}

/** The statistics of an environment over full hours; reads at most two records an hour. */
export async function statisticsOfEnvironment(
  ctx: Pick<Context, 'models'>,
  tenant: Tenant,
  range: Range,
): Promise<{ totals: EnvironmentStatistics; data: ({ start: Date } & EnvironmentStatistics)[] }> {
  const [{ totals, data }, hours] = await Promise.all([
    statisticsIn(ctx.models.environmentStats, environmentOwner(tenant), range),
    eventsOf(ctx, tenant, range),
  ]);
  const events = split(hours, range).map(({ within }) => sum(within));
  return {
    totals: { events: sum(hours), ...totals },
    data: data.map(({ start, ...counts }, index) => ({ start, events: events[index] ?? 0, ...counts })),
  };
}

function sum(hours: readonly { count: number }[]): number {
  return hours.reduce((all, { count }) => all + count, 0);
}
