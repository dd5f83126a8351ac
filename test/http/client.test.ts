import type { Socket } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createHttpClient } from '../../src/http/client.js';
import type { HttpClientOptions } from '../../src/http/client.js';
import type { ExchangeLimits, HttpClient, OutgoingRequest } from '../../src/http/exchange.js';
import { headerOf, NotSent } from '../../src/http/exchange.js';
import { parseCidrs } from '../../src/http/guard.js';
import { serve, serveTcp } from './server.js';
import type { TestServer } from './server.js';
import { holdUp } from '../support/hold-up.js';

const limits: ExchangeLimits = { timeoutMs: 30_000, maxResponseBytes: 64 * 1024 };
const soon: ExchangeLimits = { ...limits, timeoutMs: 200 };
const open: { close: () => Promise<void> }[] = [];

function client(options: Partial<HttpClientOptions> = {}): HttpClient {
  return opened(createHttpClient({ allow: parseCidrs('127.0.0.0/8,::1/128'), ...options }));
}

function opened<T extends { close: () => Promise<void> }>(resource: T): T {
  open.push(resource);
  return resource;
}

function post(server: TestServer, parts: Partial<OutgoingRequest> = {}): OutgoingRequest {
  return { method: 'POST', url: server.url, headers: [], body: '{}', ...parts };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2));
}

afterEach(async () => {
  await Promise.all(open.splice(0).map(async (resource) => resource.close()));
});

describe('an exchange', () => {
  it('sends the method, path, query, headers in order and body as they are, and reads the response', async () => {
    const server = opened(
      await serve((request, response) => {
        let body = '';
        request.on('data', (chunk: Buffer) => (body += chunk.toString()));
        request.on('end', () => {
          const { method, url, rawHeaders } = request;
          response.setHeader('Set-Cookie', ['a=1', 'b=2']);
          response.writeHead(201).end(JSON.stringify({ method, url, rawHeaders, body }));
        });
      }),
    );
    const exchange = await client().exchange(
      post(server, {
        method: 'PUT',
        url: `${server.url}?q=1#frag`,
        headers: [
          ['X-B', '1'],
          ['x-a', '2'],
        ],
        body: 'é',
      }),
      limits,
    );
    if (!exchange.ok) throw new Error(exchange.message);
    expect(exchange.status).toBe(201);
    expect(exchange.truncated).toBe(false);
    expect(exchange.durationMs).toBeGreaterThanOrEqual(0);
    expect(headerOf(exchange.headers, 'set-cookie')).toBe('a=1, b=2');
    const seen = JSON.parse(exchange.body) as { rawHeaders: string[] };
    expect(seen).toMatchObject({ method: 'PUT', url: '/hook?q=1', body: 'é' });
    const own = seen.rawHeaders.indexOf('X-B');
    expect(seen.rawHeaders.slice(own, own + 4)).toEqual(['X-B', '1', 'x-a', '2']);
    const names = seen.rawHeaders.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
    expect(names.toSorted()).toEqual(['connection', 'content-length', 'host', 'x-a', 'x-b']);
  });

  it('does not follow a redirect', async () => {
    let requests = 0;
    const server = opened(
      await serve((_, response) => {
        requests += 1;
        response.writeHead(302, { location: '/elsewhere' }).end();
      }),
    );
    expect(await client().exchange(post(server), limits)).toMatchObject({ ok: true, status: 302 });
    expect(requests).toBe(1);
  });

  it('replaces what is no UTF-8, and leaves out a character that the cut went through', async () => {
    const bytes = Buffer.from([0x61, 0xff, 0x62]);
    const server = opened(
      await serve((request, response) => response.end(request.url === '/cut' ? 'aé' : bytes)),
    );
    expect(await client().exchange(post(server), limits)).toMatchObject({ body: 'a\ufffdb' });
    const cut = post(server, { url: new URL('/cut', server.url).href });
    const exchange = await client().exchange(cut, { ...limits, maxResponseBytes: 2 });
    expect(exchange).toMatchObject({ body: 'a', truncated: true });
  });
});

describe('the time limit', () => {
  it.each([
    ['no headers', () => {}],
    ['headers one byte at a time', (socket: Socket) => trickle(socket, 'HTTP/1.1 200 OK\r\nx-slow: ')],
    [
      'a body that stops',
      (socket: Socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf'),
    ],
    ['a body one byte at a time', (socket: Socket) => trickle(socket, 'HTTP/1.1 200 OK\r\n\r\n')],
    ['endless interim responses', (socket: Socket) => trickle(socket, '', 'HTTP/1.1 102 Processing\r\n\r\n')],
  ])('covers %s, and ends the connection', async (_, answer) => {
    const server = opened(await serveTcp((socket) => socket.once('data', () => answer(socket))));
    const exchange = await client().exchange(post(server), soon);
    expect(exchange).toMatchObject({ ok: false, errorCode: 'timeout' });
    expect(exchange.durationMs).toBeGreaterThanOrEqual(199);
    expect(exchange.durationMs).toBeLessThan(10_000);
    await until(() => server.connections.open.size === 0);
  });

  it('is kept by an answer that came in time, and lay unread while this process was held up', async () => {
    const server = opened(
      await serve((_, response) => {
        response.end('ok', () => holdUp(3_500));
      }),
    );
    const exchange = await client().exchange(post(server), { ...limits, timeoutMs: 3_000 });
    expect(exchange).toMatchObject({ ok: true, body: 'ok' });
  });

  it('covers a TLS handshake that is never answered', async () => {
    const server = opened(await serveTcp((socket) => socket.resume()));
    const request = post(server, { url: server.url.replace('http:', 'https:') });
    expect(await client().exchange(request, soon)).toMatchObject({ ok: false, errorCode: 'timeout' });
    await until(() => server.connections.open.size === 0);
  });

  it('starts when the request leaves the queue', async () => {
    const server = opened(
      await serve((_, response) => {
        setTimeout(() => response.end('ok'), 800);
      }),
    );
    const http = client({ connectionsPerOrigin: 1 });
    const timeoutMs = 5_000;
    const startedAt = performance.now();
    const exchanges = await Promise.all(
      Array.from({ length: 8 }, async () => http.exchange(post(server), { ...limits, timeoutMs })),
    );
    expect(performance.now() - startedAt).toBeGreaterThan(timeoutMs);
    for (const exchange of exchanges) {
      expect(exchange).toMatchObject({ ok: true, status: 200 });
      expect(exchange.durationMs).toBeLessThan(timeoutMs);
    }
  });
});

describe('the size limit', () => {
  const small = { ...limits, maxResponseBytes: 1_000 };

  it('cuts an endless body, and ends the connection', async () => {
    const server = opened(
      await serve((_, response) => {
        const more = (): void => {
          while (!response.destroyed && response.write('x'.repeat(16_384)));
        };
        response.on('drain', more);
        more();
      }),
    );
    const exchange = await client().exchange(post(server), small);
    expect(exchange).toMatchObject({ ok: true, status: 200, body: 'x'.repeat(1_000), truncated: true });
    await until(() => server.connections.open.size === 0);
  });

  it.each([
    ['one byte less', 999, false],
    ['as much', 1_000, false],
    ['one byte more', 1_001, true],
  ])('of 1,000 bytes with %s', async (_, length, truncated) => {
    const server = opened(await serve((_, response) => response.end('x'.repeat(length))));
    const exchange = await client().exchange(post(server), small);
    expect(exchange).toMatchObject({ ok: true, truncated, body: 'x'.repeat(Math.min(length, 1_000)) });
  });

  it('counts a body that reaches it and then stops as cut, not as a timeout', async () => {
    const server = opened(await serve((_, response) => response.write('x'.repeat(1_000))));
    const exchange = await client().exchange(post(server), { ...small, timeoutMs: 2_000 });
    expect(exchange).toMatchObject({ ok: true, status: 200, truncated: true });
  });

  it.each([
    ['gzip', gzipSync],
    ['x-gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ])('is counted after decompressing %s, and a bomb is cut', async (encoding, compress) => {
    const bomb = compress(Buffer.alloc(20_000_000, 'x'));
    const text = compress(Buffer.from('{"ok":true}'));
    const server = opened(
      await serve((request, response) => {
        response.setHeader('content-encoding', encoding);
        response.end(request.url === '/bomb' ? bomb : text);
      }),
    );
    const http = client();
    expect(await http.exchange(post(server), limits)).toMatchObject({
      ok: true,
      body: '{"ok":true}',
      truncated: false,
    });
    const before = process.memoryUsage().arrayBuffers;
    const exchange = await http.exchange(post(server, { url: new URL('/bomb', server.url).href }), limits);
    expect(exchange).toMatchObject({ ok: true, body: 'x'.repeat(64 * 1024), truncated: true });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(5_000_000);
  });

  it('ends the connection where something endless follows the end of the compressed body', async () => {
    const server = opened(
      await serve((_, response) => {
        response.setHeader('content-encoding', 'gzip');
        response.write(Buffer.concat([gzipSync('done'), Buffer.alloc(9)]));
        const more = setInterval(() => response.write(Buffer.alloc(9)), 5);
        response.on('close', () => clearInterval(more));
      }),
    );
    const exchange = await client().exchange(post(server), limits);
    expect(exchange).toMatchObject({ ok: true, status: 200, body: 'done', truncated: false });
    await until(() => server.connections.open.size === 0);
  });

  it('reads codings that it does not know, and several at once, as they came', async () => {
    const server = opened(
      await serve((request, response) => {
        response.setHeader('content-encoding', request.url === '/two' ? 'gzip, gzip' : 'rot13');
        response.end('uryyb');
      }),
    );
    expect(await client().exchange(post(server), limits)).toMatchObject({ ok: true, body: 'uryyb' });
    const two = post(server, { url: new URL('/two', server.url).href });
    expect(await client().exchange(two, limits)).toMatchObject({ ok: true, body: 'uryyb' });
  });

  it('takes an empty body with a coding for what it is', async () => {
    const server = opened(
      await serve((_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end()),
    );
    expect(await client().exchange(post(server), limits)).toMatchObject({
      ok: true,
      body: '',
      truncated: false,
    });
  });
});

describe('a receiver that fails', () => {
  it.each([
    ['no HTTP at all', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['headers past 16 KiB', `HTTP/1.1 200 OK\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`],
    ['a header that is cut into two lines', 'HTTP/1.1 200 OK\r\nno colon here\r\n\r\n'],
    ['a chunk without a size', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n'],
    ['a body that is not gzip', 'HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 4\r\n\r\noops'],
    [
      'a long body that is not gzip',
      `HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n\r\n${'oops'.repeat(15_000)}`,
    ],
    ['an interim response that nobody asked for', 'HTTP/1.1 100 Continue\r\n\r\n'],
    ['a switch of protocols', 'HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'],
  ])('with %s is an invalid_response', async (_, bytes) => {
    const server = opened(await serveTcp((socket) => socket.once('data', () => socket.write(bytes))));
    const exchange = await client().exchange(post(server), limits);
    expect(exchange).toMatchObject({ ok: false, errorCode: 'invalid_response' });
  });

  it.each([
    ['before it answers', ''],
    ['in the headers', 'HTTP/1.1 200 OK\r\nx-y: '],
    ['in a body', 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf'],
    ['in a chunk', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n64\r\nhalf'],
  ])('by closing the connection %s is a connection error', async (_, bytes) => {
    const server = opened(await serveTcp((socket) => socket.once('data', () => socket.end(bytes))));
    expect(await client().exchange(post(server), limits)).toMatchObject({
      ok: false,
      errorCode: 'connection',
    });
  });

  it('by refusing or resetting the connection is a connection error', async () => {
    const server = opened(await serveTcp((socket) => socket.once('data', () => socket.resetAndDestroy())));
    const reset = await client().exchange(post(server), limits);
    expect(reset).toMatchObject({
      ok: false,
      errorCode: 'connection',
      message: 'the connection failed (ECONNRESET)',
    });
    const gone = await serve(() => {});
    await gone.close();
    const refused = await client().exchange(post(gone), limits);
    expect(refused).toMatchObject({
      ok: false,
      errorCode: 'connection',
      message: 'the connection failed (ECONNREFUSED)',
    });
  });

  it('by a name that does not exist is a dns error, whose message holds no path', async () => {
    const request: OutgoingRequest = {
      method: 'POST',
      url: 'http://nobody.invalid/secret-path?token=secret',
      headers: [['x-key', 'secret']],
      body: '',
    };
    const exchange = await client().exchange(request, { ...limits, timeoutMs: 30_000 });
    expect(exchange).toMatchObject({ ok: false, errorCode: 'dns' });
    expect(JSON.stringify(exchange)).not.toContain('secret');
  });
});

describe('connections', () => {
  it('are used again', async () => {
    const server = opened(await serve((_, response) => response.end('ok')));
    const http = client();
    for (let round = 0; round < 5; round += 1) await http.exchange(post(server), limits);
    expect(server.connections.opened).toBe(1);
  });

  it('are bounded for each origin, and every request has its turn', async () => {
    let now = 0;
    let most = 0;
    const server = opened(
      await serve((_, response) => {
        now += 1;
        most = Math.max(most, now);
        setTimeout(() => {
          now -= 1;
          response.end('ok');
        }, 5);
      }),
    );
    const http = client({ connectionsPerOrigin: 4 });
    const exchanges = await Promise.all(
      Array.from({ length: 40 }, async () => http.exchange(post(server), limits)),
    );
    expect(exchanges.every((exchange) => exchange.ok)).toBe(true);
    expect(most).toBe(4);
    expect(server.connections.opened).toBe(4);
  });

  it('of one slow origin hold up no other', async () => {
    const slow = opened(await serve(() => {}));
    const quick = opened(await serve((_, response) => response.end('ok')));
    const http = client({ connectionsPerOrigin: 1 });
    const waiting = http.exchange(post(slow), { ...limits, timeoutMs: 500 });
    expect(await http.exchange(post(quick), limits)).toMatchObject({ ok: true });
    expect(await waiting).toMatchObject({ ok: false });
  });

  it('that the receiver closed while they were free are not used again', async () => {
    const server = opened(await serve((_, response) => response.end('ok')));
    const http = client();
    await http.exchange(post(server), limits);
    // At once: a process that is behind has not heard of it yet.
    holdUp(50);
    for (const socket of server.connections.open) socket.destroy();
    expect(await http.exchange(post(server), limits)).toMatchObject({ ok: true });
    expect(server.connections.opened).toBe(2);
  });

  it('are closed when they were free for too long', async () => {
    const server = opened(await serve((_, response) => response.end('ok')));
    await client({ keepAliveMs: 50 }).exchange(post(server), limits);
    await until(() => server.connections.open.size === 0);
  });

  it('of the origin that was not used for longest are let go when there are too many origins', async () => {
    const servers = await Promise.all(
      Array.from({ length: 3 }, async () => opened(await serve((_, response) => response.end('ok')))),
    );
    const http = client({ origins: 2 });
    for (const server of servers) await http.exchange(post(server), limits);
    await until(() => servers[0]?.connections.open.size === 0);
    expect(servers.map(({ connections }) => connections.open.size)).toEqual([0, 1, 1]);
  });
});

describe('trouble of ours is no exchange', () => {
  it('where no connection came free in time', async () => {
    const server = opened(await serve(() => {}));
    const http = client({ connectionsPerOrigin: 1, queueTimeoutMs: 50 });
    const first = http.exchange(post(server), { ...limits, timeoutMs: 400 });
    await expect(http.exchange(post(server), limits)).rejects.toThrow(NotSent);
    expect(await first).toMatchObject({ ok: false, errorCode: 'timeout' });
    expect(server.connections.opened).toBe(1);
  });

  it('where the queue is full', async () => {
    const server = opened(await serve((_, response) => setTimeout(() => response.end('ok'), 50)));
    const http = client({ connectionsPerOrigin: 1, queuePerOrigin: 1 });
    const results = await Promise.allSettled([1, 2, 3].map(async () => http.exchange(post(server), limits)));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
  });

  it('where the client is closed: what is under way ends, what waits is refused', async () => {
    const answers: (() => void)[] = [];
    const server = opened(await serve((_, response) => void answers.push(() => response.end('ok'))));
    const http = createHttpClient({ allow: parseCidrs('127.0.0.0/8'), connectionsPerOrigin: 1 });
    const first = http.exchange(post(server), limits);
    const second = http.exchange(post(server), limits);
    const [, refused] = await Promise.allSettled([
      until(() => answers.length === 1).then(async () => {
        const closed = http.close();
        answers[0]?.();
        return closed;
      }),
      second,
    ]);
    expect(refused).toMatchObject({ status: 'rejected', reason: expect.any(NotSent) });
    expect(await first).toMatchObject({ ok: true });
    await expect(http.exchange(post(server), limits)).rejects.toThrow(NotSent);
    await until(() => server.connections.open.size === 0);
  });

  it('where the request cannot be sent', async () => {
    const server = opened(await serve((_, response) => response.end('ok')));
    const broken = post(server, { headers: [['x-a', 'line\r\nbreak']] });
    await expect(client().exchange(broken, limits)).rejects.toThrow('invalid x-a header');
    expect(server.connections.opened).toBe(0);
  });
});

function trickle(socket: Socket, start: string, more = 'x'): void {
  socket.write(start);
  const timer = setInterval(() => socket.write(more), 20);
  socket.on('close', () => clearInterval(timer));
}
