// Bound once: looking up a global costs more than the call, by far where a host intercepts it, as node:vm does.
const { isArray } = Array;
const { keys } = Object;

/** A check took more units of work than it may. */
export class WorkExceeded extends Error {
  override name = 'WorkExceeded';
}

/**
 * Counts the work of one check and ends it, by throwing WorkExceeded, when it is too much. Counted rather than
 * timed, so that the answer is the same on a busy machine. A schema of a few lines can ask for any amount of work:
 * `$ref`s that double at each step, or a schema applied again and again to a large array.
 */
export class Meter {
  #left = 0;

  reset(work: number): void {
    this.#left = work;
  }

  charge(units: number): void {
    this.#left -= units;
    if (this.#left < 0) throw new WorkExceeded();
  }
}

/** Units for looking at a value once: its items, its fields, or its text by 64 characters. */
export function sizeOf(value: unknown): number {
  if (typeof value === 'string') return value.length >> 6;
  if (typeof value !== 'object' || value === null) return 0;
  return isArray(value) ? value.length : keys(value).length;
}
