import type { Context } from '../context.js';
import { Problem } from '../errors/problem.js';
import type { DeliveryRecord } from '../models/delivery.js';
import type { EventRecord } from '../models/event.js';
import { newId } from '../models/ids.js';
import type { Tenant } from '../models/tenant.js';
import type { JsonValue } from '../request/json-value.js';
import { contentHashOf } from './content-hash.js';
import { identifiersOf } from './identifiers.js';

/** An event as a service publishes it. */
export interface NewEvent {
  type: string;
  data: JsonValue;
  idempotencyKey?: string | undefined;
  correlationId?: string | undefined;
  occurredAt?: Date | undefined;
}

/** An event with what is worked out once, however often its write is tried. */
export interface PreparedEvent extends NewEvent {
  dataJson: string;
  /** See `contentHashOf`. */
  contentHash: string;
}

/** Works out what an event is written with. */
export function prepared(event: NewEvent): PreparedEvent {
  return { ...event, dataJson: JSON.stringify(event.data), contentHash: contentHashOf(event) };
}

/** Events that one call publishes, all or none. */
export interface Publication {
  tenant: Tenant;
  events: readonly PreparedEvent[];
  pathOf: PathOf;
  /** Postrider's own: only then may they be of an operational type. */
  operational?: true;
}

/** An event that is durably written, with its deliveries as they were first written. */
export interface Published {
  eventId: string;
  duplicate: boolean;
  deliveries: Pick<DeliveryRecord, '_id' | 'subscriptionId' | 'webhookId' | 'lane'>[];
}

/** Where an event stands in the call, for errors: nothing for a single one, `events.3` in a batch. */
export type PathOf = (index: number) => readonly PropertyKey[];

/** An event as it is first written. */
export function newEvent(ctx: Context, tenant: Tenant, event: PreparedEvent, now: Date): EventRecord {
  return {
    _id: newId('event'),
    organizationId: tenant.organizationId,
    environment: tenant.environment,
    type: event.type,
    dataJson: event.dataJson,
    occurredAt: event.occurredAt ?? now,
    createdAt: now,
    idempotencyKey: event.idempotencyKey ?? null,
    contentHash: event.contentHash,
    correlationId: event.correlationId ?? null,
    values: identifiersOf(event.data),
    retainUntil: new Date(now.getTime() + ctx.config.retentionMs),
    expiresAt: null,
  };
}

/** The 409 Problem of a key that stands for another event. */
export function keyReused(event: NewEvent, path: readonly PropertyKey[]): Problem {
  const message = `was used for an event with another body: ${String(event.idempotencyKey)}`;
  return new Problem('idempotency_key_reused', `The idempotency key ${message}`, {
    errors: [{ path: [...path, 'idempotencyKey'].map(String).join('.'), message }],
  });
}
