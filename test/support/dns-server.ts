import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { decode, encode, type Answer } from 'dns-packet';

/** Addresses to answer a look-up with, the same each time or worked out from how many there were before. */
export type Addresses = readonly string[] | ((earlier: number) => readonly string[]);

/** A DNS server on UDP of loopback that answers each name as it is told, with a TTL of 0. */
export class DnsServer {
  /** Names that were asked for an IPv4 address, in order. */
  readonly asked: string[] = [];
  readonly #names = new Map<string, Addresses>();
  readonly #socket: Socket = createSocket('udp4');

  static async start(): Promise<DnsServer> {
    const server = new DnsServer();
    server.#socket.on('message', (message, from) => server.#answer(message, from));
    server.#socket.bind(0, '127.0.0.1');
    await once(server.#socket, 'listening');
    return server;
  }

  /** As `POSTRIDER_EGRESS_DNS` takes it. */
  get address(): string {
    return `127.0.0.1:${this.#socket.address().port}`;
  }

  /** Answers for a name; any other is not found. */
  name(name: string, addresses: Addresses): this {
    this.#names.set(name, addresses);
    return this;
  }

  async stop(): Promise<void> {
    this.#socket.close();
    await once(this.#socket, 'close');
  }

  #answer(message: Buffer, from: RemoteInfo): void {
    const { id, questions = [] } = decode(message);
    const [{ name, type } = { name: '', type: 'A' as const }] = questions;
    const earlier = this.asked.filter((other) => other === name).length;
    if (type === 'A') this.asked.push(name);
    const told = this.#names.get(name.toLowerCase());
    const addresses =
      typeof told === 'function' ? told(type === 'A' ? earlier : Math.max(earlier - 1, 0)) : told;
    const answers = (addresses ?? [])
      .map((data) => ({ type: data.includes(':') ? ('AAAA' as const) : ('A' as const), name, ttl: 0, data }))
      .filter((answer) => answer.type === type) satisfies Answer[];
    const notFound = 3;
    const reply = encode({ type: 'response', id: id ?? 0, flags: told ? 0 : notFound, questions, answers });
    this.#socket.send(reply, from.port, from.address);
  }
}
