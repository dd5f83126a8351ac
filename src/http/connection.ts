import type { Socket } from 'node:net';
import { createSecureContext, rootCertificates } from 'node:tls';
import { buildConnector, Client } from 'undici';
import type { Guard } from './guard.js';

/** What a response's headers may take, in bytes; Node's own default. */
const maxHeaderBytes = 16 * 1024;

/**
 * How long one of several addresses of a name is tried before the next one is. Node's 250 ms is less than
 * a round trip around the world needs.
 */
const nextAddressMs = 1_000;

/** Opens sockets to checked addresses. Made once: it remembers TLS sessions. */
export type Connector = buildConnector.connector;

/**
 * A connector behind the guard, which trusts the authorities in `trust` (PEM) beside the well-known ones. It
 * has no timeout of its own: the exchange that it works for has one.
 */
export function createConnector(guard: Guard, trust: readonly string[]): Connector {
  const connect = buildConnector({
    timeout: 0,
    lookup: guard.lookup,
    autoSelectFamilyAttemptTimeout: nextAddressMs,
    ...(trust.length > 0 && { secureContext: createSecureContext({ ca: [...rootCertificates, ...trust] }) }),
  });
  return (options, callback) => {
    guard.check(options.hostname);
    return connect(options, callback);
  };
}

/** One connection to an origin, opened by its first request, kept open between requests, used by one at a time. */
export class Connection {
  readonly client: Client;
  #opened = false;
  #socket: Socket | undefined;

  /** `onLost` is called when the connection ends by itself. */
  constructor(origin: string, connect: Connector, keepAliveMs: number, onLost: () => void) {
    this.client = new Client(origin, {
      connect: (options, callback) => {
        // undici's types keep back that a connector returns its socket, which must not outlive the exchange.
        this.#socket = connect(options, callback) as unknown as Socket;
      },
      keepAliveTimeout: keepAliveMs,
      keepAliveMaxTimeout: keepAliveMs,
      maxHeaderSize: maxHeaderBytes,
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    this.client.on('connect', () => (this.#opened = true));
    this.client.on('disconnect', onLost);
  }

  /** Whether a socket, with TLS where it is https, was ever open. */
  get opened(): boolean {
    return this.#opened;
  }

  /** Whether it can carry another request. */
  get open(): boolean {
    return !this.client.destroyed && this.client.stats.connected;
  }

  /** Ends it at once, even while it is being opened. */
  async end(): Promise<void> {
    this.#socket?.destroy();
    await this.client.destroy();
  }
}
