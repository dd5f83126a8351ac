/** How many may be in at once: for one source, and in all. */
export interface RoomLimits {
  each: number;
  all: number;
}

/** Counts who is in, and lets nobody in beyond the limits: one source that is flooded leaves room for the others. */
export class Room {
  readonly #limits: RoomLimits;
  readonly #inside = new Map<string, number>();
  #all = 0;

  constructor(limits: RoomLimits) {
    this.#limits = limits;
  }

  /** Enters for a source. Gives the way out, to be taken once; undefined when there is no room. */
  enter(sourceId: string): (() => void) | undefined {
    const inside = this.#inside.get(sourceId) ?? 0;
    if (this.#all >= this.#limits.all || inside >= this.#limits.each) return undefined;
    this.#all += 1;
    this.#inside.set(sourceId, inside + 1);
    return () => this.#leave(sourceId);
  }

  #leave(sourceId: string): void {
    const left = (this.#inside.get(sourceId) ?? 1) - 1;
    this.#all -= 1;
    if (left === 0) this.#inside.delete(sourceId);
    else this.#inside.set(sourceId, left);
  }
}
