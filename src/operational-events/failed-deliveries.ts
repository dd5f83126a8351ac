import type { Context } from '../context.js';
import type { DeliveryRecord } from '../models/delivery.js';
import { tenantOf, type Tenant } from '../models/tenant.js';
import { environmentOwner } from '../models/webhook-stats.js';
import { announce, isSubscribed } from './announce.js';
import { deliveryFailed, type ToldAttempt } from './data.js';
import { operationalEventTypes } from './types.js';

type Ended = Pick<DeliveryRecord, '_id' | 'organizationId' | 'environment' | 'status'>;
type Failed = Omit<DeliveryRecord, 'attempts'> & { attempts: ToldAttempt[] };

/** What of a delivery is told of. */
const told = {
  body: 0,
  'attempts.request': 0,
  'attempts.response.headers': 0,
  'attempts.response.body': 0,
} as const;

/**
 * Announces `delivery.failed` for those of `deliveries` that have failed for good, where somebody subscribes to it. Called
 * again for the same ones it changes nothing. No failed delivery of an operational event makes another.
 */
export async function announceFailures(
  ctx: Pick<Context, 'models' | 'configurations'>,
  deliveries: readonly Ended[],
): Promise<void> {
  const failed = deliveries.filter(({ status }) => status === 'failed');
  const tenants = new Map<string, Tenant>(
    failed.map((delivery) => [environmentOwner(delivery), tenantOf(delivery)]),
  );
  for (const [owner, tenant] of tenants) {
    if (!(await isSubscribed(ctx, tenant, 'delivery.failed'))) continue;
    const own = failed.filter((delivery) => environmentOwner(delivery) === owner);
    const found = await ctx.models.deliveries
      .find(
        { _id: { $in: own.map(({ _id }) => _id) }, eventType: { $nin: [...operationalEventTypes] } },
        told,
      )
      .lean<Failed[]>();
    await announce(ctx, found.map(deliveryFailed));
  }
}
