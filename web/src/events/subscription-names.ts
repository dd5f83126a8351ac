import { useChoices, type Choice } from '../monitor/filter-field.js';

const subscriptions = { name: 'subscriptionId', label: 'Subscription', choices: 'subscriptions' } as const;
const webhooks = { name: 'webhookId', label: 'Webhook', choices: 'webhooks' } as const;

/** Gives what a subscription and its webhook are called; their ids where that is not known. */
export function useSubscriptionNames(): (
  subscriptionId: string,
  webhookId: string,
) => { subscription: string; webhook: string } {
  const ofSubscriptions = useChoices(subscriptions);
  const ofWebhooks = useChoices(webhooks);
  return (subscriptionId, webhookId) => ({
    subscription: nameIn(ofSubscriptions, subscriptionId),
    webhook: nameIn(ofWebhooks, webhookId),
  });
}

function nameIn(choices: readonly Choice[] | undefined, id: string): string {
  return choices?.find(({ value }) => value === id)?.label ?? id;
}
