/** How often it is noted that this process is there, in ms. */
const stepMs = 20;
/** So long may lie between two notes; the rest of a longer time is this process's own. */
const longestMs = 2 * stepMs;

/**
 * A clock of the time in which this process attends to what comes: it stands still while the process is held up, by its own work or
 * by a machine that has other work. So it tells how long an answer took to come, and not how long it lay unread.
 */
export class Attention {
  #ms = 0;
  #notedAt = performance.now();

  constructor() {
    setInterval(() => this.now(), stepMs).unref();
  }

  /** Milliseconds since it was made, without those in which the process was held up. */
  now(): number {
    const now = performance.now();
    this.#ms += Math.min(now - this.#notedAt, longestMs);
    this.#notedAt = now;
    return this.#ms;
  }
}
