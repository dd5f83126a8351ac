import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { generate } from 'selfsigned';
import { createHttpClient } from '../../src/http/client.js';
import type { Exchange, HttpClient } from '../../src/http/exchange.js';
import { parseCidrs } from '../../src/http/guard.js';
import { serve, serveTcp, serveTls } from './server.js';
import type { TestServer } from './server.js';

let pem: { key: string; cert: string };
let http: HttpClient;
let server: TestServer;

beforeAll(async () => {
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }], {
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] }],
  });
  pem = { key, cert };
  http = createHttpClient({ allow: parseCidrs('127.0.0.0/8') });
});

afterEach(async () => {
  await server.close();
});

afterAll(async () => {
  await http.close();
});

async function post(url: string, client = http): Promise<Exchange> {
  const request = { method: 'POST' as const, url, headers: [], body: '{}' };
  return client.exchange(request, { timeoutMs: 30_000, maxResponseBytes: 100 });
}

describe('https', () => {
  it('is refused as tls where nobody that is trusted signed the certificate, and no request is sent', async () => {
    let requests = 0;
    server = await serveTls(pem, (_, response) => {
      requests += 1;
      response.end('ok');
    });
    expect(await post(server.url)).toMatchObject({
      ok: false,
      errorCode: 'tls',
      message: expect.stringMatching(/^the TLS handshake failed \([A-Z_]+\)$/),
    });
    expect(requests).toBe(0);
  });

  it('is refused as tls where the receiver speaks plain HTTP', async () => {
    server = await serve((_, response) => response.end('ok'));
    expect(await post(server.url.replace('http:', 'https:'))).toMatchObject({ ok: false, errorCode: 'tls' });
  });

  it('is refused as tls where the receiver closes or resets in the handshake', async () => {
    server = await serveTcp((socket) => socket.once('data', () => socket.destroy()));
    expect(await post(server.url.replace('http:', 'https:'))).toMatchObject({ ok: false, errorCode: 'tls' });
    await server.close();
    server = await serveTcp((socket) => socket.once('data', () => socket.resetAndDestroy()));
    expect(await post(server.url.replace('http:', 'https:'))).toMatchObject({ ok: false, errorCode: 'tls' });
  });

  it('is a connection error where nobody listens', async () => {
    server = await serve(() => {});
    const gone = await serve(() => {});
    await gone.close();
    expect(await post(gone.url.replace('http:', 'https:'))).toMatchObject({
      ok: false,
      errorCode: 'connection',
    });
  });

  it('delivers where the authority is trusted and the name is right, over one connection', async () => {
    server = await serveTls(pem, (request, response) => {
      if (request.url === '/hang-up') request.socket.destroy();
      else response.end('ok');
    });
    const trusting = createHttpClient({ allow: parseCidrs('127.0.0.0/8,::1'), trust: [pem.cert] });
    const url = server.url.replace('127.0.0.1', 'localhost');
    try {
      expect(await post(url, trusting)).toMatchObject({ ok: true, status: 200, body: 'ok' });
      expect(await post(url, trusting)).toMatchObject({ ok: true, status: 200 });
      expect(server.connections.opened).toBe(1);
      const hangUp = new URL('/hang-up', url).href;
      expect(await post(hangUp, trusting)).toMatchObject({ ok: false, errorCode: 'connection' });
      expect(await post(server.url, trusting)).toMatchObject({
        errorCode: 'tls',
        message: 'the TLS handshake failed (ERR_TLS_CERT_ALTNAME_INVALID)',
      });
    } finally {
      await trusting.close();
    }
  });
});
