import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import type { RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

/** A server on a free port of 127.0.0.1 that is there until `close`. */
export interface TestServer {
  url: string;
  /** Connections that were ever opened, and those that are open. */
  connections: { opened: number; open: Set<Socket> };
  close: () => Promise<void>;
}

/** Serves HTTP. */
export async function serve(listener: RequestListener): Promise<TestServer> {
  return listen(createHttpServer({ keepAliveTimeout: 60_000 }, listener), 'http');
}

/** Serves HTTPS. */
export async function serveTls(
  pem: { key: string; cert: string },
  listener: RequestListener,
): Promise<TestServer> {
  return listen(createHttpsServer(pem, listener), 'https');
}

/** Serves bytes: `onSocket` gets each connection. */
export async function serveTcp(onSocket: (socket: Socket) => void): Promise<TestServer> {
  return listen(createTcpServer(onSocket), 'http');
}

async function listen(server: Server, protocol: string): Promise<TestServer> {
  const open = new Set<Socket>();
  const connections = { opened: 0, open };
  server.on('connection', (socket: Socket) => {
    connections.opened += 1;
    open.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => open.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `${protocol}://127.0.0.1:${port}/hook`,
    connections,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}
