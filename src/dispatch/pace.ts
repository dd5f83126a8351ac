import { LRUCache } from 'lru-cache';
import { Attention } from './attention.js';

/** Webhooks whose pace is remembered. */
const remembered = 10_000;
/** An endpoint is fast once so many of its exchanges, one after the other, have succeeded within `fastMs`. */
const provenBy = 3;
/** Well below the 10 s that a workflow task may take: a local activity holds the slot of one. */
const fastMs = 250;
/**
 * An endpoint is slow from here on, in ms of this process's attention, from when a request has its connection. Taken for slow for what
 * a busy machine adds, its deliveries go one by one, which keeps the machine busy: with 200 callers beside a load of five on each core, 16 a
 * second by the clock on the wall, from when a request began to wait for its connection.
 */
const defaultSlowMs = 2_000;

/** What was seen of an endpoint. */
interface Seen {
  fastInARow: number;
  /** Whether its last attempt failed. */
  hasFailed: boolean;
  /** Whether its last exchange was slow. */
  wasSlow: boolean;
}

const nothingSeen: Seen = { fastInARow: 0, hasFailed: false, wasSlow: false };

/** An exchange that is under way. */
interface UnderWay {
  /** When it began, by the clock. */
  readonly since: number;
  /** The same by this process's attention. */
  readonly attention: number;
}

/**
 * Which endpoints are known to be fast, slow or failing, by what this process has seen of them. The first attempt of a
 * delivery to a fast endpoint runs inside its workflow's first task, which saves Temporal a task; a slow or failing one
 * would hold back others there.
 */
export class Pace {
  readonly #slowMs: number;
  readonly #seen = new LRUCache<string, Seen>({ max: remembered });

  /** The exchanges of each webhook that are under way, the oldest first. */
  readonly #underWay = new Map<string, Set<UnderWay>>();
  readonly #attention: Pick<Attention, 'now'>;

  /** `slowMs`: an endpoint is slow whose exchange takes longer, in ms of `attention`; default 2,000. */
  constructor(slowMs = defaultSlowMs, attention: Pick<Attention, 'now'> = new Attention()) {
    this.#slowMs = slowMs;
    this.#attention = attention;
  }

  /** A request has its connection, and leaves; what it gives is called at the end of the exchange. */
  begin(webhookId: string): () => void {
    const exchange: UnderWay = { since: performance.now(), attention: this.#attention.now() };
    const exchanges = this.#underWay.get(webhookId) ?? new Set();
    this.#underWay.set(webhookId, exchanges.add(exchange));
    return () => {
      exchanges.delete(exchange);
      if (exchanges.size === 0) this.#underWay.delete(webhookId);
      this.#see(webhookId, { wasSlow: this.#isSlow(exchange) });
    };
  }

  /** An attempt has ended, whose exchange, if there was one, took so many ms. */
  observe(webhookId: string, succeeded: boolean, durationMs: number): void {
    const isFast = succeeded && durationMs <= fastMs;
    const { fastInARow } = this.#seenOf(webhookId);
    this.#see(webhookId, { fastInARow: isFast ? fastInARow + 1 : 0, hasFailed: !succeeded });
  }

  /**
   * Whether the first attempts of its deliveries may travel with those of others: the last one that was seen, if there
   * was one, has succeeded and was not slow, and none that is under way is.
   */
  mayShare(webhookId: string): boolean {
    const { hasFailed, wasSlow } = this.#seenOf(webhookId);
    const oldest = this.#oldestOf(webhookId);
    return !hasFailed && !wasSlow && !(oldest && this.#isSlow(oldest));
  }

  isFast(webhookId: string): boolean {
    const oldest = this.#oldestOf(webhookId);
    const isHeldUp = oldest !== undefined && performance.now() - oldest.since > fastMs;
    return this.#seenOf(webhookId).fastInARow >= provenBy && !isHeldUp;
  }

  #seenOf(webhookId: string): Seen {
    return this.#seen.get(webhookId) ?? nothingSeen;
  }

  #see(webhookId: string, seen: Partial<Seen>): void {
    this.#seen.set(webhookId, { ...this.#seenOf(webhookId), ...seen });
  }

  #oldestOf(webhookId: string): UnderWay | undefined {
    const [oldest] = this.#underWay.get(webhookId) ?? [];
    return oldest;
  }

  #isSlow({ attention }: UnderWay): boolean {
    return this.#attention.now() - attention > this.#slowMs;
  }
}
