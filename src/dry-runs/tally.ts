/** Most ids that are told as samples. */
const mostSamples = 10;
/** Most placeholders that are told. */
const mostPlaceholders = 50;

/** Events that something is true of: how many, and the newest of them. */
export interface Tally {
  count: number;
  eventIds: string[];
}

export function newTally(): Tally {
  return { count: 0, eventIds: [] };
}

/** Counts an event; of a run that goes from the newest to the oldest the first are kept. */
export function add(tally: Tally, eventId: string): void {
  tally.count += 1;
  if (tally.eventIds.length < mostSamples) tally.eventIds.push(eventId);
}

/** Tallies by a name. */
export class Tallies<Name extends string> {
  readonly #byName = new Map<Name, Tally>();

  add(name: Name, eventId: string): void {
    const tally = this.#byName.get(name) ?? newTally();
    this.#byName.set(name, tally);
    add(tally, eventId);
  }

  /** The most frequent first. */
  list(): { name: Name; tally: Tally }[] {
    return Array.from(this.#byName, ([name, tally]) => ({ name, tally }))
      .toSorted((a, b) => b.tally.count - a.tally.count)
      .slice(0, mostPlaceholders);
  }
}
