import { LRUCache } from 'lru-cache';

/** Webhooks whose pace is remembered. */
const remembered = 10_000;
/** An endpoint is fast once so many of its exchanges, one after the other, have succeeded within `fastMs`. */
const provenBy = 3;
/** Well below the 10 s that a workflow task may take: a local activity holds the slot of one. */
const fastMs = 250;
/** A request under way for so long hangs, and is not just one of many on a busy machine. */
const hangingMs = 2_000;

/**
 * Which endpoints are known to be fast, by what this process has seen of them. The first attempt of a delivery to a
 * fast endpoint runs inside its workflow's first task, which saves Temporal a task; a slow or failing one would hold
 * back others there.
 */
export class Pace {
  readonly #fastInARow = new LRUCache<string, number>({ max: remembered });

  /** When the requests of each webhook that are under way began, the oldest first. */
  readonly #underWay = new Map<string, Set<{ since: number }>>();

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
    const fast = succeeded && durationMs <= fastMs;
    this.#fastInARow.set(webhookId, fast ? (this.#fastInARow.get(webhookId) ?? 0) + 1 : 0);
  }

  /**
   * Whether the first attempts of its deliveries may travel with those of others: the last exchange that was seen, if there
   * was one, has succeeded and was fast, and none that is under way hangs.
   */
  mayShare(webhookId: string): boolean {
    return this.#fastInARow.get(webhookId) !== 0 && !this.#hangs(webhookId);
  }

  isFast(webhookId: string): boolean {
    return (this.#fastInARow.get(webhookId) ?? 0) >= provenBy && !this.#hangs(webhookId);
  }

  #hangs(webhookId: string): boolean {
    const [oldest] = this.#underWay.get(webhookId) ?? [];
    return oldest !== undefined && performance.now() - oldest.since > hangingMs;
  }
}
