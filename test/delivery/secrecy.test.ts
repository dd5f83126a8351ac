import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { gunzipSync } from 'node:zlib';
import { pino } from 'pino';
import type { Loose } from '../support/api.js';
import { OAuthServer } from '../support/oauth-server.js';
import { startTestPostrider, type TestPostrider } from '../support/postrider.js';
import { Receiver } from '../support/receiver.js';
import { subscribe } from '../support/subscribe.js';
import { waitFor } from '../support/wait.js';

/** Each is planted where its name says, and is long enough to be found only there. */
const planted = {
  bearer: 'planted-bearer-token-3f9a',
  headerAuth: 'planted-header-auth-77c1',
  password: 'planted-password-58d0',
  clientSecret: 'planted-client-secret-e41b',
  userPassword: 'planted-user-password-90aa',
  secretHeader: 'planted-secret-header-6b2e',
  namedHeader: 'planted-named-header-15fd',
  systemToken: 'planted-system-token-c8c8',
};
const payload = 'planted-payload-4d4d';
const path = 'planted-path-2a2a';
const query = 'planted-query-9e9e';
const responseBody = 'planted-response-0b0b';

let postrider: TestPostrider;
let receiver: Receiver;
let oauth: OAuthServer;
const lines: string[] = [];
const deliveryIds: string[] = [];
const signingSecrets: string[] = [];

beforeAll(async () => {
  const { clientSecret, userPassword: password } = planted;
  const client = { clientId: 'postrider', clientSecret };
  const user = { username: 'books', password };
  const logger = pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) });
  [postrider, receiver, oauth] = await Promise.all([
    startTestPostrider({ logger, env: { POSTRIDER_RETRY_SCHEDULE: '10ms' } }),
    Receiver.start(),
    OAuthServer.start({ ...client, ...user }),
  ]);
  const { api } = postrider;
  const system = await api.make('/v1/external-systems', {
    name: 'ERP',
    baseUrl: receiver.url(`/${path}`),
    auth: { type: 'bearer', token: planted.systemToken },
  });
  const oauthClient = { tokenUrl: oauth.tokenUrl, ...client };
  const webhooks: { url: string; [field: string]: unknown }[] = [
    { auth: { type: 'bearer', token: planted.bearer } },
    { auth: { type: 'header', name: 'X-Whatever', value: planted.headerAuth } },
    { auth: { type: 'basic', username: 'ada', password: planted.password } },
    { auth: { type: 'oauth2_client_credentials', ...oauthClient, clientAuth: 'body' } },
    { auth: { type: 'oauth2_password', ...oauthClient, ...user } },
    {
      headers: [
        { name: 'X-Plain', value: planted.secretHeader, secret: true },
        { name: 'X-Api-Key', value: planted.namedHeader },
      ],
    },
    // Fails in every way that has words of its own.
    { url: `http://nowhere.invalid/${path}?key=${query}`, auth: { type: 'bearer', token: planted.bearer } },
    { auth: { type: 'oauth2_client_credentials', ...oauthClient, clientId: 'nobody' } },
  ].map((webhook) => ({ url: receiver.url(`/${path}?key=${query}`), ...webhook }));
  // The first attempt of each fails, so that failures are in the histories and logs too.
  const seen = new Set<unknown>();
  receiver.always(({ headers }, response) => {
    const first = !seen.has(headers['postrider-delivery-id']);
    seen.add(headers['postrider-delivery-id']);
    response.writeHead(first ? 401 : 200).end(responseBody);
  });
  for (const webhook of [...webhooks, { url: '/hook', externalSystemId: system.id as string }]) {
    const { publish, signingSecret } = await subscribe(api, webhook);
    signingSecrets.push(signingSecret);
    deliveryIds.push(await publish({ data: { planted: payload } }));
  }
  for (const id of deliveryIds) await postrider.over(id);
});

afterAll(async () => {
  await Promise.all([postrider.stop(), receiver.stop(), oauth.stop()]);
});

/** What of this stands in a text: as it is, in base64, or percent-encoded. */
function leaks(text: string, secrets: readonly string[]): string[] {
  return secrets.filter((secret) => {
    const inBase64 = Buffer.from(secret).toString('base64').replace(/=+$/, '').slice(0, -2);
    return [secret, inBase64, encodeURIComponent(secret)].some((form) => text.includes(form));
  });
}

function secrets(): string[] {
  return [...Object.values(planted), ...oauth.issued, ...signingSecrets];
}

it('secrets reach the receivers, so that there is something to find', () => {
  const sent = JSON.stringify([receiver.arrivals, oauth.requests]);
  const { password, ...others } = planted;
  expect(leaks(sent, [...Object.values(others), ...oauth.issued, payload, path, query])).toHaveLength(
    Object.keys(others).length + oauth.issued.length + 3,
  );
  expect(sent).toContain(Buffer.from(`ada:${password}`).toString('base64'));
});

describe('no secret stands in clear', () => {
  it('in MongoDB', async () => {
    const { db } = postrider.ctx.connection;
    if (!db) throw new Error('not connected');
    const collections = await db.listCollections().toArray();
    const dump = await Promise.all(
      collections.map(async ({ name }) => JSON.stringify(await db.collection(name).find().toArray())),
    );
    expect(dump.join('')).toContain(payload);
    expect(leaks(dump.join(''), secrets())).toEqual([]);
  });

  it('in the histories of Temporal, nor does a payload, a path, a query or a response', async () => {
    const { client } = postrider.ctx.temporal.current;
    let events = 0;
    for (const id of deliveryIds) {
      const handle = client.getHandle(`delivery/${id}`);
      const history = await handle.fetchHistory();
      events += history.events?.length ?? 0;
      const summary = await (await handle.describe()).staticSummary();
      const text = decoded(JSON.stringify(history)) + summary;
      expect(text).toContain(`"deliveryId":"${id}"`);
      expect(leaks(text, [...secrets(), payload, path, query, responseBody])).toEqual([]);
    }
    expect(events).toBeGreaterThan(deliveryIds.length * 5);
  });

  it('in the logs, nor does a payload, a path, a query or a response; each attempt has its line', async () => {
    const logged = (): Loose[] =>
      lines.map((line): Loose => JSON.parse(line)).filter(({ msg }) => msg === 'attempt');
    // The line of an attempt follows its record.
    await waitFor('the lines of all attempts', () => logged().length >= 2 * deliveryIds.length);
    const attempts = logged();
    expect(leaks(lines.join(''), [...secrets(), payload, path, query, responseBody])).toEqual([]);
    for (const id of deliveryIds) {
      const own = attempts.filter(({ deliveryId }) => deliveryId === id);
      expect(own.map(({ attempt }) => attempt as number)).toEqual([1, 2]);
      for (const line of own) {
        expect(line).toMatchObject({
          organizationId: expect.any(String),
          environment: 'sandbox',
          eventId: expect.stringMatching(/^evt_/),
          webhookId: expect.stringMatching(/^wh_/),
        });
      }
    }
  });

  it('in the answers of the API', async () => {
    const { api } = postrider;
    const answers = await Promise.all([
      ...deliveryIds.map(async (id) => api.get(`/v1/deliveries/${id}`)),
      api.get('/v1/webhooks'),
      api.get('/v1/external-systems'),
    ]);
    expect(leaks(JSON.stringify(answers.map(({ body }) => body as unknown)), secrets())).toEqual([]);
  });
});

/** A history with the data of its payloads in clear beside it, unzipped where need be. */
function decoded(history: string): string {
  const data = Array.from(history.matchAll(/"data":\s*"([A-Za-z0-9+/=]+)"/g), ([, text = '']) => {
    const bytes = Buffer.from(text, 'base64');
    return bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes).toString() : bytes.toString();
  });
  return history + data.join('\n');
}
