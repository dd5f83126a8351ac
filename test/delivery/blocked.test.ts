import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { hostileNames, hostileUrls } from '../http/hostile-urls.js';
import { serve, type TestServer } from '../http/server.js';
import { DnsServer } from '../support/dns-server.js';
import { startTestPostrider, type TestPostrider } from '../support/postrider.js';
import { subscribe } from '../support/subscribe.js';

let dns: DnsServer;
let inside: TestServer;
let postrider: TestPostrider;

beforeAll(async () => {
  dns = await DnsServer.start();
  for (const [name, addresses] of Object.entries(hostileNames)) {
    dns.name(name, addresses).name(`${name}.`, addresses);
  }
  inside = await serve((_, response) => response.end('inside'));
  postrider = await startTestPostrider({
    env: { POSTRIDER_EGRESS_ALLOW: '', POSTRIDER_EGRESS_DNS: dns.address, POSTRIDER_RETRY_SCHEDULE: '1h' },
  });
});

afterAll(async () => {
  await postrider.stop();
  await inside.close();
  await dns.stop();
});

/** Gives a webhook a URL that the API would refuse, as one that was there before. */
async function changePastApi(webhookId: string, url: string): Promise<void> {
  const { models, configurationVersions } = postrider.ctx;
  const webhook = await models.webhooks.findByIdAndUpdate(webhookId, { url }).lean();
  if (!webhook) throw new Error(`no webhook ${webhookId}`);
  // Else it would be unknown to what has remembered the configuration meanwhile, as the worker does when it tells of failures.
  await configurationVersions.advance(webhook);
}

/** A webhook with this URL; where the API refuses it, it is put into the database past the API. */
async function webhookTo(url: string, type: string): Promise<{ id: string; refused: boolean }> {
  const { api } = postrider;
  const fields = { name: 'inside', eventTypes: [type], retrySchedule: [], timeoutMs: 60_000 };
  const answer = await api.post('/v1/webhooks', { ...fields, url });
  if (answer.status === 201) return { id: answer.body.id as string, refused: false };
  expect(answer).toMatchObject({ status: 422, body: { errors: [{ path: 'url' }] } });
  const { id } = await api.make('/v1/webhooks', { ...fields, url: 'https://example.com/' });
  await changePastApi(id as string, url);
  return { id: id as string, refused: true };
}

describe('a delivery to a URL that leads inside', () => {
  it('is a failed attempt with blocked_address at once, however the URL is written', async () => {
    const { api } = postrider;
    const { port } = new URL(inside.url);
    await api.make('/v1/event-types', { name: 'inside' });
    const urls = new Map<string, string>();
    const refused: string[] = [];
    for (const [, url] of hostileUrls) {
      const webhook = await webhookTo(url.replace('PORT', port), 'inside');
      urls.set(webhook.id, url);
      if (webhook.refused) refused.push(url);
    }
    const event = await api.make('/v1/events', { type: 'inside', data: {} });
    expect(event.deliveries).toHaveLength(hostileUrls.length);
    for (const { id, webhookId } of event.deliveries as { id: string; webhookId: string }[]) {
      const { status, failureReason, attempts } = await postrider.over(id, 60_000);
      const [attempt] = attempts as { durationMs: number }[];
      expect({ url: urls.get(webhookId), status, failureReason, attempts }).toMatchObject({
        status: 'failed',
        failureReason: 'exhausted',
        attempts: [{ number: 1, errorCode: 'blocked_address', response: null, nextAttemptAt: null }],
      });
      // Well within the timeout: nothing was waited for.
      expect(attempt?.durationMs).toBeLessThan(30_000);
    }
    expect(inside.connections.opened).toBe(0);
    // Credentials in a URL, and line breaks, are the caller's fault and told at once.
    expect(refused.every((url) => /[@\t\n]/.test(url))).toBe(true);
    expect(refused).toHaveLength(5);
  });

  it('waits for its next attempt by the schedule, since names can change', async () => {
    const { publish } = await subscribe(postrider.api, { url: 'http://private.example.test/' });
    const id = await publish();
    const waiting = await postrider.delivery(id, ({ status }) => status === 'waiting');
    expect(waiting.attempts).toMatchObject([{ number: 1, errorCode: 'blocked_address' }]);
    expect(waiting.nextAttemptAt).not.toBeNull();
  });
});

describe('a token endpoint that leads inside', () => {
  it.each([
    'http://127.0.0.1:PORT/token',
    'http://169.254.169.254/token',
    'http://mixed.example.test/token',
    'http://[::ffff:7f00:1]:PORT/token',
  ])('is blocked the same way: %s', async (url) => {
    const auth = {
      type: 'oauth2_client_credentials',
      tokenUrl: url.replace('PORT', new URL(inside.url).port),
      clientId: 'us',
      clientSecret: 'secret',
    };
    const { publish } = await subscribe(postrider.api, { url: inside.url, auth, retrySchedule: [] });
    const delivery = await postrider.over(await publish());
    const errorMessage = expect.stringMatching(/^token endpoint: blocked_address: /);
    expect(delivery.attempts).toMatchObject([{ errorCode: 'token_failed', errorMessage, response: null }]);
    expect(inside.connections.opened).toBe(0);
  });
});

describe('a shared credential', () => {
  it('goes to no origin that its external system does not list', async () => {
    const { api } = postrider;
    const auth = { type: 'bearer', token: 'secret' };
    const system = await api.make('/v1/external-systems', {
      name: 'books',
      baseUrl: 'https://books.example.com',
      auth,
    });
    const fields = { name: 'elsewhere', externalSystemId: system.id };
    const refused = await api.post('/v1/webhooks', { ...fields, url: 'https://elsewhere.example.com/' });
    expect(refused).toMatchObject({ status: 422, body: { errors: [{ path: 'url' }] } });
    const { publish, webhookId } = await subscribe(api, { ...fields, url: '/hook', retrySchedule: [] });
    await changePastApi(webhookId, inside.url);
    const delivery = await postrider.over(await publish());
    expect(delivery.attempts).toMatchObject([{ errorCode: 'origin_not_allowed', response: null }]);
    expect(inside.connections.opened).toBe(0);
  });
});
