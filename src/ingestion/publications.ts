import { Problem } from '../errors/problem.js';
import { Gathering, type GatheringLimits } from '../group-commit/gathering.js';
import type { Publication, Published } from './new-event.js';

/** Events that may wait to be written: some ten seconds of what two slow cores write, and twenty of the largest calls. */
const mostEvents = 20_000;
/** Their data, in characters: eight of the largest calls. */
const mostCharacters = 64 * 1024 * 1024;
/** One that waits for so long says that the others would not be written in time either. */
const longestWaitMs = 10_000;
/** Calls that are written together: as many callers as the largest bench has, within the time of one transaction. */
const mostCalls = 200;
/** A call with so many events is a group of its own, and holds up nobody. */
const largeCall = 50;
/** Callers come back after this, in seconds. */
const retryAfterS = '1';

type Write = (publications: readonly Publication[]) => Promise<readonly PromiseSettledResult<Published[]>[]>;

/** What is published here and not yet written: written together with what comes at the same time, and bounded. */
export class Publications {
  readonly #write: Write;
  readonly #gathering: Gathering<Publication, Published[]>;
  /** When each that is not written yet came, the oldest first. */
  readonly #underWay = new Map<Publication, number>();
  #events = 0;
  #characters = 0;

  constructor(write: Write, limits: Pick<GatheringLimits<Publication>, 'waitMs' | 'isBusy'>) {
    this.#write = write;
    this.#gathering = new Gathering(write, { most: mostCalls, ...limits });
  }

  /** Writes a call's events. Throws a 503 Problem, before anything is accepted, where they could not be written in time. */
  async add(publication: Publication): Promise<Published[]> {
    const { length } = publication.events;
    const characters = publication.events.reduce((sum, { dataJson }) => sum + dataJson.length, 0);
    this.#refuseOverload(length, characters);
    this.#underWay.set(publication, performance.now());
    this.#events += length;
    this.#characters += characters;
    try {
      return await (length < largeCall ? this.#gathering.add(publication) : this.#alone(publication));
    } finally {
      this.#underWay.delete(publication);
      this.#events -= length;
      this.#characters -= characters;
    }
  }

  async #alone(publication: Publication): Promise<Published[]> {
    const [outcome] = await this.#write([publication]);
    if (outcome?.status === 'fulfilled') return outcome.value;
    throw outcome?.reason;
  }

  #refuseOverload(events: number, characters: number): void {
    const [oldest] = this.#underWay.values();
    const isTooMuch = this.#events + events > mostEvents || this.#characters + characters > mostCharacters;
    const isFull = this.#events > 0 && isTooMuch;
    const isLate = oldest !== undefined && performance.now() - oldest > longestWaitMs;
    if (!isFull && !isLate) return;
    throw new Problem('overloaded', 'More events wait to be written than can be in time.', {
      headers: { 'retry-after': retryAfterS },
    });
  }
}
