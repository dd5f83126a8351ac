import type { Socket } from 'node:net';
import { promisify } from 'node:util';
import { brotliCompress, constants, deflate, gzip } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { generate } from 'selfsigned';
import { serve, serveTcp, serveTls, type TestServer } from '../http/server.js';
import type { Loose } from '../support/api.js';
import { startTestPostrider, type TestPostrider } from '../support/postrider.js';
import { subscribe } from '../support/subscribe.js';
import { waitFor } from '../support/wait.js';

type Pem = { key: string; cert: string };

/** Of the webhooks whose receivers take longer; the others have the most that a webhook may, for a busy machine. */
const timeoutMs = 1_500;
const bombBytes = 96 * 1024 * 1024;
/** What one exchange may hold: its 64 KiB, what streams and sockets buffer, and what other deliveries of the run take. */
const boundBytes = 32 * 1024 * 1024;

let postrider: TestPostrider;
let unknownCa: Pem;
let trusted: Pem;
let expired: Pem;
let otherName: Pem;

const at = (days: number): Date => new Date(Date.now() + days * 86_400_000);

/** Signed by itself for loopback, or for another name. */
async function certificate(options: { days?: [from: number, to: number]; name?: string } = {}): Promise<Pem> {
  const { days: [from, to] = [-1, 30], name } = options;
  const altName =
    name === undefined ? { type: 7 as const, ip: '127.0.0.1' } : { type: 2 as const, value: name };
  const { private: key, cert } = await generate([{ name: 'commonName', value: name ?? '127.0.0.1' }], {
    notBeforeDate: at(from),
    notAfterDate: at(to),
    extensions: [{ name: 'subjectAltName', altNames: [altName] }],
  });
  return { key, cert };
}

beforeAll(async () => {
  [unknownCa, trusted, expired, otherName] = await Promise.all([
    certificate(),
    certificate(),
    certificate({ days: [-30, -1] }),
    certificate({ name: 'other.example.com' }),
  ]);
  postrider = await startTestPostrider({
    env: { POSTRIDER_EGRESS_CA: [trusted, expired, otherName].map(({ cert }) => cert).join('\n') },
  });
});

afterAll(async () => postrider.stop());

/** The one attempt of a delivery to `server`, how it ended, and the most that buffers grew meanwhile. */
async function attemptAt(server: TestServer, webhook: object = {}): Promise<Loose> {
  const before = process.memoryUsage().arrayBuffers;
  let peak = before;
  const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage().arrayBuffers)), 5);
  try {
    const { publish } = await subscribe(postrider.api, {
      url: server.url,
      retrySchedule: [],
      ...webhook,
    });
    const { status, attempts } = await postrider.over(await publish(), 60_000);
    await waitFor('the connection to end', () => server.connections.open.size === 0, 60_000);
    return { status, attempts, ...(attempts as Loose[])[0], grown: peak - before };
  } finally {
    clearInterval(watch);
    await server.close();
  }
}

function answering(answer: (socket: Socket) => void): Promise<TestServer> {
  return serveTcp((socket) => socket.once('data', () => answer(socket)));
}

/** Sends `more` again and again, each 20 ms. */
function trickle(socket: Socket, start: string, more = 'x'): void {
  socket.write(start);
  const timer = setInterval(() => socket.write(more), 20);
  socket.on('close', () => clearInterval(timer));
}

/** Sends as much as the other end takes. */
function flood(socket: Socket, start: string, more: Buffer): void {
  const go = (): void => {
    while (!socket.destroyed && socket.write(more));
  };
  socket.on('drain', go).write(start);
  go();
}

const ok = 'HTTP/1.1 200 OK\r\n';
const chunk = Buffer.from(`4000\r\n${'x'.repeat(0x4000)}\r\n`);

describe('a receiver that takes its time ends as a timeout, when it', () => {
  it.each<[string, (socket: Socket) => void]>([
    ['never answers', () => undefined],
    ['sends a header byte by byte', (socket) => trickle(socket, `${ok}x-slow: `)],
    ['sends headers without end, slowly', (socket) => trickle(socket, ok, 'a: b\r\n')],
    ['sends a body byte by byte', (socket) => trickle(socket, `${ok}content-length: 9999\r\n\r\n`)],
    [
      'sends a chunked body byte by byte',
      (socket) => trickle(socket, `${ok}transfer-encoding: chunked\r\n\r\n`, '1\r\nx\r\n'),
    ],
    [
      'sends interim responses without end',
      (socket) => trickle(socket, '', 'HTTP/1.1 102 Processing\r\n\r\n'),
    ],
  ])('%s', async (_, answer) => {
    const attempt = await attemptAt(await answering(answer), { timeoutMs });
    expect(attempt).toMatchObject({ status: 'failed', errorCode: 'timeout', response: null });
    expect(attempt.durationMs).toBeGreaterThanOrEqual(timeoutMs);
    expect(attempt.durationMs).toBeLessThan(timeoutMs + 20_000);
  });

  it('never ends the TLS handshake', async () => {
    const server = await serveTcp((socket) => socket.resume().on('end', () => socket.end()));
    const url = server.url.replace('http:', 'https:');
    const attempt = await attemptAt({ ...server, url }, { timeoutMs });
    expect(attempt).toMatchObject({ status: 'failed', errorCode: 'timeout' });
  });
});

describe('a receiver that sends too much', () => {
  it('in an endless body has taken the request; the body is cut, and the connection ended', async () => {
    const server = await answering((socket) =>
      flood(socket, `${ok}transfer-encoding: chunked\r\n\r\n`, chunk),
    );
    const attempt = await attemptAt(server);
    expect(attempt).toMatchObject({
      status: 'succeeded',
      errorCode: null,
      response: { status: 200, truncated: true },
    });
    expect(attempt.response.body).toHaveLength(64 * 1024);
    expect(attempt.grown).toBeLessThan(boundBytes);
  });

  it.each([
    ['gzip', promisify(gzip)],
    ['deflate', promisify(deflate)],
    [
      'br',
      async (bytes: Buffer) =>
        promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 3 } }),
    ],
  ])(
    'in a %s bomb has taken the request, and is decompressed no further than the limit',
    async (coding, compress) => {
      const bomb = await compress(Buffer.alloc(bombBytes, 'x'));
      const server = await serve((_, response) =>
        response.writeHead(200, { 'content-encoding': coding, connection: 'close' }).end(bomb),
      );
      const attempt = await attemptAt(server);
      expect(attempt).toMatchObject({ status: 'succeeded', response: { status: 200, truncated: true } });
      expect(attempt.response.body).toHaveLength(64 * 1024);
      expect(attempt.grown).toBeLessThan(boundBytes);
    },
  );

  it.each<[string, (socket: Socket) => void]>([
    ['1 MB of headers', (socket) => void socket.write(`${ok}${'x-a: yyyyyyyy\r\n'.repeat(75_000)}\r\n`)],
    ['one header of 1 MB', (socket) => void socket.write(`${ok}x-a: ${'y'.repeat(1_000_000)}\r\n\r\n`)],
    ['headers without end', (socket) => flood(socket, ok, Buffer.from('x-a: y\r\n'.repeat(1_000)))],
    [
      'trailers without end',
      (socket) =>
        flood(
          socket,
          `${ok}transfer-encoding: chunked\r\n\r\n0\r\n`,
          Buffer.from('x-a: y\r\n'.repeat(1_000)),
        ),
    ],
  ])('in %s is an invalid response', async (_, answer) => {
    const attempt = await attemptAt(await answering(answer));
    expect(attempt).toMatchObject({ status: 'failed', errorCode: 'invalid_response', response: null });
    expect(attempt.grown).toBeLessThan(boundBytes);
  });
});

describe('a receiver that does not speak HTTP is an invalid response, with', () => {
  it.each([
    ['another protocol', '220 mail.example.com ESMTP\r\n'],
    ['a status that is none', 'HTTP/1.1 abc OK\r\n\r\n'],
    ['a header without a colon', `${ok}no colon here\r\n\r\n`],
    ['two lengths that differ', `${ok}content-length: 1\r\ncontent-length: 2\r\n\r\nab`],
    ['a length and chunks', `${ok}content-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`],
    ['a chunk without a size', `${ok}transfer-encoding: chunked\r\n\r\nzz\r\n`],
    ['a body that is not gzip', `${ok}content-encoding: gzip\r\ncontent-length: 4\r\n\r\noops`],
  ])('%s', async (_, bytes) => {
    const attempt = await attemptAt(await answering((socket) => void socket.write(bytes)));
    expect(attempt).toMatchObject({ status: 'failed', errorCode: 'invalid_response', response: null });
  });
});

describe('a receiver that closes in the middle is a connection error', () => {
  it.each([
    ['before it answers', ''],
    ['of the status line', 'HTTP/1.1 20'],
    ['of a header', `${ok}x-a: `],
    ['of a body', `${ok}content-length: 100\r\n\r\nhalf`],
    ['of a chunk', `${ok}transfer-encoding: chunked\r\n\r\n64\r\nhalf`],
    ['of a compressed body', `${ok}content-encoding: gzip\r\ncontent-length: 100\r\n\r\n\x1f\x8b`],
  ])('%s', async (_, bytes) => {
    const attempt = await attemptAt(await answering((socket) => void socket.end(bytes, 'latin1')));
    expect(attempt).toMatchObject({ status: 'failed', errorCode: 'connection', response: null });
  });
});

describe('a receiver whose certificate is wrong is a tls error, and gets no request', () => {
  it.each<[string, () => Pem, string]>([
    ['signed by itself', () => unknownCa, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['expired', () => expired, 'CERT_HAS_EXPIRED'],
    ['of another name', () => otherName, 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ])('%s', async (_, pem, code) => {
    let requests = 0;
    const server = await serveTls(pem(), (_request, response) => {
      requests += 1;
      response.end();
    });
    const attempt = await attemptAt(server);
    expect(attempt).toMatchObject({
      status: 'failed',
      errorCode: 'tls',
      errorMessage: `the TLS handshake failed (${code})`,
      response: null,
    });
    expect(requests).toBe(0);
  });

  it('and is trusted where POSTRIDER_EGRESS_CA names its authority', async () => {
    const server = await serveTls(trusted, (_, response) =>
      response.setHeader('connection', 'close').end('ok'),
    );
    expect(await attemptAt(server)).toMatchObject({
      status: 'succeeded',
      response: { status: 200, body: 'ok' },
    });
  });
});

describe('a receiver that redirects in a loop', () => {
  it('is asked once an attempt, and its 3xx is the answer', async () => {
    let requests = 0;
    const server = await serve((request, response) => {
      requests += 1;
      response.writeHead(307, { location: request.url, connection: 'close' }).end();
    });
    const attempt = await attemptAt(server, { retrySchedule: ['10ms'] });
    expect(attempt).toMatchObject({ status: 'failed', errorCode: 'http_status', response: { status: 307 } });
    expect(attempt.attempts).toHaveLength(2);
    expect(requests).toBe(2);
  });
});
