import { LRUCache } from 'lru-cache';
import type { Models } from '../models/models.js';
import type { Comebacks } from './comebacks.js';
import {
  groupPatienceMs,
  patienceMs,
  type Asking,
  type Gate,
  type Go,
  type Later,
  type Place,
} from './gate.js';
import { LeasedTurns } from './leased-turns.js';
import { OwnTurns, type Turns } from './turns.js';

/** Requests of one webhook under way in a process, where it has no limit of its own: as many as there are connections to an origin. */
const usualLimit = 32;
/** Webhooks that are remembered: their turns, and how long their exchanges usually take. */
const remembered = 10_000;
/** How much the newest exchange counts in that. */
const weight = 0.2;

const patienceAt: Readonly<Record<Place, number>> = {
  activity: patienceMs,
  token: patienceMs,
  group: groupPatienceMs,
  local: 0,
};

/**
 * Bounds how many requests of one webhook are under way, so that an endpoint that hangs holds few of a worker's slots: those of a process, or
 * with a `maxConcurrency` those of the whole deployment.
 */
export class ConcurrencyGate implements Gate {
  readonly #models: Models;
  readonly #comebacks: Comebacks;
  readonly #own = new LRUCache<string, Turns>({ max: remembered });
  readonly #leased = new LRUCache<string, Turns>({ max: remembered });
  readonly #usualMs = new LRUCache<string, number>({ max: remembered });

  constructor(models: Models, comebacks: Comebacks) {
    this.#models = models;
    this.#comebacks = comebacks;
  }

  async ask({ delivery, webhook, place }: Asking): Promise<Go | Later> {
    const maxConcurrency = webhook.maxConcurrency ?? null;
    const limit = maxConcurrency ?? usualLimit;
    const turns = this.#turnsOf(webhook._id, maxConcurrency !== null);
    // A lease would hold up a workflow's task.
    const isPossible = place !== 'local' || maxConcurrency === null;
    if (isPossible && (await turns.take(limit, patienceAt[place]))) return this.#go(webhook._id, turns);
    const stepMs = (this.#usualMs.get(webhook._id) ?? Infinity) / limit;
    const delayMs = this.#comebacks.next(delivery.organizationId, stepMs);
    return { kind: 'later', heldBy: 'concurrency', delayMs };
  }

  #go(webhookId: string, turns: Turns): Go {
    const begun = performance.now();
    return {
      kind: 'go',
      leave: () => {
        const tookMs = performance.now() - begun;
        const usualMs = this.#usualMs.get(webhookId) ?? tookMs;
        this.#usualMs.set(webhookId, usualMs + (tookMs - usualMs) * weight);
        turns.give();
      },
    };
  }

  #turnsOf(webhookId: string, isLeased: boolean): Turns {
    const known = isLeased ? this.#leased : this.#own;
    const turns =
      known.get(webhookId) ?? (isLeased ? new LeasedTurns(this.#models, webhookId) : new OwnTurns());
    known.set(webhookId, turns);
    return turns;
  }
}
