import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { generate } from 'selfsigned';
import { Secret } from '../../src/config/secret.js';
import { createHttpClient } from '../../src/http/client.js';
import type { Egress } from '../../src/http/egress.js';
import { NotSent, type Exchange, type HttpClient } from '../../src/http/exchange.js';
import { DnsServer } from '../support/dns-server.js';
import { waitFor } from '../support/wait.js';
import { serve, serveTls, type TestServer } from './server.js';

/** An address of nobody in this test: the proxy leads it to the receiver. */
const outside = '8.8.8.8';

let dns: DnsServer;
let pem: { key: string; cert: string };
let plain: TestServer;
let secure: TestServer;
let proxy: Server;
let asked: IncomingMessage[];
let sockets: Set<Socket>;
/** The status that the proxy answers with; 0: it says nothing. */
let answer: number;
const clients: HttpClient[] = [];

beforeAll(async () => {
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'hooks.example.test' }], {
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'hooks.example.test' }] }],
  });
  pem = { key, cert };
  dns = await DnsServer.start();
  dns.name('hooks.example.test', [outside]).name('mixed.example.test', [outside, '10.0.0.1']);
  plain = await serve((_, response) => response.end('by http'));
  secure = await serveTls(pem, (_, response) => response.end('by https'));
});

beforeEach(async () => {
  asked = [];
  sockets = new Set();
  answer = 200;
  proxy = createServer().on('connect', (request: IncomingMessage, socket: Socket) => {
    asked.push(request);
    sockets.add(socket.on('error', () => {}).on('close', () => sockets.delete(socket)));
    if (answer !== 0) socket.write(`HTTP/1.1 ${answer} Told\r\n\r\n`);
    if (answer !== 200) {
      // A server of HTTP leaves the other half open.
      socket.resume().on('end', () => socket.end());
      return;
    }
    const { port } = new URL(request.url?.endsWith(':443') ? secure.url : plain.url);
    const onward = connect(Number(port), '127.0.0.1').on('error', () => {});
    socket.pipe(onward).pipe(socket);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
});

afterEach(async () => {
  await Promise.all(clients.splice(0).map(async (client) => client.close()));
  for (const socket of sockets) socket.destroy();
  proxy.close();
});

afterAll(async () => {
  await Promise.all([plain.close(), secure.close(), dns.stop()]);
});

function client(options: Partial<Egress> = {}): HttpClient {
  const { port } = proxy.address() as AddressInfo;
  const made = createHttpClient({
    allow: [],
    dnsServers: [dns.address],
    trust: [pem.cert],
    proxy: new Secret(`http://us:p%40ss@127.0.0.1:${port}`),
    ...options,
  });
  clients.push(made);
  return made;
}

async function post(url: string, by = client(), timeoutMs = 60_000): Promise<Exchange> {
  const request = { method: 'POST' as const, url, headers: [], body: '{}' };
  return by.exchange(request, { timeoutMs, maxResponseBytes: 100 });
}

describe('an egress proxy', () => {
  it('opens connections to the address that was checked, for http and https, with its credentials', async () => {
    const by = client();
    expect(await post('http://hooks.example.test/', by)).toMatchObject({ ok: true, body: 'by http' });
    expect(await post('https://hooks.example.test/', by)).toMatchObject({ ok: true, body: 'by https' });
    expect(await post('https://hooks.example.test/', by)).toMatchObject({ ok: true, body: 'by https' });
    expect(await post(`http://${outside}:8080/`, by)).toMatchObject({ ok: true, body: 'by http' });
    expect(asked.map(({ url }) => url)).toEqual([`${outside}:80`, `${outside}:443`, `${outside}:8080`]);
    const credentials = Buffer.from('us:p@ss').toString('base64');
    expect(asked[0]?.headers['proxy-authorization']).toBe(`Basic ${credentials}`);
  });

  it('leaves TLS between the client and the receiver', async () => {
    expect(await post('https://hooks.example.test/', client({ trust: [] }))).toMatchObject({
      errorCode: 'tls',
    });
    expect(await post(`https://${outside}/`)).toMatchObject({ errorCode: 'tls' });
  });

  it.each([
    'http://127.0.0.1/',
    'http://localhost/',
    'https://[::1]/',
    'http://2130706433/',
    'https://169.254.169.254/',
    'http://mixed.example.test/',
  ])('does not switch the guard off: %s never reaches it', async (url) => {
    expect(await post(url)).toMatchObject({ ok: false, errorCode: 'blocked_address' });
    expect(asked).toEqual([]);
  });

  it('does not switch the rules for public addresses off', async () => {
    const strict = client({ httpsOnly: true, ports: [443] });
    expect(await post('http://hooks.example.test/', strict)).toMatchObject({ errorCode: 'blocked_address' });
    expect(await post('https://hooks.example.test:444/', strict)).toMatchObject({
      errorCode: 'blocked_address',
    });
    expect(await post('https://hooks.example.test/', strict)).toMatchObject({ ok: true });
  });

  it('that refuses the address blocks it; one that cannot connect says so of the receiver', async () => {
    answer = 403;
    expect(await post('https://hooks.example.test/')).toMatchObject({ errorCode: 'blocked_address' });
    answer = 502;
    expect(await post('https://hooks.example.test/')).toMatchObject({
      errorCode: 'connection',
      message: 'the connection failed (PROXY_502)',
    });
  });

  it('that is away, or does not know us, is trouble of ours', async () => {
    answer = 407;
    await expect(post('https://hooks.example.test/')).rejects.toThrow(NotSent);
    const by = client();
    proxy.close();
    await once(proxy, 'close');
    await expect(post('https://hooks.example.test/', by)).rejects.toThrow(
      'the egress proxy cannot be reached',
    );
  });

  it('that says nothing is held to the time limit, and left', async () => {
    answer = 0;
    // Long enough for a busy machine to come as far as the proxy.
    expect(await post('https://hooks.example.test/', client(), 2_000)).toMatchObject({
      errorCode: 'timeout',
    });
    await waitFor('the connection to end', () => asked.length === 1 && sockets.size === 0);
  });
});
