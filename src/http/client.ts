import { createConnectors } from './egress.js';
import { headerOf, NotSent } from './exchange.js';
import { failureOf, isExhaustion, TimedOut } from './failure.js';
import { allIsRead } from './all-is-read.js';
import { Origin } from './origin.js';
import { receive } from './reception.js';
import { readBody } from './response-body.js';
import { tlsKey, type ReceiverTls } from './tls.js';
import type { Connection } from './connection.js';
import type { Connector, Egress } from './egress.js';
import type { Answered, Exchange, ExchangeLimits, HttpClient, OutgoingRequest } from './exchange.js';

export type { HttpClient } from './exchange.js';

/** Where the client may go, and how it shares out its connections. */
export interface HttpClientOptions extends Egress {
  /** Connections, and so requests under way, for each origin. Default 32. */
  connectionsPerOrigin?: number;
  /** Requests that may wait for a connection of an origin. Default 1,000. */
  queuePerOrigin?: number;
  /** How long one of them may wait. Default 30 s. */
  queueTimeoutMs?: number;
  /** How long a connection is kept without a request. Default 30 s, less where the receiver says so. */
  keepAliveMs?: number;
  /** Origins whose connections are kept at once; beyond, the one not used for longest is let go. Default 1,000. */
  origins?: number;
}

const defaults = {
  connectionsPerOrigin: 32,
  queuePerOrigin: 1_000,
  queueTimeoutMs: 30_000,
  keepAliveMs: 30_000,
  origins: 1_000,
};

type Sharing = Required<Omit<HttpClientOptions, keyof Egress>>;

/**
 * An HTTP/1.1 client that follows no redirect and sends nothing but what it is given: no `accept-encoding`
 * either, so that most receivers answer uncompressed; those that compress all the same are understood.
 */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  return new GuardedClient(createConnectors(options), { ...defaults, ...options });
}

class GuardedClient implements HttpClient {
  readonly #options: Sharing;
  readonly #connectorFor: (tls?: ReceiverTls) => Connector;
  readonly #connect: Connector;
  /** In the order of their last use. */
  readonly #origins = new Map<string, Origin>();
  readonly #underWay = new Set<Promise<Exchange>>();
  #closed = false;

  constructor(connectorFor: (tls?: ReceiverTls) => Connector, options: Sharing) {
    this.#options = options;
    this.#connectorFor = connectorFor;
    this.#connect = connectorFor();
  }

  async exchange(
    request: OutgoingRequest,
    limits: ExchangeLimits,
    begin?: () => () => void,
  ): Promise<Exchange> {
    if (this.#closed) throw new NotSent('the HTTP client is closed');
    const url = new URL(request.url);
    const exchange = this.#originOf(url.origin, request.tls, limits.owner).use(async (connection) => {
      const end = begin?.();
      return exchangeOn(connection, url, request, limits).finally(end);
    });
    this.#underWay.add(exchange);
    try {
      return await exchange;
    } finally {
      this.#underWay.delete(exchange);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const origin of this.#origins.values())
      origin.refuseWaiting(new NotSent('the HTTP client is closed'));
    await Promise.allSettled(this.#underWay);
    await Promise.all(Array.from(this.#origins.values(), async (origin) => origin.endFree()));
    this.#origins.clear();
  }

  /** Connections are shared by what has the same owner and origin, and in TLS trusts and shows the same. */
  #originOf(address: string, tls: ReceiverTls | undefined, owner = ''): Origin {
    const name = `${owner} ${address} ${tls ? tlsKey(tls) : ''}`;
    const { connectionsPerOrigin, queuePerOrigin, queueTimeoutMs, keepAliveMs } = this.#options;
    const origin =
      this.#origins.get(name) ??
      new Origin(address, tls ? this.#connectorFor(tls) : this.#connect, keepAliveMs, {
        atOnce: connectionsPerOrigin,
        waiting: queuePerOrigin,
        waitMs: queueTimeoutMs,
      });
    this.#origins.delete(name);
    this.#letGoOfOne();
    this.#origins.set(name, origin);
    return origin;
  }

  #letGoOfOne(): void {
    if (this.#origins.size < this.#options.origins) return;
    for (const [name, origin] of this.#origins) {
      if (!origin.idle) continue;
      this.#origins.delete(name);
      void origin.endFree();
      return;
    }
  }
}

/** What a compressed body may take beyond what comes of it: names and comments of gzip, and blocks that hold nothing. */
const compressedSlack = 1024 * 1024;

async function exchangeOn(
  connection: Connection,
  url: URL,
  request: OutgoingRequest,
  limits: ExchangeLimits,
): Promise<{ result: Exchange; keep: boolean }> {
  const startedAt = performance.now();
  const durationMs = (): number => Math.round(performance.now() - startedAt);
  const deadline = new AbortController();
  let hasEnded = false;
  const timeOut = async (): Promise<void> => {
    await allIsRead();
    if (hasEnded) return;
    deadline.abort(new TimedOut());
    // The signal is heard only by a connection that is open.
    await connection.end();
  };
  const timer = setTimeout(() => void timeOut(), limits.timeoutMs);
  try {
    const { answer, keep } = await answerOf(connection, url, request, limits, deadline.signal);
    return { result: { ok: true, ...answer, durationMs: durationMs() }, keep };
  } catch (thrown) {
    const error: unknown = deadline.signal.aborted ? deadline.signal.reason : thrown;
    if (isExhaustion(error)) throw new NotSent('this machine has run out of sockets', { cause: error });
    const failure = failureOf(error, { opened: connection.opened, secure: url.protocol === 'https:' });
    if (!failure) throw error;
    return { result: { ok: false, ...failure, durationMs: durationMs() }, keep: false };
  } finally {
    hasEnded = true;
    clearTimeout(timer);
  }
}

async function answerOf(
  { client }: Connection,
  url: URL,
  request: OutgoingRequest,
  limits: ExchangeLimits,
  signal: AbortSignal,
): Promise<{ answer: Omit<Answered, 'ok' | 'durationMs'>; keep: boolean }> {
  const { status, headers, body } = await receive(
    client,
    {
      method: request.method,
      path: url.pathname + url.search,
      headers: request.headers.flat(),
      body: request.body,
    },
    { signal, maxBytes: limits.maxResponseBytes + compressedSlack },
  );
  const encoding = headerOf(headers, 'content-encoding');
  const { text, truncated } = await readBody(body, encoding, limits.maxResponseBytes);
  return { answer: { status, headers, body: text, truncated }, keep: body.readableEnded };
}
