import type { JsonValue } from './json-value.js';

/** The part of an event that its receivers see. */
export interface SentEvent {
  id: string;
  type: string;
  occurredAt: Date;
  data: JsonValue;
}

/** The body of a webhook without a template, as Standard Webhooks recommends it; `timestamp` is ISO 8601, UTC. */
export function defaultBody(event: SentEvent): JsonValue {
  return { id: event.id, type: event.type, timestamp: event.occurredAt.toISOString(), data: event.data };
}
