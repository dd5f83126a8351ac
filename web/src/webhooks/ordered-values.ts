import type { Schema } from '../api/schemas.js';

/** How a form holds the order of a webhook's deliveries. */
export type OrderedValues = {
  by: 'none' | 'all' | 'key';
  orderingKey: string;
  onFailure: 'block' | 'park' | 'skip';
  skipAfter: number;
};

/** Each delivery on its own. */
export const notOrdered: OrderedValues = { by: 'none', orderingKey: '', onFailure: 'block', skipAfter: 3 };

/** The order of a webhook as the API shows it, for the form. */
export function orderedValuesOf(ordered: Schema<'Webhook'>['ordered']): OrderedValues {
  if (ordered === null) return notOrdered;
  const { orderingKey, onFailure } = ordered;
  const skips = typeof onFailure === 'object';
  return {
    by: orderingKey === null ? 'all' : 'key',
    orderingKey: orderingKey ?? '',
    onFailure: skips ? 'skip' : onFailure,
    skipAfter: skips ? onFailure.skipAfter : notOrdered.skipAfter,
  };
}

/** What the values stand for in the API. */
export function orderedOf(values: OrderedValues): Schema<'Webhook'>['ordered'] {
  const { by, orderingKey, onFailure, skipAfter } = values;
  if (by === 'none') return null;
  return {
    orderingKey: by === 'all' ? null : orderingKey.trim(),
    onFailure: onFailure === 'skip' ? { skipAfter } : onFailure,
  };
}
