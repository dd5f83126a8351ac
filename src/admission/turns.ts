/** Turns of one webhook's requests in this process. */
export interface Turns {
  /** Takes a turn; false where there is none. It is waited for for `patienceMs` at most. */
  take(limit: number, patienceMs: number): Promise<boolean>;
  /** Gives a turn back: to the first that waits for it. */
  give(): void;
}

/** Those that wait for a turn, first come, first served. */
export class Waiting {
  readonly #settles = new Set<(turn: boolean) => void>();

  /** Resolves with true once a turn is handed over, with false where none was in time. */
  async turn(patienceMs: number): Promise<boolean> {
    if (patienceMs === 0) return false;
    return new Promise((resolve) => {
      const settle = (turn: boolean): void => {
        clearTimeout(timer);
        this.#settles.delete(settle);
        resolve(turn);
      };
      const timer = setTimeout(() => settle(false), patienceMs);
      this.#settles.add(settle);
    });
  }

  /** Hands a turn to the first; false where nobody waits. */
  handOver(): boolean {
    const [first] = this.#settles;
    first?.(true);
    return first !== undefined;
  }
}

/** Turns of which this process has `limit`, whatever others do. */
export class OwnTurns implements Turns {
  readonly #waiting = new Waiting();
  #taken = 0;

  async take(limit: number, patienceMs: number): Promise<boolean> {
    if (this.#taken >= limit) return this.#waiting.turn(patienceMs);
    this.#taken += 1;
    return true;
  }

  give(): void {
    if (!this.#waiting.handOver()) this.#taken -= 1;
  }
}
