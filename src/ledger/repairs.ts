import type { Context } from '../context.js';
import { native } from '../models/native.js';
import type { Tenant } from '../models/tenant.js';
import { environmentOwner, statsId } from '../models/webhook-stats.js';
import { hourOf } from '../statistics/tally.js';

/**
 * What a sweep can do for a delivery: start one that was written and not started, move one out of a lost group, start one
 * again whose workflow is not known, end one whose workflow was closed by hand, have one follow its webhook's state.
 */
export const repairs = ['started', 'moved', 'revived', 'ended', 'settled'] as const;
export type Repair = (typeof repairs)[number];

/** Counts deliveries that a sweep has seen to. Never fails: a repair that is not counted is a repair all the same. */
export async function countRepairs(
  ctx: Pick<Context, 'models' | 'logger'>,
  repair: Repair,
  deliveries: readonly Tenant[],
): Promise<void> {
  if (deliveries.length === 0) return;
  const hour = hourOf(new Date());
  const path = `repaired.${repair}`;
  const byOwner = new Map<string, number>();
  for (const delivery of deliveries) {
    const owner = environmentOwner(delivery);
    byOwner.set(owner, (byOwner.get(owner) ?? 0) + 1);
  }
  try {
    await native(ctx.models.ledgerHours).bulkWrite(
      Array.from(byOwner, ([owner, count]) => ({
        updateOne: {
          filter: { _id: statsId(owner, hour) },
          update: { $inc: { [path]: count }, $setOnInsert: { hour } },
          upsert: true,
        },
      })),
      { ordered: false },
    );
    await native(ctx.models.sweepJournal).updateOne(
      { _id: 'sweep' },
      { $inc: { [path]: deliveries.length } },
      { upsert: true },
    );
  } catch (error) {
    ctx.logger.warn({ err: error, repair, count: deliveries.length }, 'repairs not counted');
  }
}
