import { patienceMs } from './gate.js';

/** Turns of one webhook's requests in this process. */
export interface Turns {
  /** Takes a turn; false where there is none. Who is patient waits a moment for one. */
  take(limit: number, isPatient: boolean): Promise<boolean>;
  /** Gives a turn back: to the first that waits for it. */
  give(): void;
}

/** Those that wait for a turn, first come, first served. */
export class Waiting {
  readonly #settles = new Set<(turn: boolean) => void>();

  /** Resolves with true once a turn is handed over, with false where none was in time. */
  async turn(): Promise<boolean> {
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

  async take(limit: number, isPatient: boolean): Promise<boolean> {
    if (this.#taken >= limit) return isPatient && this.#waiting.turn();
    this.#taken += 1;
    return true;
  }

  give(): void {
    if (!this.#waiting.handOver()) this.#taken -= 1;
  }
}
