/**
 * How many calls may be under way at once to a server that answers all of them later the more there are: fewer each time one
 * takes too long, one more after one that was quick (additive increase and multiplicative decrease, as TCP has it, RFC 5681). What waits
 * for its turn waits here then, where organizations take turns, and not there, where they do not.
 */
export class Congestion {
  readonly #most: number;
  readonly #fewest: number;
  readonly #slowMs: number;
  #atOnce: number;

  constructor({ most, fewest, slowMs }: { most: number; fewest: number; slowMs: number }) {
    this.#most = most;
    this.#fewest = fewest;
    this.#slowMs = slowMs;
    this.#atOnce = most;
  }

  get atOnce(): number {
    return Math.floor(this.#atOnce);
  }

  /** A call has ended after so many ms. */
  took(ms: number): void {
    this.#atOnce =
      ms > this.#slowMs ? Math.max(this.#fewest, this.#atOnce * 0.9) : Math.min(this.#most, this.#atOnce + 1);
  }
}
