import type { FilterField } from './filter-field.js';

/** The states of a delivery: the API's words, and what they mean. */
export const deliveryStates = [
  { value: 'pending', label: 'pending' },
  { value: 'delivering', label: 'delivering' },
  { value: 'waiting', label: 'waiting' },
  { value: 'succeeded', label: 'succeeded' },
  { value: 'failed', label: 'failed' },
  { value: 'cancelled', label: 'cancelled' },
] as const;

/** What the API narrows deliveries by, time aside. */
export const sentFilters: readonly FilterField[] = [
  { name: 'status', label: 'Status', choices: deliveryStates },
  { name: 'webhookId', label: 'Webhook', choices: 'webhooks' },
  { name: 'subscriptionId', label: 'Subscription', choices: 'subscriptions' },
  { name: 'eventType', label: 'Event type', choices: 'eventTypes', free: true },
  { name: 'eventId', label: 'Event id' },
  { name: 'correlationId', label: 'Correlation id' },
];
