import type { Context } from '../context.js';
import { compileFilter, type FilterRules } from '../filter/filter.js';
import type { SubscriptionRecord } from '../models/subscription.js';
import type { Tenant } from '../models/tenant.js';
import type { WebhookRecord } from '../models/webhook.js';
import type { JsonValue } from '../request/json-value.js';

/** A subscription that an event goes to, and its webhook. */
export interface Match {
  subscription: SubscriptionRecord;
  webhook: WebhookRecord;
}

/** Which subscriptions of a tenant an event of a type goes to. */
export type Matcher = (type: string, data: JsonValue) => Match[];

/**
 * A matcher for events of these types, from the configuration as it is now: active subscriptions whose webhook is
 * not off. Three queries, however many events.
 */
export async function loadMatcher(ctx: Context, tenant: Tenant, types: readonly string[]): Promise<Matcher> {
  const subscriptions = await ctx.models.subscriptions
    .find({ ...tenant, eventTypes: { $in: types }, active: true })
    .sort({ _id: 1 })
    .lean();
  const webhooks = await ctx.models.webhooks
    .find({
      _id: { $in: [...new Set(subscriptions.map(({ webhookId }) => webhookId))] },
      deletedAt: null,
      state: { $ne: 'off' },
    })
    .lean();
  const byId = new Map(webhooks.map((webhook) => [webhook._id, webhook]));
  const rules = subscriptions.flatMap((subscription) => {
    const webhook = byId.get(subscription.webhookId);
    return webhook ? [{ subscription, webhook, accepts: acceptorOf(subscription) }] : [];
  });
  return (type, data) =>
    rules
      .filter(({ subscription, accepts }) => subscription.eventTypes.includes(type) && accepts(data))
      .map(({ subscription, webhook }) => ({ subscription, webhook }));
}

/** Whether a subscription's filter accepts an event's data. */
export function acceptorOf({
  filterJson,
}: Pick<SubscriptionRecord, 'filterJson'>): (data: JsonValue) => boolean {
  if (filterJson === null) return () => true;
  const filter = compileFilter(JSON.parse(filterJson) as FilterRules);
  return (data) => filter.matches(data);
}
