import { TurnQueue } from './turn-queue.js';

/** Runs so many at once; those that wait are taken from their owners in turn. */
export class FairLimit {
  readonly #atOnce: number;
  readonly #waiting = new TurnQueue<() => void>();
  #running = 0;

  constructor(atOnce: number) {
    this.#atOnce = atOnce;
  }

  async run<T>(owner: string, act: () => Promise<T>): Promise<T> {
    if (this.#running < this.#atOnce) this.#running += 1;
    else await new Promise<void>((resolve) => this.#waiting.push(owner, resolve));
    try {
      return await act();
    } finally {
      // The place is handed over, so that nobody who comes meanwhile takes it.
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running -= 1;
    }
  }
}
