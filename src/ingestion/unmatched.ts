import type { Context } from '../context.js';
import { compileFilter, type FilterRules, type Mismatch } from '../filter/filter.js';
import type { EventRecord } from '../models/event.js';
import type { SubscriptionRecord } from '../models/subscription.js';
import type { Tenant } from '../models/tenant.js';

/** Why an event did not go to a subscription, as its settings are now. */
export interface Unmatched {
  subscriptionId: string;
  webhookId: string;
  reason: 'subscription_off' | 'webhook_off' | 'event_type' | 'filter' | 'made_later';
  message: string;
  rules?: Mismatch[];
}

/** More subscriptions than this nobody reads; those that are closest to a match come first. */
const most = 1_000;

/** Every subscription of the tenant that an event did not reach, and why. */
export async function explainUnmatched(
  ctx: Context,
  tenant: Tenant,
  event: EventRecord,
  reached: ReadonlySet<string>,
): Promise<Unmatched[]> {
  const sameType = { ...tenant, eventTypes: event.type };
  const otherType = { ...tenant, eventTypes: { $ne: event.type } };
  const near = await ctx.models.subscriptions.find(sameType).sort({ _id: 1 }).limit(most).lean();
  const far = await ctx.models.subscriptions
    .find(otherType)
    .sort({ _id: 1 })
    .limit(most - near.length + 1)
    .lean();
  const subscriptions = [...near, ...far].filter(({ _id }) => !reached.has(_id)).slice(0, most);
  const off = await webhooksThatAreOff(ctx, subscriptions);
  const data: unknown = JSON.parse(event.dataJson);
  return subscriptions.map((subscription) =>
    explain(subscription, event, data, off.has(subscription.webhookId)),
  );
}

async function webhooksThatAreOff(
  ctx: Context,
  subscriptions: readonly SubscriptionRecord[],
): Promise<Set<string>> {
  const ids = [...new Set(subscriptions.map(({ webhookId }) => webhookId))];
  const webhooks = await ctx.models.webhooks
    .find({ _id: { $in: ids }, deletedAt: null, state: { $ne: 'off' } }, { _id: 1 })
    .lean();
  const on = new Set(webhooks.map(({ _id }) => _id));
  return new Set(ids.filter((id) => !on.has(id)));
}

function explain(
  subscription: SubscriptionRecord,
  event: EventRecord,
  data: unknown,
  webhookOff: boolean,
): Unmatched {
  const { _id: subscriptionId, webhookId, eventTypes, active, filterJson, createdAt } = subscription;
  const why = (reason: Unmatched['reason'], message: string): Unmatched => ({
    subscriptionId,
    webhookId,
    reason,
    message,
  });
  if (!eventTypes.includes(event.type)) {
    return why('event_type', `It is for ${eventTypes.join(', ')}, and the event is ${event.type}.`);
  }
  if (!active) return why('subscription_off', 'The subscription is switched off.');
  if (webhookOff) return why('webhook_off', 'Its webhook is off.');
  const rules = filterJson === null ? [] : compileFilter(JSON.parse(filterJson) as FilterRules).explain(data);
  if (rules.length > 0) {
    return {
      ...why('filter', `Its filter excluded the event: ${rules.map(({ message }) => message).join('; ')}.`),
      rules,
    };
  }
  const made = createdAt > event.createdAt ? 'made' : 'changed';
  return why('made_later', `It would match now; it was ${made} after the event was published.`);
}
