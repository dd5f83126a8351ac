import { Client } from 'undici';
import type { Connector, Opening } from './egress.js';

/** What a response's headers may take, in bytes; Node's own default. */
const maxHeaderBytes = 16 * 1024;

/** One connection to an origin, opened by its first request, kept open between requests, used by one at a time. */
export class Connection {
  readonly client: Client;
  #opened = false;
  #opening: Opening | undefined;

  /** `onLost` is called when the connection ends by itself. */
  constructor(origin: string, connect: Connector, keepAliveMs: number, onLost: () => void) {
    this.client = new Client(origin, {
      connect: (options, callback) => {
        this.#opening = connect(options, callback);
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
    this.#opening?.destroy();
    await this.client.destroy();
  }
}
