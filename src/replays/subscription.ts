import type { Context } from '../context.js';
import type { SubscriptionRecord } from '../models/subscription.js';
import type { Tenant } from '../models/tenant.js';

/** A subscription that can be sent to, or why it cannot. */
export type Recoverable =
  { subscription: SubscriptionRecord; obstacle?: undefined } | { subscription?: undefined; obstacle: string };

/** Looks whether a subscription of the tenant takes deliveries now; undefined where there is none. */
export async function recoverableSubscription(
  ctx: Context,
  { organizationId, environment }: Tenant,
  id: string,
): Promise<Recoverable | undefined> {
  const subscription = await ctx.models.subscriptions
    .findOne({ _id: id, organizationId, environment })
    .lean();
  if (!subscription) return undefined;
  if (!subscription.active) return { obstacle: `The subscription ${id} is off; switch it on first.` };
  const { webhookId } = subscription;
  const webhook = await ctx.models.webhooks.findById(webhookId, { state: 1, deletedAt: 1 }).lean();
  const isOff = !webhook || webhook.deletedAt !== null || webhook.state === 'off';
  return isOff ? { obstacle: `Its webhook ${webhookId} is off; switch it on first.` } : { subscription };
}
