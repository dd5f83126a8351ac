import type { Context } from '../context.js';
import type { Tenant } from '../models/tenant.js';
import { environmentOwner } from '../models/webhook-stats.js';

/** A delivery that ought to have been seen to so long ago is overdue: its workers are away or far behind, or it was lost. */
const overdueAfterMs = 5 * 60_000;

/** Of each of the ways to be overdue, so many are looked at. */
const mostLookedAt = 10_000;
const mostExamples = 10;

/** The ways to be overdue, each a range of an index. */
export function overdueFilters(now: Date): Record<string, unknown>[] {
  const before = new Date(now.getTime() - overdueAfterMs);
  return [
    { open: true, nextAttemptAt: { $lt: before } },
    { open: true, status: 'delivering', updatedAt: { $lt: before } },
    { open: true, status: 'pending', createdAt: { $lt: before } },
  ];
}

/** Deliveries that are overdue. */
export interface Overdue {
  count: number;
  /** Whether that is all. */
  countComplete: boolean;
  /** Some of them. */
  ids: string[];
}

/** What is overdue in an environment, or with null in all. Looks at some thousands at most. */
export async function overdueOf(
  { models }: Pick<Context, 'models'>,
  tenant: Tenant | null,
  now: Date,
): Promise<Overdue> {
  const owner = tenant && environmentOwner(tenant);
  const found = await Promise.all(
    overdueFilters(now).map(async (filter) => {
      const late = await models.deliveries
        .find(filter, { organizationId: 1, environment: 1 })
        .limit(mostLookedAt)
        .lean();
      const own = late.filter((delivery) => owner === null || environmentOwner(delivery) === owner);
      return { ids: own.map(({ _id }) => _id), isAll: late.length < mostLookedAt };
    }),
  );
  // One that is shown as under way and whose attempt was due long ago is late in two ways.
  const ids = [...new Set(found.flatMap((each) => each.ids))];
  return {
    count: ids.length,
    countComplete: found.every(({ isAll }) => isAll),
    ids: ids.slice(0, mostExamples),
  };
}
