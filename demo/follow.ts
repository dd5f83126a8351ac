import { setTimeout as delay } from 'node:timers/promises';
import { DemoError, type Api, type Delivery } from './api.js';
import { tellAttempt, tellEnd } from './screen.js';

const lookEveryMs = 150;
const limitMs = 90_000;

/** Tells of each attempt as it is recorded, until all deliveries are over; gives them as they are then. */
export async function follow(
  api: Api,
  deliveryIds: readonly string[],
  nameOf: (delivery: Delivery) => string,
  signal: AbortSignal,
): Promise<Delivery[]> {
  const told = new Map<string, number>();
  const over = new Map<string, Delivery>();
  const deadline = Date.now() + limitMs;
  while (over.size < deliveryIds.length) {
    for (const id of deliveryIds.filter((deliveryId) => !over.has(deliveryId))) {
      signal.throwIfAborted();
      const delivery = await api.call<Delivery>('GET', `/deliveries/${id}`);
      for (const attempt of delivery.attempts.slice(told.get(id) ?? 0)) {
        tellAttempt(nameOf(delivery), delivery, attempt);
      }
      told.set(id, delivery.attempts.length);
      if (!isOver(delivery)) continue;
      over.set(id, delivery);
      tellEnd(nameOf(delivery), delivery);
    }
    if (Date.now() > deadline) throw new DemoError('The deliveries are not over. Does a worker run?');
    await delay(lookEveryMs);
  }
  return [...over.values()];
}

function isOver({ status }: Delivery): boolean {
  return status === 'succeeded' || status === 'failed' || status === 'cancelled';
}
