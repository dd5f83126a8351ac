import type { Context } from '../context.js';
import { openStatuses } from '../models/delivery.js';
import { tenantOf, type Tenant } from '../models/tenant.js';

/** A count stops here: an index is walked that far in some milliseconds. */
export const mostCounted = 10_000;

/** Some of the deliveries that are not over. */
export interface Backlog {
  count: number;
  /** Whether that is all, or only as far as was counted. */
  countComplete: boolean;
  oldest: { deliveryId: string; createdAt: Date } | null;
}

/** Deliveries of an environment that are not over, by status; `held` are those of `waiting` that a pause holds. */
export type Backlogs = Record<(typeof openStatuses)[number] | 'held', Backlog>;

/** What is not over in an environment. Reads keys of indexes alone, and no more than it counts. */
export async function backlogsOf(ctx: Context, tenant: Tenant): Promise<Backlogs> {
  const [pending, delivering, waiting, held] = await Promise.all([
    ...openStatuses.map(async (status) => backlogOf(ctx, { ...tenantOf(tenant), status })),
    backlogOf(ctx, { ...tenantOf(tenant), held: true }),
  ] as const);
  return { pending, delivering, waiting, held } as Backlogs;
}

async function backlogOf(ctx: Context, filter: Record<string, unknown>): Promise<Backlog> {
  const { deliveries } = ctx.models;
  const [count, oldest] = await Promise.all([
    deliveries.countDocuments(filter).limit(mostCounted + 1),
    deliveries.findOne(filter, { createdAt: 1 }).sort({ createdAt: 1, _id: 1 }).lean(),
  ]);
  return {
    count: Math.min(count, mostCounted),
    countComplete: count <= mostCounted,
    oldest: oldest && { deliveryId: oldest._id, createdAt: oldest.createdAt },
  };
}
