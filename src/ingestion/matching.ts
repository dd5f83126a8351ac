import { compileFilter, type FilterRules } from '../filter/filter.js';
import type { SubscriptionRecord } from '../models/subscription.js';
import type { JsonValue } from '../request/json-value.js';

/** Whether a subscription takes an event with this data. */
export type Acceptor = (data: JsonValue) => boolean;

/** Whether a subscription's filter accepts an event's data. */
export function acceptorOf({ filterJson }: Pick<SubscriptionRecord, 'filterJson'>): Acceptor {
  if (filterJson === null) return () => true;
  const filter = compileFilter(JSON.parse(filterJson) as FilterRules);
  return (data) => filter.matches(data);
}
