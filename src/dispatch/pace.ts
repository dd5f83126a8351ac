import { LRUCache } from 'lru-cache';

/** Webhooks whose pace is remembered. */
const remembered = 10_000;
/** An endpoint is fast once so many of its exchanges, one after the other, have been fast. */
const provenBy = 3;
/** Well below the 10 s that a workflow task may take: a local activity holds the slot of one. */
const defaultFastMs = 250;

/**
 * Which endpoints are known to be fast, by what this process has seen of them. The first attempt of a delivery to a
 * fast endpoint runs inside its workflow's first task, which saves Temporal a task; a slow or failing one would hold
 * back others there.
 */
export class Pace {
  readonly #fastMs: number;
  readonly #fastInARow = new LRUCache<string, number>({ max: remembered });

  /** When the requests of each webhook that are under way began, the oldest first. */
  readonly #underWay = new Map<string, Set<{ since: number }>>();

  /** `fastMs` is what the exchange with a fast endpoint takes at most, in ms; default 250. */
  constructor(fastMs = defaultFastMs) {
    this.#fastMs = fastMs;
  }

  /** A request begins; what it gives is called at its end. */
  begin(webhookId: string): () => void {
    const request = { since: performance.now() };
    const requests = this.#underWay.get(webhookId) ?? new Set();
    this.#underWay.set(webhookId, requests.add(request));
    return () => {
      requests.delete(request);
      if (requests.size === 0) this.#underWay.delete(webhookId);
    };
  }

  observe(webhookId: string, succeeded: boolean, durationMs: number): void {
    const fast = succeeded && durationMs <= this.#fastMs;
    this.#fastInARow.set(webhookId, fast ? (this.#fastInARow.get(webhookId) ?? 0) + 1 : 0);
  }

  /**
   * Whether the first attempts of its deliveries may travel with those of others: the last exchange that was seen, if there
   * was one, has succeeded and was fast, and none that is under way is slow.
   */
  mayShare(webhookId: string): boolean {
    return this.#fastInARow.get(webhookId) !== 0 && !this.#hangs(webhookId);
  }

  isFast(webhookId: string): boolean {
    return (this.#fastInARow.get(webhookId) ?? 0) >= provenBy && !this.#hangs(webhookId);
  }

  #hangs(webhookId: string): boolean {
    const [oldest] = this.#underWay.get(webhookId) ?? [];
    return oldest !== undefined && performance.now() - oldest.since > this.#fastMs;
  }
}
