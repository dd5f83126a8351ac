import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHttpClient } from '../../src/http/client.js';
import type { Exchange, HttpClient } from '../../src/http/exchange.js';
import { parseCidrs } from '../../src/http/guard.js';
import { DnsServer } from '../support/dns-server.js';
import { hostileNames, hostileUrls } from './hostile-urls.js';
import { serve, type TestServer } from './server.js';

let dns: DnsServer;
let inside: TestServer;
let guarded: HttpClient;

beforeAll(async () => {
  dns = await DnsServer.start();
  for (const [name, addresses] of Object.entries(hostileNames)) {
    dns.name(name, addresses).name(`${name}.`, addresses);
  }
  inside = await serve((_, response) => response.setHeader('connection', 'close').end('inside'));
  guarded = createHttpClient({ allow: [], dnsServers: [dns.address] });
});

afterAll(async () => {
  await guarded.close();
  await inside.close();
  await dns.stop();
});

async function post(url: string, client = guarded): Promise<Exchange> {
  const request = { method: 'POST' as const, url, headers: [], body: '{}' };
  return client.exchange(request, { timeoutMs: 60_000, maxResponseBytes: 100 });
}

const port = (): string => new URL(inside.url).port;

describe('a URL that leads inside', () => {
  it('is written in at least 60 ways', () => {
    expect(new Set(hostileUrls.map(([, url]) => url)).size).toBeGreaterThanOrEqual(60);
  });

  it.each(hostileUrls)('is blocked before a connection is opened: %s', async (_, url) => {
    expect(await post(url.replace('PORT', port()))).toMatchObject({
      ok: false,
      errorCode: 'blocked_address',
      message: 'the address is not public, and not allowed',
    });
    expect(inside.connections.opened).toBe(0);
  });
});

describe('a name that is bound again', () => {
  it('is resolved once for each connection, and what was checked is what is dialled', async () => {
    const answers = ['127.0.0.1', '127.0.0.1', '169.254.169.254', '127.0.0.1'];
    dns.name('turning.example.test', (earlier) => [answers[earlier] ?? '10.0.0.1']);
    const allowing = createHttpClient({ allow: parseCidrs('127.0.0.1'), dnsServers: [dns.address] });
    const results: Exchange[] = [];
    for (const _ of [...answers, 'one more']) {
      results.push(await post(`http://turning.example.test:${port()}/`, allowing));
    }
    await allowing.close();
    expect(results.map((result) => (result.ok ? result.body : result.errorCode))).toEqual([
      'inside',
      'inside',
      'blocked_address',
      'inside',
      'blocked_address',
    ]);
    expect(dns.asked.filter((name) => name === 'turning.example.test')).toHaveLength(5);
  });
});

describe('DNS servers that are named', () => {
  it('are asked, and a name that they do not know is a dns error', async () => {
    expect(await post('http://unknown.example.test/')).toMatchObject({ ok: false, errorCode: 'dns' });
    expect(await post('http://empty.example.test/')).toMatchObject({ ok: false, errorCode: 'dns' });
    expect(dns.asked).toContain('unknown.example.test');
  });
});

describe('rules for public addresses', () => {
  it.each([
    ['plain http where https alone is allowed', 'http://8.8.8.8/', { httpsOnly: true }],
    ['a port that is not listed', 'https://8.8.8.8:8443/', { ports: [443] }],
    ['the usual port where it is not listed', 'http://8.8.8.8/', { ports: [443, 8443] }],
  ])('block %s', async (_, url, rules) => {
    const strict = createHttpClient({ allow: [], ...rules });
    expect(await post(url, strict)).toMatchObject({
      errorCode: 'blocked_address',
      message: 'plain http, or the port, is not allowed',
    });
    await strict.close();
  });

  it('do not hold for ranges that are allowed by name', async () => {
    const strict = createHttpClient({ allow: parseCidrs('127.0.0.1'), httpsOnly: true, ports: [443] });
    expect(await post(inside.url, strict)).toMatchObject({ ok: true, body: 'inside' });
    await strict.close();
  });
});
