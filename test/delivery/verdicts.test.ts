import { describe, expect, it } from '@jest/globals';
import type { ServerResponse } from 'node:http';
import { generate } from 'selfsigned';
import { freePort } from '../../src/stack/free-ports.js';
import { serveTls } from '../http/server.js';
import type { Loose } from '../support/api.js';
import type { Reply } from '../support/receiver.js';
import {
  oauth,
  oauthServerForEach,
  postrider,
  postriderForAll,
  receiver,
  receiverForEach,
} from '../support/running.js';
import { subscribe } from '../support/subscribe.js';

postriderForAll();
receiverForEach();

/** A delivery to a webhook, published and over. */
async function deliver(webhook: object = {}): Promise<Loose> {
  const { publish } = await subscribe(postrider.api, { url: receiver.url(), ...webhook });
  return postrider.over(await publish());
}

/** Statuses, or error codes where there was no response, of a delivery's attempts. */
function outcomes(delivery: Loose): unknown[] {
  return (delivery.attempts as Loose[]).map(({ response, errorCode }) => response?.status ?? errorCode);
}

describe('a delivery has succeeded', () => {
  it.each([200, 201, 202, 204, 226, 299])('with the first %i', async (status) => {
    receiver.next(status);
    const delivery = await deliver();
    expect(delivery).toMatchObject({ status: 'succeeded', failureReason: null, nextAttemptAt: null });
    expect(outcomes(delivery)).toEqual([status]);
    expect(delivery.attempts[0]).toMatchObject({ errorCode: null, nextAttemptAt: null });
    expect(receiver.arrivals).toHaveLength(1);
  });

  it('with a 2xx whose body reaches the limit, marked as cut', async () => {
    receiver.next({ body: 'x'.repeat(65 * 1024) });
    const delivery = await deliver();
    expect(delivery.status).toBe('succeeded');
    expect(delivery.attempts[0].response).toMatchObject({ status: 200, truncated: true });
    expect(delivery.attempts[0].response.body).toHaveLength(64 * 1024);
  });
});

describe('a delivery is rejected', () => {
  it('by a 400, and never tried again', async () => {
    receiver.next({ status: 400, body: 'no such account' });
    const delivery = await deliver();
    expect(delivery).toMatchObject({ status: 'failed', failureReason: 'rejected', nextAttemptAt: null });
    expect(delivery.attempts).toMatchObject([
      { errorCode: 'http_status', response: { status: 400, body: 'no such account' }, nextAttemptAt: null },
    ]);
    expect(receiver.arrivals).toHaveLength(1);
  });

  it('by a 400 that follows other failures', async () => {
    receiver.next(500, 400);
    const delivery = await deliver();
    expect(delivery).toMatchObject({ status: 'failed', failureReason: 'rejected' });
    expect(outcomes(delivery)).toEqual([500, 400]);
  });
});

describe('an attempt is repeated by the schedule', () => {
  const redirect = { headers: { location: '/elsewhere' } };
  it.each<[string, Reply, unknown]>([
    ['a 402', 402, 402],
    ['a 404', 404, 404],
    ['a 409', 409, 409],
    ['a 410', 410, 410],
    ['a 422', 422, 422],
    ['a 429', 429, 429],
    ['a 500', 500, 500],
    ['a 503', 503, 503],
    ['a 301, which is not followed', { status: 301, ...redirect }, 301],
    ['a 302, which is not followed', { status: 302, ...redirect }, 302],
    ['a 304', 304, 304],
    ['a 307, which is not followed', { status: 307, ...redirect }, 307],
    ['a connection that ends without an answer', (_, response) => void response.destroy(), 'connection'],
    [
      'a body that ends too early',
      (_, response) => {
        response.writeHead(200, { 'content-length': '100' }).write('x');
        setImmediate(() => response.destroy());
      },
      'connection',
    ],
    [
      'what is not HTTP',
      (_, response) => void response.socket?.end('SSH-2.0-nothing\r\n\r\n'),
      'invalid_response',
    ],
  ])('after %s', async (_, reply, outcome) => {
    receiver.next(reply);
    const delivery = await deliver({ retrySchedule: ['10ms'] });
    expect(delivery.status).toBe('succeeded');
    expect(outcomes(delivery)).toEqual([outcome, 200]);
    expect(receiver.arrivals.map(({ url }) => url)).toEqual(['/hook', '/hook']);
  });

  it.each<[string, (response: ServerResponse) => void]>([
    ['sends nothing', () => undefined],
    ['never ends its body', (response) => void response.writeHead(200).write('and')],
  ])('after a timeout, where the receiver %s', async (_, silence) => {
    // By its number: on a busy machine the time of the first may be over before it has arrived at all.
    receiver.always(({ headers }, response) => {
      if (headers['postrider-attempt'] === '1') silence(response);
      else response.end();
    });
    const timeoutMs = 500;
    const { publish, webhookId } = await subscribe(postrider.api, {
      url: receiver.url(),
      retrySchedule: ['1h'],
      timeoutMs,
    });
    const id = await publish();
    await postrider.delivery(id, ({ status }: Loose) => status === 'waiting');
    // Long enough for the answer that comes then, on a busy machine too.
    await postrider.api.patch(`/v1/webhooks/${webhookId}`, { timeoutMs: 60_000 });
    await postrider.api.post(`/v1/deliveries/${id}/send-now`);
    const delivery = await postrider.over(id);
    expect(delivery.status).toBe('succeeded');
    expect(outcomes(delivery)).toEqual(['timeout', 200]);
    expect(delivery.attempts[0].durationMs).toBeGreaterThanOrEqual(timeoutMs);
  });

  it('after a name that is not found', async () => {
    const delivery = await deliver({ url: 'http://nowhere.invalid/hook', retrySchedule: ['10ms'] });
    expect(outcomes(delivery)).toEqual(['dns', 'dns']);
  });

  it('after a connection that is refused', async () => {
    const port = await freePort();
    const delivery = await deliver({ url: `http://127.0.0.1:${port}/`, retrySchedule: ['10ms'] });
    expect(outcomes(delivery)).toEqual(['connection', 'connection']);
  });

  it('after a certificate that nobody vouches for', async () => {
    const { private: key, cert } = await generate([{ name: 'commonName', value: '127.0.0.1' }]);
    const server = await serveTls({ key, cert }, (_, response) => response.end());
    const delivery = await deliver({ url: server.url, retrySchedule: ['10ms'] });
    await server.close();
    expect(outcomes(delivery)).toEqual(['tls', 'tls']);
  });

  it('after an address that deliveries may not reach', async () => {
    const delivery = await deliver({ url: 'http://10.0.0.1/hook', retrySchedule: ['10ms'] });
    expect(outcomes(delivery)).toEqual(['blocked_address', 'blocked_address']);
  });

  it('after a body that would be too large to send, until the webhook asks for less', async () => {
    let data: unknown = Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`v${n}`, n]));
    for (let level = 0; level < 50; level += 1) data = { ['x'.repeat(2_000)]: data };
    const { publish, webhookId } = await subscribe(postrider.api, {
      url: receiver.url(),
      format: 'form',
      retrySchedule: ['1h'],
    });
    const id = await publish({ data });
    const { attempts } = await postrider.delivery(id, ({ status }: Loose) => status === 'waiting');
    expect(attempts).toMatchObject([
      { errorCode: 'body_too_large', request: { body: null }, response: null },
    ]);
    const preview = await postrider.api.post(`/v1/webhooks/${webhookId}/preview`, { data });
    expect(preview).toMatchObject({ status: 422, body: { errors: [{ path: 'format' }] } });
    const tested = await postrider.api.make(`/v1/webhooks/${webhookId}/test`, { data });
    expect(tested.attempt).toMatchObject({ errorCode: 'body_too_large' });
    expect(receiver.arrivals).toHaveLength(0);
    await postrider.api.patch(`/v1/webhooks/${webhookId}`, { payloadTemplate: { id: '{eventId}' } });
    await postrider.api.post(`/v1/deliveries/${id}/send-now`);
    expect(await postrider.over(id)).toMatchObject({ status: 'succeeded', attemptCount: 2 });
  });

  it('and with no entry left it is exhausted', async () => {
    receiver.always(500);
    const delivery = await deliver({ retrySchedule: ['10ms', '10ms'] });
    expect(delivery).toMatchObject({ status: 'failed', failureReason: 'exhausted', nextAttemptAt: null });
    expect(outcomes(delivery)).toEqual([500, 500, 500]);
    expect(receiver.arrivals).toHaveLength(3);
  });

  it('not at all where the schedule is empty', async () => {
    receiver.always(500);
    const delivery = await deliver({ retrySchedule: [] });
    expect(delivery).toMatchObject({ status: 'failed', failureReason: 'exhausted' });
    expect(outcomes(delivery)).toEqual([500]);
  });
});

describe('a 429 or 503 with Retry-After', () => {
  it.each<[number, string, () => string]>([
    [429, 'seconds', () => '2'],
    [503, 'seconds', () => '2'],
    // A date has whole seconds, so it asks for 1 to 2 s.
    [429, 'a date', () => new Date(Date.now() + 2_000).toUTCString()],
    [503, 'a date', () => new Date(Date.now() + 2_000).toUTCString()],
  ])('of %i in %s is repeated when it says', async (status, _, value) => {
    receiver.next((_, response) => void response.writeHead(status, { 'retry-after': value() }).end());
    const delivery = await deliver({ retrySchedule: ['10ms'] });
    expect(outcomes(delivery)).toEqual([status, 200]);
    const [attempt] = delivery.attempts as Loose[];
    expect(Date.parse(attempt.nextAttemptAt) - Date.parse(attempt.startedAt)).toBeGreaterThanOrEqual(950);
    const [, second] = receiver.arrivals;
    expect(Number(second?.at)).toBeGreaterThanOrEqual(Date.parse(attempt.nextAttemptAt));
  });

  it('is repeated by the schedule where that is later', async () => {
    receiver.next({ status: 503, headers: { 'retry-after': '0' } });
    await deliver({ retrySchedule: ['1s'] });
    const [first, second] = receiver.arrivals;
    expect(Number(second?.at) - Number(first?.at)).toBeGreaterThanOrEqual(1_000);
  });

  it('counts on no other status', async () => {
    receiver.next({ status: 500, headers: { 'retry-after': '3600' } });
    expect((await deliver({ retrySchedule: ['10ms'] })).status).toBe('succeeded');
  });
});

describe('with an access token', () => {
  const client = { clientId: 'postrider', clientSecret: 'client-secret' };

  oauthServerForEach(client);

  const auth = () => ({ type: 'oauth2_client_credentials', tokenUrl: oauth.tokenUrl, ...client });

  it('a 401 drops the token, and the next attempt uses a new one', async () => {
    receiver.next(401);
    const delivery = await deliver({ auth: auth(), retrySchedule: ['10ms'] });
    expect(delivery.status).toBe('succeeded');
    expect(outcomes(delivery)).toEqual([401, 200]);
    expect(receiver.arrivals.map(({ headers }) => headers.authorization)).toEqual(
      oauth.issued.map((token) => `Bearer ${token}`),
    );
    expect(oauth.issued).toHaveLength(2);
  });

  it('another failure keeps the token', async () => {
    receiver.next(403);
    const delivery = await deliver({ auth: auth(), retrySchedule: ['10ms'] });
    expect(outcomes(delivery)).toEqual([403, 200]);
    expect(oauth.issued).toHaveLength(1);
  });

  it('a fetch that fails is a failed attempt, and nothing is sent', async () => {
    oauth.broken = 503;
    const { publish } = await subscribe(postrider.api, {
      url: receiver.url(),
      auth: auth(),
      retrySchedule: ['1h'],
    });
    const id = await publish();
    const waiting = await postrider.delivery(id, ({ attemptCount }: Loose) => attemptCount === 1);
    expect(waiting.attempts).toMatchObject([
      { number: 1, errorCode: 'token_failed', response: null, request: { body: null } },
    ]);
    expect(waiting.nextAttemptAt).toBe(waiting.attempts[0].nextAttemptAt);
    expect(receiver.arrivals).toHaveLength(0);
    oauth.broken = undefined;
    await postrider.api.make(`/v1/deliveries/${id}/send-now`);
    const delivery = await postrider.over(id);
    expect(outcomes(delivery)).toEqual(['token_failed', 200]);
    expect(receiver.arrivals[0]?.headers['postrider-attempt']).toBe('2');
  });

  it('fetches that keep failing exhaust the schedule', async () => {
    oauth.broken = 401;
    const delivery = await deliver({ auth: auth(), retrySchedule: ['10ms'] });
    expect(delivery).toMatchObject({ status: 'failed', failureReason: 'exhausted' });
    expect(outcomes(delivery)).toEqual(['token_failed', 'token_failed']);
    expect(oauth.requests).toHaveLength(2);
    expect(receiver.arrivals).toHaveLength(0);
  });

  it('one failed fetch and an empty schedule end the delivery as exhausted', async () => {
    oauth.broken = 500;
    const delivery = await deliver({ auth: auth(), retrySchedule: [] });
    expect(delivery).toMatchObject({ status: 'failed', failureReason: 'exhausted' });
    expect(outcomes(delivery)).toEqual(['token_failed']);
  });
});
