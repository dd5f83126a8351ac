import { NotSent } from './exchange.js';

/** How many may be under way at once, how many may wait for their turn, and for how long. */
export interface TurnLimits {
  atOnce: number;
  waiting: number;
  waitMs: number;
}

interface Waiter {
  timer: NodeJS.Timeout;
  go: () => void;
  refuse: (error: NotSent) => void;
}

/** A bounded queue, first come, first served: `take` a turn, and `give` it back. */
export class Turns {
  readonly #limits: TurnLimits;
  readonly #waiting = new Set<Waiter>();
  #taken = 0;

  constructor(limits: TurnLimits) {
    this.#limits = limits;
  }

  /** Whether nobody has a turn or waits for one. */
  get idle(): boolean {
    return this.#taken === 0 && this.#waiting.size === 0;
  }

  /** Resolves with one's turn; rejects with `NotSent` where the queue is full or the wait is too long. */
  async take(): Promise<void> {
    if (this.#taken < this.#limits.atOnce) {
      this.#taken += 1;
      return;
    }
    if (this.#waiting.size >= this.#limits.waiting) throw new NotSent('too many requests wait for this host');
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(waiter);
        reject(new NotSent(`no connection to this host came free within ${this.#limits.waitMs} ms`));
      }, this.#limits.waitMs);
      const waiter: Waiter = { timer, go: resolve, refuse: reject };
      this.#waiting.add(waiter);
    });
  }

  /** Gives a turn back: to the first that waits. */
  give(): void {
    const [next] = this.#waiting;
    if (!next) {
      this.#taken -= 1;
      return;
    }
    this.#leave(next);
    next.go();
  }

  /** Refuses all that wait. */
  refuseWaiting(error: NotSent): void {
    for (const waiter of this.#waiting) {
      this.#leave(waiter);
      waiter.refuse(error);
    }
  }

  #leave(waiter: Waiter): void {
    clearTimeout(waiter.timer);
    this.#waiting.delete(waiter);
  }
}
