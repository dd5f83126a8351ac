import type { Schema } from '../api/schemas.js';

/** What a replay is for, in words: "3 picked by hand", "failed, webhook wh_…". */
export function targetOf({ filter, recover }: Schema<'Replay'>): string {
  if (recover) return `What subscription ${recover.subscriptionId} missed`;
  const { deliveryIds, ...rest } = filter ?? {};
  const parts = Object.entries(rest).map(([name, value]) => `${words[name] ?? name} ${String(value)}`.trim());
  if (Array.isArray(deliveryIds)) parts.unshift(`${deliveryIds.length} picked by hand`);
  return parts.join(', ');
}

const words: Readonly<Record<string, string>> = {
  status: '',
  webhookId: 'webhook',
  subscriptionId: 'subscription',
  eventId: 'event',
  eventType: '',
  correlationId: 'correlation id',
};
