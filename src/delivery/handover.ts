import { LRUCache } from 'lru-cache';
import type { DeliveryRecord } from '../models/delivery.js';
import type { EventRecord } from '../models/event.js';
import type { ExternalSystemRecord } from '../models/external-system.js';
import { isGroup } from '../models/ids.js';
import type { WebhookRecord } from '../models/webhook.js';

/** What was written for a delivery, and the configuration that it was matched by. */
export interface Fresh {
  delivery: DeliveryRecord;
  event: EventRecord;
  webhook: WebhookRecord;
  system: ExternalSystemRecord | null;
}

const most = 1_000;
/** So long a change of the webhook by another process may go unseen by a first attempt: as if the request had left before it. */
const freshMs = 250;

/**
 * What this process has just written, for a first attempt that it makes itself at once: it need not read again what it
 * knows. Everything else is read from MongoDB.
 */
export class Handover {
  readonly #fresh = new LRUCache<string, Fresh>({ max: most, ttl: freshMs });
  /** When each that travels in a group was given, the oldest first. */
  readonly #inHand = new Map<string, number>();

  give(fresh: Fresh): void {
    const { _id, workflowId } = fresh.delivery;
    this.#fresh.set(_id, fresh);
    if (isGroup(workflowId)) this.#inHand.set(_id, performance.now());
  }

  /** Deliveries in groups that were given in the last 250 ms, and whose first requests have not ended: their record is written beside the next round. */
  get inHand(): number {
    const since = performance.now() - freshMs;
    for (const [deliveryId, givenAt] of this.#inHand) {
      if (givenAt >= since) break;
      this.#inHand.delete(deliveryId);
    }
    return this.#inHand.size;
  }

  /** The first request of one that travels in a group has ended. */
  sent(deliveryId: string): void {
    this.#inHand.delete(deliveryId);
  }

  /** Gives it once. */
  take(deliveryId: string): Fresh | undefined {
    const fresh = this.#fresh.get(deliveryId);
    this.#fresh.delete(deliveryId);
    return fresh;
  }

  /** Something changed: whatever was not taken yet is read again. */
  clear(): void {
    this.#fresh.clear();
  }
}
