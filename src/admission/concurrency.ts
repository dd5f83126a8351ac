import { LRUCache } from 'lru-cache';
import type { Comebacks } from './comebacks.js';
import { patienceMs, type Asking, type Gate, type Go, type Later } from './gate.js';

/** Requests of one webhook under way in a process, where it has no limit of its own: as many as there are connections to an origin. */
const defaultLimit = 32;
/** Webhooks whose exchanges' usual duration is remembered. */
const remembered = 10_000;
/** How much the newest exchange counts in that. */
const weight = 0.2;

/** Those of one webhook that are under way, and those that wait for them. */
interface Room {
  taken: number;
  waiting: Set<(turn: boolean) => void>;
}

/** Bounds how many requests of one webhook are under way, so that an endpoint that hangs holds few of a worker's slots. */
export class ConcurrencyGate implements Gate {
  readonly #rooms = new Map<string, Room>();
  readonly #usualMs = new LRUCache<string, number>({ max: remembered });
  readonly #comebacks: Comebacks;

  constructor(comebacks: Comebacks) {
    this.#comebacks = comebacks;
  }

  async ask({ delivery, webhook, place }: Asking): Promise<Go | Later> {
    const room = this.#roomOf(webhook._id);
    if (room.taken < defaultLimit) {
      room.taken += 1;
      return this.#go(webhook._id, room);
    }
    if (place !== 'local' && (await turnIn(room))) return this.#go(webhook._id, room);
    const stepMs = (this.#usualMs.get(webhook._id) ?? Infinity) / defaultLimit;
    return {
      kind: 'later',
      heldBy: 'concurrency',
      delayMs: this.#comebacks.next(delivery.organizationId, stepMs),
    };
  }

  #go(webhookId: string, room: Room): Go {
    const begun = performance.now();
    return {
      kind: 'go',
      leave: () => {
        const tookMs = performance.now() - begun;
        const usualMs = this.#usualMs.get(webhookId) ?? tookMs;
        this.#usualMs.set(webhookId, usualMs + (tookMs - usualMs) * weight);
        const [next] = room.waiting;
        if (next) next(true);
        else room.taken -= 1;
        if (room.taken === 0) this.#rooms.delete(webhookId);
      },
    };
  }

  #roomOf(webhookId: string): Room {
    const room = this.#rooms.get(webhookId) ?? { taken: 0, waiting: new Set() };
    this.#rooms.set(webhookId, room);
    return room;
  }
}

/** Waits for the turn of one that leaves: it is handed over, first come, first served. False where none came in time. */
async function turnIn(room: Room): Promise<boolean> {
  return new Promise((resolve) => {
    const settle = (turn: boolean): void => {
      clearTimeout(timer);
      room.waiting.delete(settle);
      resolve(turn);
    };
    const timer = setTimeout(() => settle(false), patienceMs);
    room.waiting.add(settle);
  });
}
