import { LRUCache } from 'lru-cache';
import { growingMs, isClosed, takeProbe } from '../circuit/circuit.js';
import type { Context } from '../context.js';
import type { Circuit, WebhookRecord } from '../models/webhook.js';
import { free, type Asking, type Gate, type Go, type Later } from './gate.js';

/** Webhooks for which is remembered who comes back. */
const remembered = 10_000;
/**
 * So many of those that wait come back when the next probe is due, from each process: one of them is the probe, and the
 * others are there for the next ones. All others wait to be woken.
 */
const probers = 10;
/** Should that get lost, those who wait to be woken look again between once and twice this: 10,000 cost 3 looks a second. */
const unwokenMs = 30 * 60_000;

/** Those that were told to wait for the same thing: the next probe, or their turn once the endpoint has recovered. */
interface Waiting {
  awaited: string;
  count: number;
  /** Of those that were told their turn, how many have left. */
  left: number;
}

/**
 * Holds back what goes to an endpoint that is down, but for one probe at a time, and lets it go at a growing rate once a probe has
 * succeeded: in each process one at once, and twice as many each second. What a person sends now goes in any case.
 */
export class CircuitGate implements Gate {
  readonly #ctx: () => Context;
  readonly #waiting = new LRUCache<string, Waiting>({ max: remembered });

  constructor(ctx: () => Context) {
    this.#ctx = ctx;
  }

  async ask({ delivery, webhook, place }: Asking): Promise<Go | Later> {
    const { circuit } = webhook;
    if (!circuit || delivery.intent?.action === 'send-now') return free;
    const ctx = this.#ctx();
    const now = await ctx.clock.now();
    if (isClosed(circuit, now)) return free;
    // The attempt asks again, and fetches its token then.
    if (place === 'token') return later(0);
    return circuit.state === 'open'
      ? this.#probe(delivery, webhook, circuit, now)
      : this.#grow(webhook, circuit, now);
  }

  async #probe(
    delivery: Asking['delivery'],
    webhook: WebhookRecord,
    { probeAt }: Circuit,
    now: Date,
  ): Promise<Go | Later> {
    const ctx = this.#ctx();
    const waitMs = probeAt.getTime() - now.getTime();
    if (await takeProbe(ctx, webhook, delivery, now)) return free;
    // Where another took the probe, the next one is at least as far off as the first was.
    const nextMs = waitMs > 0 ? waitMs : ctx.config.endpointHealth.circuit.probeMs;
    const waiting = this.#waitingFor(webhook._id, `${waitMs > 0 ? 'probe' : 'after'} ${probeAt.getTime()}`);
    waiting.count += 1;
    return later(waiting.count <= probers ? nextMs : unwokenMs * (1 + Math.random()));
  }

  /** The first leaves at once; twice as many have left after each second. Who comes too early is told when to come back. */
  #grow(webhook: WebhookRecord, { since }: Circuit, now: Date): Go | Later {
    const passedMs = now.getTime() - since.getTime();
    const waiting = this.#waitingFor(webhook._id, `turn ${since.getTime()}`);
    if (waiting.left < 2 ** (passedMs / 1_000)) {
      waiting.left += 1;
      return free;
    }
    waiting.count = Math.max(waiting.count, waiting.left) + 1;
    return later(Math.min(Math.log2(waiting.count) * 1_000, growingMs) - passedMs);
  }

  #waitingFor(webhookId: string, awaited: string): Waiting {
    const known = this.#waiting.get(webhookId);
    if (known?.awaited === awaited) return known;
    const waiting = { awaited, count: 0, left: 0 };
    this.#waiting.set(webhookId, waiting);
    return waiting;
  }
}

function later(delayMs: number): Later {
  return { kind: 'later', heldBy: 'circuit', delayMs };
}
