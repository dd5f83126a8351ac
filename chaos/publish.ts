import { setTimeout as delay } from 'node:timers/promises';
import type { Answer, Client } from './client.js';
import type { Random } from './random.js';
import type { Load } from './subscribers.js';

const callers = 10;
const batchSize = 10;
/** One call in so many is a batch. */
const batchOneIn = 10;
/** Values of what is ordered by. */
const keys = 5;

/** An event that was answered with 202. */
export interface Accepted extends Load {
  id: string;
  /** When its call was first made, and when that was answered. */
  calledAt: number;
  answeredAt: number;
}

/**
 * Publishes `events` events from several callers at once, over some `lastsMs`. Each call has an idempotency key and is
 * repeated until it is answered, as a service that must not lose an event would do it. Gives what was answered with 202.
 */
export async function publishLoad(
  api: Client,
  random: Random,
  { type, events, lastsMs }: { type: string; events: number; lastsMs: number },
): Promise<Accepted[]> {
  const accepted: Accepted[] = [];
  const calls = callsOf(events, random).values();
  const began = Date.now();
  await Promise.all(
    Array.from({ length: callers }, async () => {
      for (const call of calls) {
        const due = began + ((call[0]?.number ?? 0) / events) * lastsMs;
        await delay(Math.max(0, due - Date.now()));
        const calledAt = Date.now();
        const answers = await send(api, type, call);
        const answeredAt = Date.now();
        for (const [index, load] of call.entries()) {
          accepted.push({ ...load, id: String(answers[index]?.['id']), calledAt, answeredAt });
        }
      }
    }),
  );
  return accepted;
}

function callsOf(events: number, random: Random): Load[][] {
  const calls: Load[][] = [];
  for (let number = 0; number < events;) {
    const size = random.chance(1 / batchOneIn) ? Math.min(batchSize, events - number) : 1;
    calls.push(Array.from({ length: size }, (_, index) => loadOf(number + index)));
    number += size;
  }
  return calls;
}

function loadOf(number: number): Load {
  const kinds: Record<number, Load['kind']> = { 0: 'secret', 2: 'ordered', 4: 'secret', 6: 'held' };
  return { number, kind: kinds[number % 8] ?? 'plain', key: `key ${Math.floor(number / 8) % keys}` };
}

async function send(api: Client, type: string, loads: readonly Load[]): Promise<Answer[]> {
  const events = loads.map((data) => ({ type, data, idempotencyKey: `chaos-${data.number}` }));
  const [single] = events;
  if (single && events.length === 1) return [await api.call('POST', '/v1/events', single)];
  return (await api.call<{ data: Answer[] }>('POST', '/v1/events/batch', { events })).data;
}
