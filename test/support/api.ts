import { checkAgainstContract } from './contract.js';

/** An answer of the API. `body` is the parsed JSON, undefined where there was none. */
export interface ApiAnswer<Body = Record<string, unknown>> {
  status: number;
  headers: Headers;
  body: Body;
}

/** JSON as a test reads it: any field may be there. */
// oxlint-disable-next-line typescript/no-explicit-any -- a test that reads a field which is not there fails on its value
export type Loose = any;

/** A client of the API, as somebody outside would write it. Every answer is checked against `/openapi.json`. */
export class Api {
  readonly url: string;
  readonly #headers: Record<string, string>;

  constructor(url: string, key: string | undefined, headers: Record<string, string> = {}) {
    this.url = url;
    this.#headers = { ...(key === undefined ? {} : { authorization: `Bearer ${key}` }), ...headers };
  }

  async get(path: string, headers?: Record<string, string>): Promise<ApiAnswer<Loose>> {
    return this.call('GET', path, undefined, headers);
  }

  async post(path: string, body?: unknown, headers?: Record<string, string>): Promise<ApiAnswer<Loose>> {
    return this.call('POST', path, body, headers);
  }

  async patch(path: string, body: unknown, headers?: Record<string, string>): Promise<ApiAnswer<Loose>> {
    return this.call('PATCH', path, body, headers);
  }

  async delete(path: string, headers?: Record<string, string>): Promise<ApiAnswer<Loose>> {
    return this.call('DELETE', path, undefined, headers);
  }

  /** `post`, and the body of a successful answer; fails the test with the problem otherwise. */
  async make(path: string, body?: unknown): Promise<Loose> {
    const answer = await this.post(path, body);
    if (answer.status >= 300)
      throw new Error(`POST ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  /** A call with a body as it is, or as JSON. */
  async call(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<ApiAnswer<Loose>> {
    const raw = typeof body === 'string' || body instanceof Uint8Array;
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...this.#headers,
        ...headers,
      },
      ...(body === undefined ? {} : { body: raw ? (body as string) : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    const answer = {
      status: response.status,
      headers: response.headers,
      body: text === '' ? undefined : isJson ? (JSON.parse(text) as unknown) : text,
    };
    await checkAgainstContract(this.url, method, path, answer);
    return answer;
  }
}
