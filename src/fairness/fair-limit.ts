import { TurnQueue } from './turn-queue.js';

/** Runs so many at once, which may change meanwhile; those that wait are taken from their owners in turn. */
export class FairLimit {
  readonly #limit: { readonly atOnce: number };
  readonly #waiting = new TurnQueue<() => void>();
  #running = 0;

  constructor(limit: { readonly atOnce: number }) {
    this.#limit = limit;
  }

  async run<T>(owner: string, act: () => Promise<T>): Promise<T> {
    if (this.#running < this.#limit.atOnce) this.#running += 1;
    else await new Promise<void>((resolve) => this.#waiting.push(owner, resolve));
    try {
      return await act();
    } finally {
      this.#running -= 1;
      this.#runNext();
    }
  }

  /** Places are handed over, so that nobody who comes meanwhile takes one. */
  #runNext(): void {
    while (this.#running < this.#limit.atOnce) {
      const next = this.#waiting.shift();
      if (!next) return;
      this.#running += 1;
      next();
    }
  }
}
