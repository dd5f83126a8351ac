import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { freePort } from '../../src/stack/free-ports.js';

/** A TCP proxy on loopback in front of a server, which can be cut and mended: the server is then away for who asks here. */
export class TcpProxy {
  #target: { host: string; port: number };
  readonly #sockets = new Set<Socket>();
  readonly #port: number;
  #server: Server | undefined;

  private constructor(server: Server, target: { host: string; port: number }) {
    this.#server = server;
    this.#target = target;
    this.#port = (server.address() as AddressInfo).port;
    server.on('connection', (socket: Socket) => this.#pipe(socket));
  }

  /** `target` is `host:port`. */
  static async start(target: string): Promise<TcpProxy> {
    const [host = '', port] = target.split(':');
    // It comes back to its port after a cut.
    return new TcpProxy(await listen(await freePort()), { host, port: Number(port) });
  }

  get address(): string {
    return `127.0.0.1:${this.#port}`;
  }

  get port(): number {
    return this.#port;
  }

  /** New connections go to this port from now on: the server has come back on another. */
  aim(port: number): void {
    this.#target = { ...this.#target, port };
  }

  /** Ends every connection, and refuses new ones. */
  async cut(): Promise<void> {
    const server = this.#server;
    if (!server) return;
    this.#server = undefined;
    const closed = once(server, 'close');
    server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  /** Lets connections through again. */
  async mend(): Promise<void> {
    if (this.#server) return;
    this.#server = await listen(this.#port);
    this.#server.on('connection', (socket: Socket) => this.#pipe(socket));
  }

  #pipe(socket: Socket): void {
    const upstream = connect(this.#target);
    for (const [from, to] of [
      [socket, upstream],
      [upstream, socket],
    ] as const) {
      this.#sockets.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        this.#sockets.delete(from);
        to.destroy();
      });
      from.pipe(to);
    }
  }
}

async function listen(port: number): Promise<Server> {
  const server = createServer();
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
