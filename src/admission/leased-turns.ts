import { randomUUID } from 'node:crypto';
import { gatherAll } from '../group-commit/gather-all.js';
import type { Gathering } from '../group-commit/gathering.js';
import type { Models } from '../models/models.js';
import { leaseFrom, mongodbNow } from '../models/leasing.js';
import { Waiting, type Turns } from './turns.js';

/** A share that its process, which may be gone, has not renewed for so long is given to others. */
const leaseMs = 15_000;
const renewMs = 5_000;
/** What a process has not used for so long it gives back. */
const keepMs = 250;
const dayMs = 86_400_000;

/** This process, among those that hold shares. */
const holder = randomUUID();

/** Turns that all processes share: each leases from MongoDB what it needs, gives it back soon after, and renews what it uses. */
export class LeasedTurns implements Turns {
  readonly #models: Models;
  readonly #id: string;
  readonly #waiting = new Waiting();
  /** How much more is wanted is asked for by those that ask at the same time together. */
  readonly #leases: Gathering<number, void>;
  #taken = 0;
  #leased = 0;
  #limit = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(models: Models, id: string) {
    this.#models = models;
    this.#id = id;
    this.#leases = gatherAll(async (asks) => this.#lease(asks.reduce((sum, ask) => sum + ask, 0)), {
      most: Number.MAX_SAFE_INTEGER,
    });
  }

  async take(limit: number, patienceMs: number): Promise<boolean> {
    this.#limit = limit;
    if (this.#taken >= this.#leased) await this.#leases.add(1);
    if (this.#taken >= this.#leased) return this.#waiting.turn(patienceMs);
    this.#taken += 1;
    return true;
  }

  give(): void {
    const isTooMuch = this.#taken > this.#leased;
    if (!isTooMuch && this.#waiting.handOver()) return;
    this.#taken -= 1;
    this.#keepUp(keepMs);
  }

  /** Renews what is used and gives back the rest, until nothing is. */
  #keepUp(inMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      // What cannot be renewed now is tried again well before it is others'.
      this.#leases.add(0).catch(() => this.#keepUp(keepMs));
    }, inMs);
    this.#timer.unref();
  }

  /** Has as much as is used and `more`, as far as the others leave it. */
  async #lease(more: number): Promise<void> {
    const used = this.#taken;
    // What is given back, or may not be left to us, is not taken meanwhile.
    this.#leased = Math.min(this.#leased, used);
    const others = {
      $filter: {
        input: { $ifNull: ['$shares', []] },
        cond: { $and: [{ $ne: ['$$this.holder', holder] }, { $gt: ['$$this.until', mongodbNow] }] },
      },
    };
    const left = { $subtract: [this.#limit, { $sum: '$shares.count' }] };
    const count = { $max: [used, { $min: [used + more, left] }] };
    const own = { holder, count, until: { $add: [mongodbNow, leaseMs] } };
    const { shares } = await leaseFrom(this.#models.concurrencyShares, this.#id, [
      { $set: { shares: others } },
      { $set: { shares: { $concatArrays: ['$shares', [own]] } } },
      { $set: { expiresAt: { $add: ['$$NOW', dayMs] } } },
    ]);
    this.#leased = shares.find((share) => share.holder === holder)?.count ?? 0;
    if (this.#leased > 0) this.#keepUp(this.#taken < this.#leased ? keepMs : renewMs);
  }
}
