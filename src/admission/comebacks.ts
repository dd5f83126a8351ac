import { LRUCache } from 'lru-cache';

/** Organizations whose last comeback is remembered. */
const remembered = 10_000;
/** One that could not leave does not look again before this. */
const soonestMs = 1_000;
/**
 * One organization's deliveries look again in this process no more often than this: each time costs Temporal some 20 ms, so that
 * many that wait cost it less than half a core, and 10,000 that waited for an endpoint are gone 500 s after it has recovered.
 */
const longestStepMs = 50;

/** Gives those that could not leave different times to come back, so that they do not all come at once. */
export class Comebacks {
  readonly #last = new LRUCache<string, number>({ max: remembered });

  /** The delay (ms) for the next one of an owner; `stepMs` is how long one of those before it takes, as far as that is known. */
  next(owner: string, stepMs = longestStepMs): number {
    const now = performance.now();
    const after = Math.max(this.#last.get(owner) ?? 0, now + soonestMs);
    const at = after + Math.min(stepMs, longestStepMs);
    this.#last.set(owner, at);
    return at - now;
  }
}
