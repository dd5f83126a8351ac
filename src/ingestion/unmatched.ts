import type { Context } from '../context.js';
import type { EventRecord } from '../models/event.js';
import type { SubscriptionRecord } from '../models/subscription.js';
import type { Tenant } from '../models/tenant.js';
import { obstaclesOf, type Obstacle } from './obstacles.js';

/** Why an event did not go to a subscription, as its settings are now. */
export type Unmatched = { subscriptionId: string; webhookId: string } & (
  Obstacle | { reason: 'made_later'; message: string }
);

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
  const { _id: subscriptionId, webhookId, createdAt } = subscription;
  const [first] = obstaclesOf(subscription, webhookOff, { type: event.type, data });
  if (first) return { subscriptionId, webhookId, ...first };
  const made = createdAt > event.createdAt ? 'made' : 'changed';
  const message = `It would match now; it was ${made} after the event was published.`;
  return { subscriptionId, webhookId, reason: 'made_later', message };
}
