import { Gathering } from '../group-commit/gathering.js';
import type { Models } from '../models/models.js';
import { lease } from './lease.js';

/** A moment that is past for longer than this is not used any more: what is late would come on top of what is in time. */
const lateMs = 500;
/** A process leases ahead what it uses in so long. */
const aheadMs = 250;
const secondMs = 1_000;
/** Of one lease. */
const mostAsking = 1_000;

/** When one may go (by `performance.now`), or how long it waits before it asks again. */
export type Turn = { kind: 'at'; at: number } | { kind: 'later'; delayMs: number };

interface Ask {
  perSecond: number;
  isReturning: boolean;
}

/** One limit as a process uses it: moments that it has leased, and asks that are answered together by one lease. */
export class Pacer {
  readonly #gathering: Gathering<Ask, Turn>;
  /** Moments that were leased ahead, the earliest first. */
  #spare: number[] = [];
  #isLine = false;
  /** Asks of this second, and of the one before. */
  #second = 0;
  #asks = 0;
  #asksBefore = 0;

  constructor(models: Models, id: string) {
    this.#gathering = new Gathering(async (asks) => this.#answer(models, id, asks), { most: mostAsking });
  }

  /** A turn for one; who returns goes before those that ask for the first time. */
  async turn(perSecond: number, isReturning: boolean): Promise<Turn> {
    this.#count();
    const latest = performance.now() - lateMs;
    while ((this.#spare[0] ?? latest) < latest) this.#spare.shift();
    const spare = isReturning || !this.#isLine ? this.#spare.shift() : undefined;
    if (spare !== undefined) return { kind: 'at', at: spare };
    return this.#gathering.add({ perSecond, isReturning });
  }

  async #answer(
    models: Models,
    id: string,
    asks: readonly Ask[],
  ): Promise<readonly PromiseFulfilledResult<Turn>[]> {
    const perSecond = asks.at(-1)?.perSecond ?? 1;
    const returning = asks.filter(({ isReturning }) => isReturning).length;
    const fresh = asks.length - returning;
    const spare = Math.floor(Math.min(this.#asksBefore, perSecond) * (aheadMs / secondMs));
    const { moments, comebacks, isLine } = await lease(models, id, { perSecond, returning, fresh, spare });
    const now = performance.now();
    this.#isLine = isLine;
    const turnOf = (ask: Ask): Turn => {
      const moment = isLine && !ask.isReturning ? undefined : moments.shift();
      if (moment !== undefined) return { kind: 'at', at: now + moment };
      return { kind: 'later', delayMs: comebacks.shift() ?? secondMs };
    };
    // Those that return come first, whatever the order in which they asked.
    const turns = new Map<Ask, Turn>();
    for (const wanted of [true, false]) {
      for (const ask of asks) if (ask.isReturning === wanted) turns.set(ask, turnOf(ask));
    }
    this.#spare.push(...moments.map((moment) => now + moment));
    return asks.map((ask) => ({
      status: 'fulfilled',
      value: turns.get(ask) ?? { kind: 'later', delayMs: secondMs },
    }));
  }

  #count(): void {
    const second = Math.floor(performance.now() / secondMs);
    if (second !== this.#second) {
      this.#asksBefore = second === this.#second + 1 ? this.#asks : 0;
      this.#second = second;
      this.#asks = 0;
    }
    this.#asks += 1;
  }
}
