import type { Configuration } from '../configuration/configurations.js';
import type { Context } from '../context.js';
import type { Fresh } from '../delivery/handover.js';
import { newDelivery } from '../delivery/new-delivery.js';
import type { EventRecord } from '../models/event.js';
import type { JsonValue } from '../request/json-value.js';
import { contentHashOf } from './content-hash.js';
import { keyOf, type KeyedEvents } from './find-earlier.js';
import { keyReused, newEvent, type Publication, type Published } from './new-event.js';

/** What one transaction writes: the events of some calls, with their deliveries. */
export class Round {
  readonly events: EventRecord[] = [];
  readonly fresh: Fresh[] = [];
  readonly #ctx: Context;
  readonly #now: Date;
  /** What has its key already: published before, or by a call of this round. */
  readonly #keyed: KeyedEvents;

  constructor(ctx: Context, now: Date, earlier: KeyedEvents) {
    this.#ctx = ctx;
    this.#now = now;
    this.#keyed = new Map(earlier);
  }

  /** Adds a call's events, all or none. Throws a 409 Problem for a key that was used with another body. */
  add(publication: Publication, configuration: Configuration): Published[] {
    const events: EventRecord[] = [];
    const fresh: Fresh[] = [];
    const keyed: KeyedEvents = new Map();
    const published = publication.events.map((event, index): Published => {
      const hash = contentHashOf(event);
      const { idempotencyKey } = event;
      const key = idempotencyKey === undefined ? undefined : keyOf(publication, idempotencyKey);
      const same = key === undefined ? undefined : (this.#keyed.get(key) ?? keyed.get(key));
      if (same && same.hash !== hash) throw keyReused(event, publication.pathOf(index));
      if (same) return { ...same.published, duplicate: true };
      const record = newEvent(this.#ctx, publication.tenant, event, hash, this.#now);
      const own = this.#deliveriesOf(record, event.data, configuration);
      events.push(record);
      fresh.push(...own);
      const deliveries = own.map(({ delivery }) => delivery);
      const result: Published = { eventId: record._id, duplicate: false, deliveries };
      if (key !== undefined) keyed.set(key, { published: result, hash });
      return result;
    });
    this.events.push(...events);
    this.fresh.push(...fresh);
    for (const [key, one] of keyed) this.#keyed.set(key, one);
    return published;
  }

  #deliveriesOf(event: EventRecord, data: JsonValue, { routes }: Configuration): Fresh[] {
    return (routes.get(event.type) ?? [])
      .filter(({ accepts }) => accepts(data))
      .map(({ subscription, webhook, system }) => ({
        delivery: newDelivery(event, subscription, this.#now),
        event,
        webhook,
        system,
      }));
  }
}
