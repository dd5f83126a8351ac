/** What Postrider publishes about itself, to whoever subscribes. The catalogue `postrider` has their schemas. */
export const operationalEventTypes = ['delivery.failed', 'webhook.failing', 'webhook.paused'] as const;
export type OperationalEventType = (typeof operationalEventTypes)[number];

/** The catalogue that brings them into an environment. */
export const operationalCatalogue = 'postrider';

/** What a name that is reserved is told with, after the name. */
export const reservedType = `is reserved: Postrider itself publishes it, once the catalogue ${operationalCatalogue} is imported and somebody subscribes`;

/** Idempotency keys of operational events begin so, and no others. */
export const operationalKeys = 'postrider/';

const names = new Set<string>(operationalEventTypes);

/** Whether an event of this type is Postrider's own. */
export function isOperational(type: string): type is OperationalEventType {
  return names.has(type);
}
