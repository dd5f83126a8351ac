import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { pino } from 'pino';
import { makeAuthority } from '../support/certificates.js';
import { leaksIn } from '../support/leaks.js';
import { OAuthServer } from '../support/oauth-server.js';
import {
  productionKey,
  rootKey,
  sandboxKey,
  startTestPostrider,
  type TestPostrider,
} from '../support/postrider.js';
import { Receiver } from '../support/receiver.js';
import { subscribe, type Subscribed } from '../support/subscribe.js';
import { waitFor } from '../support/wait.js';

/** What is secret, by the place where it was put. Each is random, so that it is found only where it came from there. */
const planted: Record<string, string> = { rootKey, sandboxKey, productionKey };
const plant = (name: string): string => (planted[name] = `planted-${randomBytes(12).toString('hex')}`);
/** Shown once to who asked, in the answer that makes them. */
const shownOnce: Record<string, string> = {};

let postrider: TestPostrider;
let receiver: Receiver;
let oauth: OAuthServer;
let secure: Server;
/** Everything that was logged, and every answer of the API once all was made. */
let logged = '';
let answered = '';
const realFetch = globalThis.fetch;

beforeAll(async () => {
  const user = { username: 'ada', password: plant('password of a token') };
  const client = { clientId: 'postrider', clientSecret: plant('client secret') };
  const logger = pino({ level: 'debug' }, { write: (line: string) => void (logged += line) });
  [postrider, receiver, oauth] = await Promise.all([
    startTestPostrider({ logger, env: { POSTRIDER_RETRY_SCHEDULE: '10ms' } }),
    Receiver.start(),
    OAuthServer.start({ ...client, ...user }),
  ]);
  const { api } = postrider;

  const authority = await makeAuthority();
  const passphrase = plant('passphrase');
  const pem = await authority.client('postrider', { passphrase });
  planted['private key'] = pem.key.replace(/-----.*?-----|\s/g, '').slice(40, 100);
  secure = createServer(
    { ...(await authority.server()), ca: authority.cert, requestCert: true },
    (request, response) => {
      request.resume().on('end', () => response.end('ok'));
    },
  );
  await once(secure.listen(0, '127.0.0.1'), 'listening');

  // Receivers say everything back that they are told; the first attempt of each delivery fails.
  const seen = new Set<unknown>();
  receiver.always(({ headers, url }, response) => {
    const first = !seen.has(headers['postrider-delivery-id']);
    seen.add(headers['postrider-delivery-id']);
    const echo = {
      authorization: headers.authorization ?? '',
      'x-echo': String(headers['x-whatever'] ?? ''),
    };
    response.writeHead(first ? 401 : 200, {
      ...echo,
      'x-all': encodeURIComponent(String(headers.authorization)),
    });
    response.end(JSON.stringify({ headers, url }));
  });

  const oauthClient = { tokenUrl: oauth.tokenUrl, ...client };
  const url = receiver.url('/hook');
  const system = await api.make('/v1/external-systems', {
    name: 'ERP',
    baseUrl: receiver.url('/'),
    auth: { type: 'oauth2_client_credentials', ...oauthClient },
  });
  const webhooks: { url: string; [field: string]: unknown }[] = [
    { url, auth: { type: 'bearer', token: plant('bearer token') } },
    { url, auth: { type: 'header', name: 'X-Whatever', value: plant('header auth') } },
    { url, auth: { type: 'basic', username: 'ada', password: plant('basic password') } },
    { url, auth: { type: 'oauth2_client_credentials', ...oauthClient, clientAuth: 'body' } },
    { url, auth: { type: 'oauth2_password', ...oauthClient, ...user } },
    {
      url,
      auth: { type: 'oauth2_client_credentials', ...oauthClient, clientSecret: plant('wrong client secret') },
    },
    {
      url,
      headers: [
        { name: 'X-Plain', value: plant('secret header'), secret: true },
        { name: 'X-Api-Key', value: plant('header secret by its name') },
      ],
    },
    {
      url: `https://localhost:${(secure.address() as AddressInfo).port}/hook`,
      clientCertificate: { certificate: pem.cert, privateKey: pem.key, passphrase },
      caCertificates: authority.cert,
    },
    { url: '/hook', externalSystemId: system.id as string },
  ];
  const subscribed: Subscribed[] = [];
  for (const [index, webhook] of webhooks.entries()) {
    const made = await subscribe(api, webhook);
    shownOnce[`signing secret ${index}`] = made.signingSecret;
    const rotated = await api.make(`/v1/webhooks/${made.webhookId}/rotate-secret`);
    shownOnce[`rotated signing secret ${index}`] = rotated.signingSecret;
    subscribed.push(made);
  }
  const whsec = `whsec_${Buffer.from(plant('source of Standard Webhooks')).toString('base64')}`;
  const sources = [
    { type: 'header', header: 'x-source', value: plant('source header') },
    { type: 'hmac_sha256', header: 'x-signature', secret: plant('source hmac') },
    { type: 'standard_webhooks', secret: whsec },
  ];
  const inbound: string[] = [];
  for (const verification of sources) {
    const source = await api.make('/v1/sources', { name: verification.type, kind: 'callback', verification });
    inbound.push(source.url as string);
  }
  const key = await api.make('/v1/api-keys', { name: 'a key', role: 'viewer' });
  shownOnce['API key'] = key.key;
  const session = await realFetch(`${postrider.url}/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' },
    body: JSON.stringify({ key: sandboxKey }),
  });
  expect(session.status).toBe(200);
  const cookie = session.headers.get('set-cookie')?.split(';')[0] ?? '';
  shownOnce['session'] = cookie.split('=')[1] ?? '';

  globalThis.fetch = async (...call: Parameters<typeof fetch>) => {
    const answer = await realFetch(...call);
    answered += JSON.stringify([...answer.headers]) + (await answer.clone().text());
    return answer;
  };
  await useAll({ subscribed, inbound, cookie, systemId: system.id as string, apiKey: key.key as string });
}, 600_000);

/** Goes through everything that a secret has a part in: what succeeds, fails, is tried, looked at, replayed and refused. */
async function useAll(made: {
  subscribed: Subscribed[];
  inbound: string[];
  cookie: string;
  systemId: string;
  apiKey: string;
}): Promise<void> {
  const { api } = postrider;
  const deliveries: string[] = [];
  for (const { publish } of made.subscribed) deliveries.push(await publish());
  for (const id of deliveries) await postrider.over(id);
  const [resent] = await Promise.all(deliveries.map(async (id) => api.make(`/v1/deliveries/${id}/resend`)));
  await postrider.over(resent.id as string);
  const replay = await api.make('/v1/replays', { filter: {}, rate: 100 });
  await waitFor('the replay', async () => {
    const { body } = await api.get(`/v1/replays/${replay.id}`);
    return body.status === 'succeeded';
  });
  for (const { webhookId } of made.subscribed) {
    await api.make(`/v1/webhooks/${webhookId}/test`, { data: {} });
    await api.make(`/v1/webhooks/${webhookId}/preview`, { data: {} });
    const { body } = await api.get(`/v1/webhooks/${webhookId}`);
    await api.patch(`/v1/webhooks/${webhookId}`, { auth: body.auth, headers: body.headers, name: 'changed' });
  }
  await api.make(`/v1/external-systems/${made.systemId}/verify`);
  const bearer = { type: 'bearer', token: plant('token of a preview'), other: plant('refused field') };
  await api.post('/v1/webhook-previews', { url: receiver.url(), auth: bearer, data: {} });
  const userinfo = `https://ada:${plant('password in a URL')}@example.com/`;
  expect((await api.post('/v1/webhooks', { url: userinfo })).status).toBe(422);
  await api.call('POST', '/v1/webhooks', `{"url": "${plant('malformed body')}`);
  await postrider.as(plant('wrong key of the API')).get('/v1/me');
  await fetch(`${postrider.url}/session`, { headers: { cookie: made.cookie } });
  await postrider.as(made.apiKey).get('/v1/webhooks');
  await postrider.as(rootKey).get('/v1/organizations');
  for (const [index, url] of made.inbound.entries()) {
    const proof =
      index === 0 ? { 'x-source': planted['source header'] ?? '' } : { 'x-signature': 'sha256=00' };
    const headers = { ...proof, cookie: made.cookie };
    await fetch(`${url}?token=${plant(`query of source ${index}`)}`, { method: 'POST', headers, body: '{}' });
  }
  const lists = [
    'webhooks',
    'external-systems',
    'sources',
    'received',
    'deliveries',
    'events',
    'api-keys',
    'audit',
  ];
  for (const list of lists) await api.get(`/v1/${list}`);
  const { body } = await api.get('/v1/deliveries?limit=200');
  for (const { id } of body.data) await api.get(`/v1/deliveries/${id}`);
  for (const path of ['/metrics', '/openapi.json', '/readyz', '/v1/overview'])
    await fetch(postrider.url + path);
}

afterAll(async () => {
  globalThis.fetch = realFetch;
  await Promise.all([postrider.stop(), receiver.stop(), oauth.stop()]);
  secure.closeAllConnections();
  await new Promise((resolve) => secure.close(resolve));
});

function secrets(): Record<string, string> {
  const tokens = oauth.issued.map((token, index) => [`access token ${index + 1}`, token]);
  return { ...planted, ...shownOnce, ...(Object.fromEntries(tokens) as Record<string, string>) };
}

/** Every document of every collection, in BSON as it is stored. */
async function databaseDump(): Promise<string> {
  const { db } = postrider.ctx.connection;
  if (!db) throw new Error('not connected');
  const collections = await db.listCollections().toArray();
  const all = await Promise.all(
    collections.map(async ({ name }) => db.collection(name).find({}, { raw: true }).toArray()),
  );
  return Buffer.concat(all.flat() as unknown as Buffer[]).toString('latin1');
}

/** The history of every workflow, with the data of its payloads in clear, and what its description holds. */
async function historiesDump(): Promise<{ text: string; workflows: number }> {
  const { client } = postrider.ctx.temporal.current;
  const texts: string[] = [];
  for await (const { workflowId, runId } of client.list()) {
    const handle = client.getHandle(workflowId, runId);
    const description = await handle.describe();
    texts.push(
      JSON.stringify(await handle.fetchHistory()),
      JSON.stringify(description.raw),
      String(await description.staticSummary()),
      String(await description.staticDetails()),
    );
  }
  const text = texts.join('\n');
  const data = Array.from(text.matchAll(/"data":\s*"([A-Za-z0-9+/=]+)"/g), ([, encoded = '']) => {
    const bytes = Buffer.from(encoded, 'base64');
    return bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes).toString() : bytes.toString();
  });
  return { text: [text, ...data].join('\n'), workflows: texts.length / 4 };
}

describe('of what was planted everywhere', () => {
  it('all that is sent has arrived, so that there is something to find', () => {
    const sent = JSON.stringify([receiver.arrivals, oauth.requests]);
    const names = leaksIn(sent, secrets());
    for (const name of [
      'bearer token',
      'header auth',
      'secret header',
      'client secret',
      'password of a token',
    ]) {
      expect(names).toContain(name);
    }
    expect(names.filter((name) => name.startsWith('access token')).length).toBeGreaterThan(2);
  });

  it('nothing stands in MongoDB', async () => {
    const dump = await databaseDump();
    expect(dump).toContain('invoice.paid');
    expect(leaksIn(dump, secrets())).toEqual([]);
    await postrider.ctx.connection
      .collection('leaks')
      .insertOne({ body: { text: `x${planted['bearer token']}` } });
    expect(leaksIn(await databaseDump(), secrets())).toEqual(['bearer token']);
    await postrider.ctx.connection.collection('leaks').drop();
  });

  it('nothing stands in the histories of Temporal, failures, memos, search attributes and summaries included', async () => {
    const { text, workflows } = await historiesDump();
    expect(workflows).toBeGreaterThan(10);
    expect(text).toContain('wh_');
    expect(leaksIn(text, secrets())).toEqual([]);
  });

  it('nothing stands in the logs', () => {
    expect(logged).toContain('attempt');
    expect(leaksIn(logged, secrets())).toEqual([]);
  });

  it('nothing stands in an answer of the API, after the one that shows it once', () => {
    expect(answered.length).toBeGreaterThan(50_000);
    expect(leaksIn(answered, secrets())).toEqual([]);
  });

  it.each(['', 'a', 'ab'])('each is found in any form, after %j', (before) => {
    const secret = { it: planted['bearer token'] ?? '' };
    const text = `${before}${secret.it} and more`;
    for (const encoding of ['utf8', 'base64', 'base64url', 'hex'] as const) {
      expect(leaksIn(Buffer.from(text).toString(encoding), secret)).toEqual(['it']);
    }
    expect(leaksIn(Buffer.from(text.replace('planted', 'plantes')).toString('base64'), secret)).toEqual([]);
  });
});
