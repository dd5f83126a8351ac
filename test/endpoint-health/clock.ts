import type { Clock } from '../../src/clock.js';

/** The machine's clock, that a test sets forward. */
export class MovableClock implements Clock {
  #aheadMs = 0;

  now(): Date {
    return new Date(Date.now() + this.#aheadMs);
  }

  forward(ms: number): void {
    this.#aheadMs += ms;
  }
}

export const minuteMs = 60_000;
export const dayMs = 86_400_000;
