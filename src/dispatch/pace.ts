import { LRUCache } from 'lru-cache';

/** Webhooks whose pace is remembered. */
const remembered = 10_000;
/** An endpoint is fast once so many of its exchanges, one after the other, have succeeded within `fastMs`. */
const provenBy = 3;
/** Well below the 10 s that a workflow task may take: a local activity holds the slot of one. */
const fastMs = 250;
/**
 * An endpoint is slow from here on. Far above what a process under pressure adds of its own: with 250 ms, a machine that was
 * busy for a moment took its receivers for slow, delivered one by one, and stayed busy by that (24 a second, and not 600).
 */
const defaultSlowMs = 2_000;

/** What was seen of an endpoint. */
interface Seen {
  fastInARow: number;
  /** Whether its last exchange failed or was slow. */
  isTroubled: boolean;
}

/**
 * Which endpoints are known to be fast, slow or failing, by what this process has seen of them. The first attempt of a
 * delivery to a fast endpoint runs inside its workflow's first task, which saves Temporal a task; a slow or failing one
 * would hold back others there.
 */
export class Pace {
  readonly #slowMs: number;
  readonly #seen = new LRUCache<string, Seen>({ max: remembered });

  /** When the requests of each webhook that are under way began, the oldest first. */
  readonly #underWay = new Map<string, Set<{ since: number }>>();

  /** `slowMs`: an endpoint is slow whose exchange takes longer, in ms; default 2,000. */
  constructor(slowMs = defaultSlowMs) {
    this.#slowMs = slowMs;
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
    const fast = succeeded && durationMs <= fastMs;
    this.#seen.set(webhookId, {
      fastInARow: fast ? (this.#seen.get(webhookId)?.fastInARow ?? 0) + 1 : 0,
      isTroubled: !succeeded || durationMs > this.#slowMs,
    });
  }

  /**
   * Whether the first attempts of its deliveries may travel with those of others: the last exchange that was seen, if there
   * was one, has succeeded and was not slow, and none that is under way is.
   */
  mayShare(webhookId: string): boolean {
    return this.#seen.get(webhookId)?.isTroubled !== true && !this.#takesLonger(webhookId, this.#slowMs);
  }

  isFast(webhookId: string): boolean {
    const { fastInARow = 0 } = this.#seen.get(webhookId) ?? {};
    return fastInARow >= provenBy && !this.#takesLonger(webhookId, fastMs);
  }

  #takesLonger(webhookId: string, ms: number): boolean {
    const [oldest] = this.#underWay.get(webhookId) ?? [];
    return oldest !== undefined && performance.now() - oldest.since > ms;
  }
}
