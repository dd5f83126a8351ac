import { setTimeout as delay } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import type { Models } from '../models/models.js';
import { free, type Asking, type Gate, type Go, type Later } from './gate.js';
import { Pacer } from './pacer.js';

/** Webhooks whose pacers are kept; one that is let go costs no more than the moments that it had left. */
const remembered = 10_000;

/**
 * Keeps the requests to a webhook within its `rateLimit`, in the whole deployment. What finds no moment within the next second gets a time of
 * its own to come again, one after the other, so that ten thousand that wait do not come at once.
 */
export class RateGate implements Gate {
  readonly #models: Models;
  readonly #pacers = new LRUCache<string, Pacer>({ max: remembered });

  constructor(models: Models) {
    this.#models = models;
  }

  ask({ delivery, webhook, place }: Asking): Go | Later | Promise<Go | Later> {
    const perSecond = webhook.rateLimit ?? null;
    // A token is fetched at the pace of its own requests, and a first attempt that would wait inside a workflow's task waits elsewhere.
    if (perSecond === null || place === 'token') return free;
    if (place === 'local') return { kind: 'later', heldBy: 'rate_limit', delayMs: 0 };
    const isReturning = (delivery.heldBy ?? null) !== null || delivery.intent?.action === 'send-now';
    return this.#turnOf(webhook._id, perSecond, isReturning);
  }

  async #turnOf(webhookId: string, perSecond: number, isReturning: boolean): Promise<Go | Later> {
    const pacer = this.#pacers.get(webhookId) ?? new Pacer(this.#models, webhookId);
    this.#pacers.set(webhookId, pacer);
    const turn = await pacer.turn(perSecond, isReturning);
    if (turn.kind === 'later') return { kind: 'later', heldBy: 'rate_limit', delayMs: turn.delayMs };
    const waitMs = turn.at - performance.now();
    if (waitMs > 0) await delay(waitMs);
    return free;
  }
}
