import { beforeAll, describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { freePort } from '../../src/stack/free-ports.js';
import type { Loose } from '../support/api.js';
import { productionKey } from '../support/postrider.js';
import {
  oauth,
  oauthServerForAll,
  postrider,
  postriderForAll,
  receiver,
  receiverForAll,
} from '../support/running.js';

const client = { clientId: 'postrider', clientSecret: 'client-secret-1b2c' };
const sample = { invoice: { id: 7, total: 12.5 } };

postriderForAll();
receiverForAll();
oauthServerForAll(client);

beforeAll(async () => {
  await postrider.api.make('/v1/event-types', { name: 'invoice.paid', samplePayload: sample });
  await postrider.api.make('/v1/event-types', { name: 'invoice.bare' });
});

async function webhookWith(more: object = {}): Promise<Loose> {
  return postrider.api.make('/v1/webhooks', {
    url: receiver.url(`/${Math.random().toString(36).slice(2)}`),
    eventTypes: ['invoice.paid'],
    ...more,
  });
}

/** What arrived at a webhook's URL. */
function arrivalsOf({ url }: Loose) {
  return receiver.arrivals.filter((arrival) => receiver.url(arrival.url) === url);
}

describe('a test of a webhook', () => {
  it('sends the sample of its first event type, signed, and gives the attempt at once', async () => {
    const webhook = await webhookWith();
    const { attempt } = await postrider.api.make(`/v1/webhooks/${webhook.id}/test`);
    const [arrival, ...others] = arrivalsOf(webhook);
    expect(others).toEqual([]);
    expect(JSON.parse(arrival?.body ?? '')).toMatchObject({ type: 'invoice.paid', data: sample });
    expect(() => {
      new Webhook(webhook.signingSecret as string).verify(
        arrival?.body ?? '',
        arrival?.headers as Record<string, string>,
      );
    }).not.toThrow();
    expect(arrival?.headers).toMatchObject({
      'postrider-event-type': 'invoice.paid',
      'postrider-attempt': '1',
      'postrider-delivery-id': expect.stringMatching(/^del_/),
      'webhook-id': expect.stringMatching(/^evt_/),
    });
    expect(attempt).toMatchObject({
      number: 1,
      request: { method: 'POST', url: webhook.url, body: arrival?.body },
      response: { status: 200, body: 'ok', truncated: false },
      errorCode: null,
      nextAttemptAt: null,
    });
  });

  it('is no delivery, leaves no history and is not tried again', async () => {
    await postrider.api.make('/v1/event-types', { name: 'invoice.retried', samplePayload: sample });
    const webhook = await webhookWith({ eventTypes: ['invoice.retried'], retrySchedule: ['1s'] });
    receiver.next(500);
    const { attempt } = await postrider.api.make(`/v1/webhooks/${webhook.id}/test`);
    expect(attempt).toMatchObject({
      response: { status: 500 },
      errorCode: 'http_status',
      nextAttemptAt: null,
    });
    const sent = arrivalsOf(webhook)[0]?.headers;
    expect((await postrider.api.get(`/v1/deliveries?webhookId=${webhook.id}`)).body.data).toEqual([]);
    expect((await postrider.api.get(`/v1/events/${String(sent?.['webhook-id'])}`)).status).toBe(404);
    expect(
      (await postrider.api.get(`/v1/deliveries/${String(sent?.['postrider-delivery-id'])}`)).status,
    ).toBe(404);

    // A delivery of the same webhook is retried after 1 s: by then a test that is retried would have been, too.
    receiver.next(500);
    const { deliveries } = await postrider.api.make('/v1/events', { type: 'invoice.retried', data: {} });
    expect((await postrider.over(deliveries[0].id)).attemptCount).toBe(2);
    const ids = arrivalsOf(webhook).map(({ headers }) => headers['postrider-delivery-id']);
    expect(ids.filter((id) => id === sent?.['postrider-delivery-id'])).toHaveLength(1);
  });

  it('sends what it is told to, through template, format, method and headers', async () => {
    const webhook = await webhookWith({
      method: 'PUT',
      format: 'form',
      headers: [
        { name: 'x-team', value: 'books' },
        { name: 'x-api-key', value: 'api-key-5e6f' },
      ],
      payloadTemplate: { what: '{eventName}', id: '{invoice.id}' },
    });
    const body = { eventType: 'invoice.bare', data: { invoice: { id: 9 } } };
    const { attempt } = await postrider.api.make(`/v1/webhooks/${webhook.id}/test`, body);
    const [arrival] = arrivalsOf(webhook);
    expect(arrival).toMatchObject({ method: 'PUT', body: 'what=invoice.bare&id=9' });
    expect(arrival?.headers).toMatchObject({ 'x-team': 'books', 'x-api-key': 'api-key-5e6f' });
    expect(attempt.request.headers).toEqual(
      expect.arrayContaining([
        { name: 'x-team', value: 'books' },
        { name: 'x-api-key', value: '***' },
      ]),
    );
    expect(JSON.stringify(attempt)).not.toContain('5e6f');
  });

  it('goes to paused webhooks and to those that are off', async () => {
    for (const state of ['paused', 'off']) {
      const webhook = await webhookWith({ state });
      const { attempt } = await postrider.api.make(`/v1/webhooks/${webhook.id}/test`);
      expect(attempt.response.status).toBe(200);
      expect(arrivalsOf(webhook)).toHaveLength(1);
    }
  });

  it('uses the URL and the token of its external system', async () => {
    const { api } = postrider;
    const { id: externalSystemId } = await api.make('/v1/external-systems', {
      name: 'Books',
      baseUrl: receiver.url('/base'),
      auth: { type: 'oauth2_client_credentials', tokenUrl: oauth.tokenUrl, ...client },
    });
    const webhook = await webhookWith({ url: '/in', externalSystemId });
    const { attempt } = await api.make(`/v1/webhooks/${webhook.id}/test`);
    const [arrival] = receiver.arrivals.filter(({ url }) => url === '/base/in');
    expect(arrival && oauth.accepts(arrival)).toBe(true);
    expect(attempt.request.headers).toContainEqual({ name: 'authorization', value: '***' });
    for (const token of oauth.issued) expect(JSON.stringify(attempt)).not.toContain(token);
  });

  it('shows a token that could not be fetched, and a refused connection, as failed attempts', async () => {
    const auth = {
      type: 'oauth2_client_credentials',
      tokenUrl: oauth.tokenUrl,
      ...client,
      clientSecret: 'wrong',
    };
    const first = await webhookWith({ auth });
    const tokenFailed = (await postrider.api.make(`/v1/webhooks/${first.id}/test`)).attempt;
    expect(tokenFailed).toMatchObject({ errorCode: 'token_failed', response: null, request: { body: null } });
    expect(arrivalsOf(first)).toEqual([]);

    const second = await webhookWith({ url: `http://127.0.0.1:${await freePort()}/` });
    const refused = (await postrider.api.make(`/v1/webhooks/${second.id}/test`)).attempt;
    expect(refused).toMatchObject({ errorCode: 'connection', response: null });
    expect(refused.request.body).toContain('invoice.paid');
  });

  it('drops a token that the receiver refuses', async () => {
    const auth = { type: 'oauth2_client_credentials', tokenUrl: oauth.tokenUrl, ...client, scope: 'dropped' };
    const webhook = await webhookWith({ auth });
    receiver.next(401);
    await postrider.api.make(`/v1/webhooks/${webhook.id}/test`);
    await postrider.api.make(`/v1/webhooks/${webhook.id}/test`);
    const [refused, accepted] = arrivalsOf(webhook);
    expect(refused?.headers.authorization).not.toBe(accepted?.headers.authorization);
  });

  it('says what it lacks', async () => {
    const { api } = postrider;
    const bare = await webhookWith({ eventTypes: ['invoice.bare'] });
    const alone = await webhookWith({ eventTypes: undefined });
    const cases: [id: string, body: object, path: string, words: string][] = [
      [bare.id, {}, 'data', 'no sample payload'],
      [alone.id, {}, 'eventType', 'no subscription'],
      [alone.id, { eventType: 'nothing' }, 'eventType', 'no event type nothing'],
      [alone.id, { eventType: 7 }, 'eventType', 'string'],
      [bare.id, { data: {}, more: 1 }, 'more', 'known field'],
    ];
    for (const [id, body, path, words] of cases) {
      const answer = await api.post(`/v1/webhooks/${id}/test`, body);
      expect(answer.status).toBe(422);
      expect(answer.body.errors).toEqual([{ path, message: expect.stringContaining(words) }]);
    }
    expect([...arrivalsOf(bare), ...arrivalsOf(alone)]).toEqual([]);
  });

  it('is a 404 for a webhook that was deleted, or is of the other environment', async () => {
    const webhook = await webhookWith({ eventTypes: undefined });
    const elsewhere = postrider.as(productionKey);
    expect((await elsewhere.post(`/v1/webhooks/${webhook.id}/test`)).status).toBe(404);
    await postrider.api.delete(`/v1/webhooks/${webhook.id}`);
    expect((await postrider.api.post(`/v1/webhooks/${webhook.id}/test`)).status).toBe(404);
    expect(arrivalsOf(webhook)).toEqual([]);
  });
});
