import type { Configuration } from '../configuration/configurations.js';
import type { Context } from '../context.js';
import type { Fresh } from '../delivery/handover.js';
import { newDelivery } from '../delivery/new-delivery.js';
import { laneOf } from '../lanes/lane-of.js';
import type { EventRecord } from '../models/event.js';
import type { JsonValue } from '../request/json-value.js';
import { keyOf, type KeyedEvents } from './find-earlier.js';
import { keyReused, newEvent, type Publication, type Published } from './new-event.js';

/** Of one transaction, which MongoDB lets live for 60 s. */
const mostDeliveries = 2_000;
/** Of the data of its events: two of the largest calls. */
const mostCharacters = 16 * 1024 * 1024;

/** What one transaction writes: the events of some calls, with their deliveries. */
export class Round {
  readonly events: EventRecord[] = [];
  readonly fresh: Fresh[] = [];
  #size = 0;
  readonly #ctx: Context;
  readonly #now: Date;
  /** What has its key already: published before, or by a call of this round. */
  readonly #keyed: KeyedEvents;

  constructor(ctx: Context, now: Date, earlier: KeyedEvents) {
    this.#ctx = ctx;
    this.#now = now;
    this.#keyed = new Map(earlier);
  }

  /** Whether it is as large as a transaction should be; a single call may make it larger. */
  get isFull(): boolean {
    return this.fresh.length >= mostDeliveries || this.#size >= mostCharacters;
  }

  /** Adds a call's events, all or none. Throws a 409 Problem for a key that was used with another body. */
  add(publication: Publication, configuration: Configuration): Published[] {
    const events: EventRecord[] = [];
    const fresh: Fresh[] = [];
    const keyed: KeyedEvents = new Map();
    const published = publication.events.map((event, index): Published => {
      const { idempotencyKey, contentHash: hash } = event;
      const key = idempotencyKey === undefined ? undefined : keyOf(publication, idempotencyKey);
      const same = key === undefined ? undefined : (this.#keyed.get(key) ?? keyed.get(key));
      if (same && same.hash !== hash) throw keyReused(event, publication.pathOf(index));
      if (same) return { ...same.published, duplicate: true };
      const record = newEvent(this.#ctx, publication.tenant, event, this.#now);
      const own = this.#deliveriesOf(record, event.data, configuration);
      events.push({ ...record, deliveryCount: own.length });
      fresh.push(...own);
      const deliveries = own.map(({ delivery }) => delivery);
      const result: Published = { eventId: record._id, duplicate: false, deliveries };
      if (key !== undefined) keyed.set(key, { published: result, hash });
      return result;
    });
    for (const event of events) {
      this.events.push(event);
      this.#size += event.dataJson.length;
    }
    for (const one of fresh) this.fresh.push(one);
    for (const [key, one] of keyed) this.#keyed.set(key, one);
    return published;
  }

  #deliveriesOf(event: EventRecord, data: JsonValue, { routes }: Configuration): Fresh[] {
    return (routes.get(event.type) ?? [])
      .filter(({ accepts }) => accepts(data))
      .map(({ subscription, webhook, system }) => ({
        delivery: newDelivery(event, subscription, this.#now, laneOf(webhook, data)),
        event,
        webhook,
        system,
      }));
  }
}
