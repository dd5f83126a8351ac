import type { ReceiverTls } from './tls.js';

/** Headers in their order; a name can be there more than once. */
export type HeaderList = readonly (readonly [name: string, value: string])[];

/** One HTTP request. `url` is absolute; host, content-length and connection are HTTP's own and not listed. */
export interface OutgoingRequest {
  method: 'POST' | 'PUT';
  url: string;
  headers: HeaderList;
  body: string;
  /** Where TLS with this receiver differs from that with others. */
  tls?: ReceiverTls;
}

/** How long one exchange may take, from its connection to the end of the response, and how much of the body is read. */
export interface ExchangeLimits {
  timeoutMs: number;
  maxResponseBytes: number;
  /** Whose connections it uses: one owner's requests to an origin never wait for another's. By default all are one owner's. */
  owner?: string;
}

/** Why no response came back. All are the receiver's: trouble of ours is a `NotSent`. */
export const exchangeErrorCodes = [
  'timeout',
  'blocked_address',
  'dns',
  'connection',
  'tls',
  'invalid_response',
] as const;
export type ExchangeErrorCode = (typeof exchangeErrorCodes)[number];

/** A response. `body` is decompressed UTF-8 with replacement characters; `truncated` where it was cut at the limit. */
export interface Answered {
  ok: true;
  status: number;
  headers: HeaderList;
  body: string;
  truncated: boolean;
  durationMs: number;
}

/** No response; `message` holds neither the URL nor a header's value. */
export interface Unanswered {
  ok: false;
  errorCode: ExchangeErrorCode;
  message: string;
  durationMs: number;
}

/** What came of one HTTP request. */
export type Exchange = Answered | Unanswered;

/**
 * Trouble of ours: the queue is full, the wait in it too long, the client closed, the machine out of
 * sockets. The receiver saw no request, so it is no attempt.
 */
export class NotSent extends Error {
  override readonly name = 'NotSent';
}

/** The one way out of Postrider. */
export interface HttpClient {
  /**
   * Sends one request and reads the response; redirects are not followed. Resolves whatever the receiver
   * does, and rejects only for trouble of ours (`NotSent`) or a request that cannot be sent at all.
   * `begin` is called once the request has a connection, or the right to open one, and what it gives at the end of the exchange.
   */
  exchange(request: OutgoingRequest, limits: ExchangeLimits, begin?: () => () => void): Promise<Exchange>;
  /** Refuses what waits, lets the exchanges under way end, and closes all connections. */
  close(): Promise<void>;
}

/** The value of a header, joined by `, ` where it came more than once (RFC 9110, 5.3). */
export function headerOf(headers: HeaderList, name: string): string | undefined {
  const values = headers.filter(([key]) => key.toLowerCase() === name).map(([, value]) => value);
  return values.length === 0 ? undefined : values.join(', ');
}
