import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Express } from 'express';
import { ConfigError } from '../config/environment.js';

/** How long calls under way get to end when the server stops. */
const drainMs = 10_000;

/** A server that listens. */
export interface ListeningServer {
  readonly port: number;
  /** Takes no new calls, lets those under way end, and resolves when all are gone. */
  stop(): Promise<void>;
}

/** Listens. Throws a ConfigError that says what to do when the port is taken or not allowed. */
export async function listen(app: Express, host: string, port: number): Promise<ListeningServer> {
  const server = createServer({ requestTimeout: 60_000, headersTimeout: 15_000 }, app);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, host, port)));
    server.listen(port, host, resolve);
  });
  return { port: (server.address() as AddressInfo).port, stop: async () => drain(server) };
}

async function drain(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  server.closeIdleConnections();
  const limit = setTimeout(() => server.closeAllConnections(), drainMs);
  await closed;
  clearTimeout(limit);
}

function listenError(error: NodeJS.ErrnoException, host: string, port: number): Error {
  switch (error.code) {
    case 'EADDRINUSE':
      return new ConfigError(
        `Port ${port} on ${host} is taken. Stop what listens there, or choose another port: POSTRIDER_PORT=8401 npm start`,
      );
    case 'EACCES':
      return new ConfigError(
        `Port ${port} needs more rights than this user has; choose one above 1023 with POSTRIDER_PORT.`,
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new ConfigError(`POSTRIDER_HOST: ${host} is no address of this machine.`);
    default:
      return error;
  }
}
