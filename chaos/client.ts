import { setTimeout as delay } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { apiKey } from './deployment.js';

/** JSON as whoever checks from outside reads it. */
export type Answer = Record<string, unknown>;

/** What `GET /v1/ledger` tells, as far as it is read here. */
export interface LedgerAnswer {
  balanced: boolean;
  complete: boolean;
  events: { accepted: number };
  deliveries: { byStatus: Record<string, number> };
  overdue: { count: number };
  repaired: Record<string, number>;
}

interface List {
  data: Answer[];
  nextCursor: string | null;
}

const timeoutMs = 15_000;
const againAfterMs = 200;
/** A call that finds no API for so long has failed: no disaster lasts that long. */
const patienceMs = 180_000;

/** A client as a service would have: it takes the APIs in turn, and repeats a call until it is answered. */
export class Client {
  readonly #urls: readonly string[];
  readonly #agent = new Agent({ connections: 20, headersTimeout: timeoutMs, bodyTimeout: timeoutMs });
  #turn = 0;
  /** Calls that were repeated, for whatever reason. */
  repeated = 0;

  constructor(urls: readonly string[]) {
    this.#urls = urls;
  }

  /** The body of a successful answer. Throws for an answer that says that the call is wrong. */
  async call<T = Answer>(method: 'GET' | 'POST' | 'PATCH', path: string, body?: object): Promise<T> {
    const deadline = Date.now() + patienceMs;
    for (;;) {
      const answer = await this.#once(method, path, body).catch((error: unknown) => ({ status: 0, error }));
      if ('body' in answer && answer.status < 300) return answer.body as T;
      const mayRepeat = answer.status === 0 || answer.status === 429 || answer.status >= 500;
      if (!mayRepeat || Date.now() > deadline) {
        throw new Error(`${method} ${path} answered ${answer.status}`, { cause: answer });
      }
      this.repeated += 1;
      await delay(againAfterMs);
    }
  }

  async #once(method: string, path: string, body?: object): Promise<{ status: number; body: Answer }> {
    this.#turn += 1;
    const url = this.#urls[this.#turn % this.#urls.length] ?? '';
    const { statusCode, body: answer } = await request(`${url}${path}`, {
      method: method as 'GET',
      dispatcher: this.#agent,
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    return { status: statusCode, body: (await answer.json()) as Answer };
  }

  /** All rows of a list. */
  async all(path: string): Promise<Answer[]> {
    const rows: Answer[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const query: string = `${path.includes('?') ? '&' : '?'}limit=200${cursor}`;
      const page: List = await this.call<List>('GET', `${path}${query}`);
      rows.push(...page.data);
      cursor = page.nextCursor === null ? null : `&cursor=${encodeURIComponent(page.nextCursor)}`;
    }
    return rows;
  }

  async close(): Promise<void> {
    await this.#agent.close();
  }
}
