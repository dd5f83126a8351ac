import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { waitFor } from './wait.js';

/** A request that arrived. */
export interface Arrival {
  method: string;
  /** Path and query. */
  url: string;
  headers: IncomingHttpHeaders;
  /** Header names and values as they were sent, in order. */
  rawHeaders: string[];
  body: string;
  at: Date;
}

/** What a receiver answers: a status, more of an answer, or anything else over the open response. */
export type Reply =
  | number
  | { status?: number; headers?: Record<string, string>; body?: string }
  | ((arrival: Arrival, response: ServerResponse) => void | Promise<void>);

/** Longer than whoever sends keeps a connection: none is closed here while a request is on its way, however far behind this process is. */
const keepAliveTimeout = 300_000;

/** A subscriber's endpoint: a real HTTP server on loopback that records what arrives and answers as it is told. */
export class Receiver {
  readonly arrivals: Arrival[] = [];
  #replies: Reply[] = [];
  #otherwise: Reply = 200;
  readonly #server = createServer(
    { keepAliveTimeout },
    (request, response) => void this.#receive(request, response),
  );

  static async start(port = 0): Promise<Receiver> {
    const receiver = new Receiver();
    await new Promise<void>((resolve) => {
      receiver.#server.listen(port, '127.0.0.1', resolve);
    });
    return receiver;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** The URL of a path here. */
  url(path = '/hook'): string {
    return `http://127.0.0.1:${this.port}${path}`;
  }

  /** Answers the next requests with these, one each, and all later ones with 200 or what `always` said. */
  next(...replies: Reply[]): this {
    this.#replies.push(...replies);
    return this;
  }

  always(reply: Reply): this {
    this.#otherwise = reply;
    return this;
  }

  /** Waits until at least `count` requests (of a path, if one is given) have arrived, and gives them. */
  async received(count: number, path?: string): Promise<Arrival[]> {
    return waitFor(`${count} requests at the receiver`, () => {
      const found = this.arrivals.filter(({ url }) => path === undefined || url === path);
      return found.length >= count && found;
    });
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = '', url = '', headers, rawHeaders } = request;
    const arrival: Arrival = {
      method,
      url,
      headers,
      rawHeaders,
      body: Buffer.concat(chunks).toString(),
      at: new Date(),
    };
    this.arrivals.push(arrival);
    const reply = this.#replies.shift() ?? this.#otherwise;
    if (typeof reply === 'function') {
      await reply(arrival, response);
      return;
    }
    const {
      status = 200,
      headers: answered = {},
      body = 'ok',
    } = typeof reply === 'number' ? { status: reply } : reply;
    response.writeHead(status, answered).end(body);
  }
}
