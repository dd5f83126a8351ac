import { createServer, STATUS_CODES, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { Express } from 'express';
import { ConfigError } from '../config/environment.js';
import { Problem } from '../errors/problem.js';
import type { Lifecycle } from '../lifecycle.js';
import { problemDocument } from './problem-answer.js';

/** How long calls under way get to end when the server stops. */
const drainMs = 10_000;

/**
 * How long a connection is kept that has no call, in ms: longer than clients and proxies in front keep theirs (60 s, mostly), so that
 * none sends a call over one that is being closed here.
 */
const keepAliveMs = 75_000;

/**
 * How long the rest of a refused request is read and dropped, in ms: a connection that is closed with something unread is reset, and the client may
 * lose the answer by that (RFC 9112, 9.6).
 */
const lingerMs = 2_000;

/** How often they are looked for when the server stops, in ms. */
const idleEveryMs = 100;

/** A server that listens. */
export interface ListeningServer {
  readonly port: number;
  /**
   * Says that it is not ready, still takes calls for the time that it was given, then no new ones; lets those under way end,
   * and resolves when all are gone.
   */
  stop(): Promise<void>;
}

/** How a server stops: whom it tells, and for how long (ms) it goes on meanwhile, so that who balances its load hears of it first. */
export interface Stopping {
  lifecycle: Lifecycle;
  leaveMs: number;
}

/** Listens. Throws a ConfigError that says what to do when the port is taken or not allowed. */
export async function listen(app: Express, address: Address, stopping: Stopping): Promise<ListeningServer> {
  const server = createServer(
    { requestTimeout: 60_000, headersTimeout: 15_000, keepAliveTimeout: keepAliveMs },
    app,
  );
  server.on('clientError', answerClientError);
  // An expectation that nobody knows may be passed over (RFC 9110, 10.1.1); Node's own answer, a bare 417, is no problem document.
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
  // Who keeps a connection is told to let it go by the answer to the last call over it.
  server.prependListener('request', (_request, response) => {
    if (stopping.lifecycle.isStopping) response.setHeader('connection', 'close');
  });
  await bind(server, address);
  return { port: (server.address() as AddressInfo).port, stop: async () => leave(server, stopping) };
}

/** Throws what `listen` would now, so that it is known before anything else is started. */
export async function checkPort(at: Address): Promise<void> {
  const probe = createServer();
  await bind(probe, at);
  await new Promise((resolve) => probe.close(resolve));
}

interface Address {
  host: string;
  port: number;
}

async function bind(server: Server, { host, port }: Address): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, host, port)));
    server.listen(port, host, resolve);
  });
}

/** What Node's parser refuses never reaches the application: it is answered here, and the connection ends. */
function answerClientError(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  // The rest of what was answered already.
  if (!socket.writable) return;
  const problem = clientProblem(error);
  const body = problemDocument(problem);
  socket.end(
    [
      `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ''}`,
      'connection: close',
      'content-type: application/problem+json; charset=utf-8',
      `content-length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n'),
  );
  setTimeout(() => socket.destroy(), lingerMs).unref();
}

function clientProblem({ code }: NodeJS.ErrnoException): Problem {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return new Problem(
        'headers_too_large',
        'The URL and headers are larger than the 16 KiB that are taken.',
      );
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new Problem('request_timeout', 'The request did not arrive in time.');
    default:
      return new Problem('invalid_request', 'What was sent is not well-formed HTTP.');
  }
}

async function leave(server: Server, { lifecycle, leaveMs }: Stopping): Promise<void> {
  lifecycle.stop();
  await delay(leaveMs);
  await drain(server);
}

async function drain(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  // A connection whose call has ended is closed at once, not when it has had none for long.
  const idle = setInterval(() => server.closeIdleConnections(), idleEveryMs);
  server.closeIdleConnections();
  const limit = setTimeout(() => server.closeAllConnections(), drainMs);
  await closed;
  clearTimeout(limit);
  clearInterval(idle);
}

function listenError(error: NodeJS.ErrnoException, host: string, port: number): Error {
  switch (error.code) {
    case 'EADDRINUSE':
      return new ConfigError(
        `Port ${port} on ${host} is taken. Stop what listens there, or choose another port: POSTRIDER_PORT=${port + 1} npm start`,
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
