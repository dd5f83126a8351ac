import { TurnQueue } from '../fairness/turn-queue.js';

/** How much is done at once, and how much may wait for it. */
export interface GatheringLimits<Item> {
  /** Items of one round. */
  most: number;
  /** What an item counts for, in any unit, and how much of that one round takes (at least one item goes in any case). */
  sizeOf?: (item: Item) => number;
  mostSize?: number;
  /** Whose an item is: those that wait are taken from their owners in turn. By default all are one owner's. */
  ownerOf?: (item: Item) => string;
  /** How long a round waits for as many as there were in the last one, in ms; 0 (default) never. */
  waitMs?: number;
  /** Whether what earlier rounds led to is still in hand: a round that is not full then waits, 250 ms at most; by default never. */
  isBusy?: () => boolean;
}

interface Waiting<Item, Result> {
  item: Item;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
}

/** Fewer than this in a round are no crowd: who comes next does not wait for others. */
const crowd = 4;
/** A crowd that was there longer ago than this is gone. */
const crowdGoneMs = 50;
/** What is busy is asked again after this. */
const askAgainMs = 2;
/** So long a round waits at most for what is busy: about twice what fifty deliveries take where a machine has other work. */
const longestBusyMs = 250;

/**
 * Group commit: what comes while a round is under way is done together in the next one. One that comes alone is done
 * at once. While rounds are crowded, the next waits `waitMs` at most for as many as the last one had: callers that were
 * answered together come back together, and the first of them would otherwise go alone and leave the others waiting.
 *
 * Where what a round leads to takes longer than the round itself, `isBusy` makes rounds as large as the load: what comes while the
 * last ones are worked off would only wait behind them, so it may as well wait here, together.
 */
export class Gathering<Item, Result> {
  readonly #round: (items: readonly Item[]) => Promise<readonly PromiseSettledResult<Result>[]>;
  readonly #limits: GatheringLimits<Item>;
  readonly #waiting = new TurnQueue<Waiting<Item, Result>>();
  #underWay = false;
  #lastCount = 0;
  #lastEndedAt = 0;
  #timer: NodeJS.Timeout | undefined;
  #askingAgain: NodeJS.Timeout | undefined;
  /** Since when something has waited here with no round under way. */
  #idleSince: number | undefined;

  /** `round` answers each item in its order; where it throws, all of them fail so. */
  constructor(
    round: (items: readonly Item[]) => Promise<readonly PromiseSettledResult<Result>[]>,
    limits: GatheringLimits<Item>,
  ) {
    this.#round = round;
    this.#limits = limits;
  }

  /** Does an item with whatever else comes. */
  async add(item: Item): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      this.#waiting.push(this.#limits.ownerOf?.(item) ?? '', { item, resolve, reject });
      this.#consider();
    });
  }

  #consider(): void {
    if (this.#underWay || this.#waiting.size === 0) return;
    if (this.#isHeldUp()) {
      this.#askingAgain ??= setTimeout(() => {
        this.#askingAgain = undefined;
        this.#consider();
      }, askAgainMs);
    } else if (this.#waiting.size >= this.#expected()) {
      this.#begin();
    } else {
      this.#timer ??= setTimeout(() => this.#begin(), this.#limits.waitMs ?? 0);
    }
  }

  #isHeldUp(): boolean {
    const { most, isBusy } = this.#limits;
    if (!isBusy || this.#waiting.size >= most) return false;
    this.#idleSince ??= performance.now();
    return performance.now() - this.#idleSince < longestBusyMs && isBusy();
  }

  #expected(): number {
    const { waitMs = 0, most } = this.#limits;
    const isCrowded = this.#lastCount >= crowd && performance.now() - this.#lastEndedAt < crowdGoneMs;
    return waitMs > 0 && isCrowded ? Math.min(this.#lastCount, most) : 1;
  }

  #begin(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#askingAgain);
    this.#timer = undefined;
    this.#askingAgain = undefined;
    if (this.#underWay) return;
    this.#idleSince = undefined;
    const taken = this.#take();
    this.#underWay = true;
    this.#lastCount = taken.length;
    void this.#do(taken).finally(() => {
      this.#underWay = false;
      this.#lastEndedAt = performance.now();
      this.#consider();
    });
  }

  #take(): Waiting<Item, Result>[] {
    const { most, sizeOf = () => 0, mostSize = Infinity } = this.#limits;
    const taken: Waiting<Item, Result>[] = [];
    let size = 0;
    while (taken.length < most) {
      const next = this.#waiting.peek();
      if (!next) break;
      size += sizeOf(next.item);
      if (taken.length > 0 && size > mostSize) break;
      taken.push(next);
      this.#waiting.shift();
    }
    return taken;
  }

  async #do(taken: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const outcomes = await this.#round(taken.map(({ item }) => item));
      for (const [index, { resolve, reject }] of taken.entries()) {
        const outcome = outcomes[index];
        if (outcome?.status === 'fulfilled') resolve(outcome.value);
        else reject(outcome?.reason ?? new Error('a round left an item without an answer'));
      }
    } catch (error) {
      for (const { reject } of taken) reject(error);
    }
  }
}
