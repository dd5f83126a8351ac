import { Problem } from '../errors/problem.js';
import { FairLimit } from '../fairness/fair-limit.js';
import { Shares } from '../fairness/shares.js';
import { Gathering, type GatheringLimits } from '../group-commit/gathering.js';
import type { Publication, Published } from './new-event.js';
import { inOrder } from './write-events.js';

/**
 * Events that may wait to be written, of which one organization alone gets four fifths: 20,000, some ten seconds of what two slow cores write,
 * and twenty of the largest calls.
 */
const mostEvents = 25_000;
/** Their data, in characters: eight of the largest calls of one organization alone. */
const mostCharacters = 80 * 1024 * 1024;
/** How much of what is left free an organization may take: four times that, and so four fifths where it is alone. */
const greed = 4;
/** Where one of an organization waits for so long, its others would not be written in time either. */
const longestWaitMs = 10_000;
/** Calls that are written together: as many callers as the largest bench has, within the time of one transaction. */
const mostCalls = 200;
/** Their events, so that who comes next, of another organization too, waits for no more than some hundred milliseconds of writing. */
const mostTogether = 500;
/** A call with so many events is a group of its own, and holds up nobody. */
const largeCall = 50;
/** Large calls that are written at once: what comes on top waits, organizations in turn. */
const largeAtOnce = 2;
/** Callers come back after this, in seconds. */
const retryAfterS = '1';

type Written = Published[] | typeof inOrder;
type Write = (
  publications: readonly Publication[],
  options: { withOrdered: boolean },
) => Promise<readonly PromiseSettledResult<Written>[]>;

/** What is published here and not yet written: written together with what comes at the same time, bounded, organizations in turn. */
export class Publications {
  readonly #write: Write;
  readonly #gathering: Gathering<Publication, Written>;
  /** Written one round after the other: two that take places in the same lane would be in each other's way. */
  readonly #inOrder: Gathering<Publication, Written>;
  readonly #large = new FairLimit({ atOnce: largeAtOnce });
  readonly #events = new Shares(mostEvents, greed);
  readonly #characters = new Shares(mostCharacters, greed);
  /** When each that is not written yet came, by organization, the oldest first. */
  readonly #underWay = new Map<string, Map<Publication, number>>();

  constructor(write: Write, limits: Pick<GatheringLimits<Publication>, 'waitMs' | 'isBusy'>) {
    this.#write = write;
    const rounds: GatheringLimits<Publication> = {
      most: mostCalls,
      sizeOf: ({ events }) => events.length,
      mostSize: mostTogether,
      ownerOf: ({ tenant }) => tenant.organizationId,
    };
    this.#gathering = new Gathering(async (calls) => write(calls, { withOrdered: false }), {
      ...rounds,
      ...limits,
    });
    this.#inOrder = new Gathering(async (calls) => write(calls, { withOrdered: true }), rounds);
  }

  /** Writes a call's events. Throws a 503 Problem, before anything is accepted, where they could not be written in time. */
  async add(publication: Publication): Promise<Published[]> {
    const { tenant, events } = publication;
    const { organizationId } = tenant;
    const characters = events.reduce((sum, { dataJson }) => sum + dataJson.length, 0);
    if (this.#isLate(organizationId) || !this.#events.take(organizationId, events.length)) throw overloaded();
    if (!this.#characters.take(organizationId, characters)) {
      this.#events.give(organizationId, events.length);
      throw overloaded();
    }
    const theirs = this.#underWay.get(organizationId) ?? new Map<Publication, number>();
    this.#underWay.set(organizationId, theirs.set(publication, performance.now()));
    try {
      const first = await this.#first(publication);
      const written = first === inOrder ? await this.#inOrder.add(publication) : first;
      if (written === inOrder) throw new Error('a call was put off twice');
      return written;
    } finally {
      theirs.delete(publication);
      if (theirs.size === 0) this.#underWay.delete(organizationId);
      this.#events.give(organizationId, events.length);
      this.#characters.give(organizationId, characters);
    }
  }

  async #first(publication: Publication): Promise<Written> {
    const { tenant, events } = publication;
    if (events.length < largeCall) return this.#gathering.add(publication);
    return this.#large.run(tenant.organizationId, async () => this.#alone(publication));
  }

  async #alone(publication: Publication): Promise<Written> {
    const [outcome] = await this.#write([publication], { withOrdered: false });
    if (outcome?.status === 'fulfilled') return outcome.value;
    throw outcome?.reason;
  }

  #isLate(organizationId: string): boolean {
    const [oldest] = this.#underWay.get(organizationId)?.values() ?? [];
    return oldest !== undefined && performance.now() - oldest > longestWaitMs;
  }
}

function overloaded(): Problem {
  return new Problem('overloaded', 'More events wait to be written than can be in time.', {
    headers: { 'retry-after': retryAfterS },
  });
}
