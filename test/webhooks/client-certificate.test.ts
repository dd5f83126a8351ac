import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { problemOf } from '../api/problems.js';
import { makeAuthority, type Authority, type Pem } from '../support/certificates.js';
import type { Loose } from '../support/api.js';
import { productionKey, startTestPostrider, type TestPostrider } from '../support/postrider.js';
import { subscribe } from '../support/subscribe.js';

let postrider: TestPostrider;
let authority: Authority;
let stranger: Authority;
let ada: Pem;
let bob: Pem;
let server: Server;
let url: string;
/** By whom each request came, over which connection, where to, and with what. */
const arrivals: { by: string; connection: string; path: string; authorization: string }[] = [];

beforeAll(async () => {
  [postrider, authority, stranger] = await Promise.all([
    startTestPostrider(),
    makeAuthority(),
    makeAuthority('somebody else'),
  ]);
  [ada, bob] = await Promise.all([authority.client('ada'), authority.client('bob')]);
  server = createServer(
    { ...(await authority.server()), ca: authority.cert, requestCert: true },
    (request, response) => {
      const socket = request.socket as TLSSocket;
      const by = String(socket.getPeerCertificate().subject.CN);
      const { url: path = '', headers } = request;
      const authorization = headers.authorization ?? '';
      arrivals.push({ by, connection: `${socket.remotePort}`, path, authorization });
      const answer =
        path === '/token' ? JSON.stringify({ access_token: `of-${by}`, expires_in: 3_600 }) : 'ok';
      request.resume().on('end', () => response.end(answer));
    },
  );
  // A connection that is free stays open for as long as a busy machine needs between two requests.
  server.keepAliveTimeout = 60_000;
  await once(server.listen(0, '127.0.0.1'), 'listening');
  url = `https://localhost:${(server.address() as AddressInfo).port}/hook`;
});

afterAll(async () => {
  await postrider.stop();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const certificateOf = ({ cert, key }: Pem): object => ({ certificate: cert, privateKey: key });
const withTls = (pem: Pem): object => ({
  clientCertificate: certificateOf(pem),
  caCertificates: authority.cert,
});

/** OAuth whose token endpoint is the receiver's. */
const oauth = (): object => ({
  type: 'oauth2_client_credentials',
  tokenUrl: new URL('/token', url).href,
  clientId: 'postrider',
  clientSecret: 'a-secret',
});

async function attemptsOf(id: string): Promise<(string | null)[]> {
  const { attempts } = await postrider.over(id);
  return attempts.map((attempt: Loose) => attempt.errorCode as string | null);
}

describe('a receiver that asks for a client certificate', () => {
  it('gets the one of its webhook, under an authority that is trusted there alone', async () => {
    const { api } = postrider;
    const { publish, webhookId } = await subscribe(api, { url, ...withTls(ada) });
    expect(await attemptsOf(await publish())).toEqual([null]);
    expect(arrivals.at(-1)?.by).toBe('ada');
    const test = await api.make(`/v1/webhooks/${webhookId}/test`, { data: {} });
    expect(test.attempt.response.status).toBe(200);
    expect(arrivals.at(-1)?.by).toBe('ada');
    const preview = await api.make(`/v1/webhooks/${webhookId}/preview`, { data: {} });
    expect(preview.request.url).toBe(url);
    // Another webhook trusts what everybody does, and nothing of this one's.
    const other = await subscribe(api, { url });
    expect(await attemptsOf(await other.publish())).toEqual(['tls', 'tls', 'tls', 'tls']);
  });

  it('gets no request without one: `tls`, retried by the schedule', async () => {
    const before = arrivals.length;
    const { publish } = await subscribe(postrider.api, { url, caCertificates: authority.cert });
    const id = await publish();
    expect(await attemptsOf(id)).toEqual(['tls', 'tls', 'tls', 'tls']);
    expect(await postrider.over(id)).toMatchObject({ status: 'failed', failureReason: 'exhausted' });
    expect(arrivals).toHaveLength(before);
  });

  it('gets no request from a webhook with the certificate of another authority', async () => {
    const before = arrivals.length;
    const clientCertificate = certificateOf(await stranger.client('ada'));
    const settings = { url, caCertificates: authority.cert, clientCertificate, retrySchedule: [] };
    const { publish } = await subscribe(postrider.api, settings);
    expect(await postrider.over(await publish())).toMatchObject({
      status: 'failed',
      failureReason: 'exhausted',
    });
    expect(arrivals).toHaveLength(before);
  });

  it('shares no connection between certificates or tenants', async () => {
    const webhooks = await Promise.all([
      subscribe(postrider.api, { url, ...withTls(ada) }),
      subscribe(postrider.api, { url, ...withTls(bob) }),
      subscribe(postrider.as(productionKey), { url, ...withTls(ada) }),
    ]);
    arrivals.length = 0;
    for (const [index, { webhookId }] of [...webhooks, ...webhooks].entries()) {
      const api = index % 3 === 2 ? postrider.as(productionKey) : postrider.api;
      await api.make(`/v1/webhooks/${webhookId}/test`, { data: {} });
    }
    expect(arrivals.map(({ by }) => by)).toEqual(['ada', 'bob', 'ada', 'ada', 'bob', 'ada']);
    const connections = arrivals.map(({ connection }) => connection);
    expect(new Set(connections).size).toBe(3);
    expect(connections.slice(3)).toEqual(connections.slice(0, 3));
  });

  it('gets the new one once it is changed, from deliveries that wait too', async () => {
    const { api } = postrider;
    const { publish, webhookId } = await subscribe(api, {
      url,
      caCertificates: authority.cert,
      retrySchedule: ['1h'],
    });
    const id = await publish();
    await postrider.delivery(id, ({ status }: Loose) => status === 'waiting');
    const changed = await api.patch(`/v1/webhooks/${webhookId}`, { clientCertificate: certificateOf(bob) });
    expect(changed.status).toBe(200);
    await api.make(`/v1/deliveries/${id}/send-now`);
    expect(await attemptsOf(id)).toEqual(['tls', null]);
    expect(arrivals.at(-1)?.by).toBe('bob');
  });

  it('gets that of an external system from all its webhooks', async () => {
    const { api } = postrider;
    const system = await api.make('/v1/external-systems', {
      name: 'bank',
      baseUrl: new URL(url).origin,
      ...withTls(ada),
    });
    const { publish } = await subscribe(api, { url: '/hook', externalSystemId: system.id });
    expect(await attemptsOf(await publish())).toEqual([null]);
    expect(arrivals.at(-1)?.by).toBe('ada');
    const both = await api.post('/v1/webhooks', {
      url: '/hook',
      externalSystemId: system.id,
      clientCertificate: certificateOf(bob),
    });
    expect(problemOf(both, 'invalid')).toEqual(['clientCertificate']);
    await api.patch(`/v1/external-systems/${system.id}`, { clientCertificate: certificateOf(bob) });
    expect(await attemptsOf(await publish())).toEqual([null]);
    expect(arrivals.at(-1)?.by).toBe('bob');
  });
});

describe('the client certificate of an external system', () => {
  it('is shown to the token endpoint too, and a token is never used with another', async () => {
    const { api } = postrider;
    const system = await api.make('/v1/external-systems', {
      name: 'bank with tokens',
      baseUrl: new URL(url).origin,
      auth: oauth(),
      ...withTls(ada),
    });
    const { publish } = await subscribe(api, { url: '/hook', externalSystemId: system.id });
    arrivals.length = 0;
    expect(await attemptsOf(await publish())).toEqual([null]);
    await api.patch(`/v1/external-systems/${system.id}`, { clientCertificate: certificateOf(bob) });
    expect(await attemptsOf(await publish())).toEqual([null]);
    expect(arrivals.map(({ by, path, authorization }) => [by, path, authorization.split(' ')[1]])).toEqual([
      ['ada', '/token', expect.anything()],
      ['ada', '/hook', 'of-ada'],
      ['bob', '/token', expect.anything()],
      ['bob', '/hook', 'of-bob'],
    ]);
    const verified = await api.make(`/v1/external-systems/${system.id}/verify`);
    expect(verified).toMatchObject({ ok: true, status: 200 });
    expect(arrivals.at(-1)).toMatchObject({ by: 'bob', path: '/token' });
  });

  it('that a token endpoint misses fails the fetch: `token_failed`', async () => {
    const { publish } = await subscribe(postrider.api, {
      url,
      auth: oauth(),
      caCertificates: authority.cert,
      retrySchedule: [],
    });
    arrivals.length = 0;
    const { attempts } = await postrider.over(await publish());
    expect(attempts[0]).toMatchObject({ errorCode: 'token_failed' });
    expect(attempts[0].errorMessage).toMatch(/^token endpoint: tls: /);
    expect(arrivals).toEqual([]);
  });
});

describe('the client certificate of a webhook', () => {
  it('is shown with whose it is and until when, and its key never comes out', async () => {
    const { api } = postrider;
    const pem = await authority.client('shown', { passphrase: 'opens the key' });
    const { subject, issuer, fingerprint256, validTo } = new X509Certificate(pem.cert);
    const shown = {
      certificate: pem.cert.trim().replaceAll('\r', ''),
      privateKey: '***',
      subject,
      issuer,
      expiresAt: new Date(validTo).toISOString(),
      fingerprint: fingerprint256,
    };
    const clientCertificate = { ...certificateOf(pem), passphrase: 'opens the key' };
    const made = await api.make('/v1/webhooks', { url, clientCertificate });
    const path = `/v1/webhooks/${made.id}`;
    const kept = await api.patch(path, {
      clientCertificate: { certificate: pem.cert, privateKey: '***' },
      name: 'kept',
    });
    const listed = (await api.get('/v1/webhooks')).body.data.find(({ id }: Loose) => id === made.id);
    for (const body of [made, (await api.get(path)).body, kept.body, listed]) {
      expect(body.clientCertificate).toEqual(shown);
    }
    const stored = await postrider.ctx.models.webhooks.findById(made.id).lean();
    const audit = await api.get(`/v1/audit?resourceId=${made.id}`);
    for (const text of [JSON.stringify(stored), JSON.stringify(audit.body)]) {
      expect(text).toContain('BEGIN CERTIFICATE');
      expect(text).not.toMatch(/PRIVATE KEY|opens the key/);
    }
    expect((await api.patch(path, { clientCertificate: null })).body.clientCertificate).toBeNull();
  });

  it.each<[what: string, path: string, message: RegExp, make: () => Promise<object>]>([
    ['no certificate', 'certificate', /must hold certificates in PEM/, async () => ({ certificate: 'x' })],
    [
      'a broken one',
      'certificate',
      /cannot be read/,
      async () => ({ certificate: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----' }),
    ],
    [
      'one that has expired',
      'certificate',
      /expired on 2026-01-01/,
      async () =>
        certificateOf(await authority.client('late', { validTo: new Date('2026-01-01T00:00:00Z') })),
    ],
    [
      'the key of another',
      'privateKey',
      /is not the key of the certificate/,
      async () => ({ privateKey: bob.key }),
    ],
    ['no key', 'privateKey', /must be a private key in PEM/, async () => ({ privateKey: ada.cert })],
    ['the mask where none is stored', 'privateKey', /none is stored/, async () => ({ privateKey: '***' })],
    [
      'a key without its passphrase',
      'passphrase',
      /is needed/,
      async () => certificateOf(await authority.client('locked', { passphrase: 'right' })),
    ],
    [
      'a wrong passphrase',
      'passphrase',
      /does not open/,
      async () => ({
        ...certificateOf(await authority.client('locked', { passphrase: 'right' })),
        passphrase: 'wrong',
      }),
    ],
  ])('is refused: %s', async (_what, path, message, make) => {
    const clientCertificate = { ...certificateOf(ada), ...(await make()) };
    const answer = await postrider.api.post('/v1/webhooks', { url, clientCertificate });
    expect(problemOf(answer, 'invalid')).toEqual([`clientCertificate.${path}`]);
    expect(answer.body.errors[0].message).toMatch(message);
  });

  it('is refused where the URL is not https, as are authorities', async () => {
    const { api } = postrider;
    const plain = 'http://localhost:1/hook';
    const answer = await api.post('/v1/webhooks', { url: plain, clientCertificate: certificateOf(ada) });
    expect(problemOf(answer, 'invalid')).toEqual(['clientCertificate']);
    const { id } = await api.make('/v1/webhooks', { url, caCertificates: stranger.cert });
    expect(problemOf(await api.patch(`/v1/webhooks/${id}`, { url: plain }), 'invalid')).toEqual([
      'caCertificates',
    ]);
    expect(problemOf(await api.patch(`/v1/webhooks/${id}`, { caCertificates: 'x' }), 'invalid')).toEqual([
      'caCertificates',
    ]);
    const system = await api.post('/v1/external-systems', {
      name: 'plain',
      baseUrl: 'http://localhost:1',
      clientCertificate: certificateOf(ada),
    });
    expect(problemOf(system, 'invalid')).toEqual(['clientCertificate']);
  });
});
