import { compileFilter, type FilterRules, type Mismatch } from '../filter/filter.js';
import type { SubscriptionRecord } from '../models/subscription.js';

/** Something that keeps an event from a subscription. */
export interface Obstacle {
  reason: 'event_type' | 'subscription_off' | 'webhook_off' | 'filter';
  message: string;
  /** The rules of the filter that fail. */
  rules?: Mismatch[];
}

/** All that keeps an event from a subscription as its settings are now; none where it goes there. Any type passes for undefined. */
export function obstaclesOf(
  { eventTypes, active, filterJson }: SubscriptionRecord,
  webhookOff: boolean,
  event: { type: string | undefined; data: unknown },
): Obstacle[] {
  const obstacles: Obstacle[] = [];
  if (event.type !== undefined && !eventTypes.includes(event.type)) {
    const message = `It is for ${eventTypes.join(', ')}, and the event is ${event.type}.`;
    obstacles.push({ reason: 'event_type', message });
  }
  if (!active) obstacles.push({ reason: 'subscription_off', message: 'The subscription is switched off.' });
  if (webhookOff) obstacles.push({ reason: 'webhook_off', message: 'Its webhook is off.' });
  const rules =
    filterJson === null ? [] : compileFilter(JSON.parse(filterJson) as FilterRules).explain(event.data);
  if (rules.length > 0) {
    const message = `Its filter excludes the event: ${rules.map((rule) => rule.message).join('; ')}.`;
    obstacles.push({ reason: 'filter', message, rules });
  }
  return obstacles;
}
