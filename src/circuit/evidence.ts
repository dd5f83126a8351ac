import { LRUCache } from 'lru-cache';
import type { AttemptRecord } from '../models/attempt.js';

/** Endpoints whose failures are remembered. */
const remembered = 10_000;

/** Failures that say that nobody is there who could answer, whatever is sent. */
const downCodes = new Set(['timeout', 'dns', 'connection', 'tls', 'invalid_response']);

/** Whether an attempt says that its endpoint is down; a 4xx or a 3xx is the answer of one that is up. */
export function isDown({ errorCode, response }: Pick<AttemptRecord, 'errorCode' | 'response'>): boolean {
  if (errorCode === null) return false;
  return errorCode === 'http_status' ? (response?.status ?? 0) >= 500 : downCodes.has(errorCode);
}

/** Attempts in a row that have found an endpoint down. */
export interface Down {
  attempts: number;
  since: Date;
}

/** What this process has seen of endpoints that are down. It costs nothing to keep; after a restart it is gathered anew. */
export class Evidence {
  readonly #down = new LRUCache<string, Down>({ max: remembered });

  /** Another attempt of a webhook has found its endpoint down. */
  add(webhookId: string, at: Date): Down {
    const known = this.#down.get(webhookId);
    const down = known ? { ...known, attempts: known.attempts + 1 } : { attempts: 1, since: at };
    this.#down.set(webhookId, down);
    return down;
  }

  /** It has answered. */
  clear(webhookId: string): void {
    this.#down.delete(webhookId);
  }
}
