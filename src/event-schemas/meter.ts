// Bound once: looking up a global costs more than the call, by far where a host intercepts it, as node:vm does.
const { isArray } = Array;
const { keys } = Object;

/** A check took more units of work than it may. */
export class WorkExceeded extends Error {
  override name = 'WorkExceeded';
}

/** Units of work that are left to several checks together, such as those of one request. Checks draw it down. */
export interface WorkBudget {
  left: number;
}

/**
 * Counts the work of one check and ends it, by throwing WorkExceeded, when it is too much. Counted rather than
 * timed, so that the answer is the same on a busy machine. A schema of a few lines can ask for any amount of work:
 * `$ref`s that double at each step, or a schema applied again and again to a large array.
 */
export class Meter {
  #left = 0;

  charge(units: number): void {
    this.#left -= units;
    if (this.#left < 0) throw new WorkExceeded();
  }

  /** Runs `check` with at most `most` units of the budget. */
  within<T>(budget: WorkBudget, most: number, check: () => T): T {
    const granted = Math.min(most, budget.left);
    this.#left = granted;
    try {
      return check();
    } finally {
      budget.left -= granted - Math.max(0, this.#left);
    }
  }
}

/** Units for looking at a value once: its items, its fields, or its text by 64 characters. */
export function sizeOf(value: unknown): number {
  if (typeof value === 'string') return value.length >> 6;
  if (typeof value !== 'object' || value === null) return 0;
  return isArray(value) ? value.length : keys(value).length;
}
