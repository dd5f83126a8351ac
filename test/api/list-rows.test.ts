import { beforeAll, describe, expect, it } from '@jest/globals';
import { freePort } from '../../src/stack/free-ports.js';
import type { Loose } from '../support/api.js';
import { postrider, postriderForAll, receiver, receiverForAll } from '../support/running.js';

postriderForAll();
receiverForAll();

beforeAll(async () => {
  await postrider.api.make('/v1/event-types', { name: 'a.b' });
});

describe('a row of a list says all that a table shows', () => {
  it('of deliveries: the webhook by its name, also once it is deleted, and the last error', async () => {
    const { api } = postrider;
    const url = `http://127.0.0.1:${await freePort()}/`;
    const webhook = await api.make('/v1/webhooks', {
      name: 'Nobody there',
      url,
      eventTypes: ['a.b'],
      retrySchedule: [],
    });
    const { deliveries } = await api.make('/v1/events', { type: 'a.b', data: 1, correlationId: 'order 7' });
    const detail = await postrider.over(deliveries[0].id);
    const expected = {
      webhookName: 'Nobody there',
      eventType: 'a.b',
      correlationId: 'order 7',
      attemptCount: 1,
      lastAttempt: { number: 1, status: null, errorCode: 'connection' },
    };
    const { body } = await api.get(`/v1/deliveries?webhookId=${webhook.id}`);
    expect(body.data[0]).toMatchObject(expected);
    expect(body.data[0].lastAttempt.errorMessage).toBe(detail.attempts[0].errorMessage);
    expect(body.data[0].lastAttempt.errorMessage).not.toBe('');
    expect(detail).toMatchObject(expected);
    await api.delete(`/v1/subscriptions/${webhook.subscriptionId}`);
    expect((await api.delete(`/v1/webhooks/${webhook.id}`)).status).toBe(204);
    const { body: after } = await api.get(`/v1/deliveries?webhookId=${webhook.id}`);
    expect(after.data[0].webhookName).toBe('Nobody there');
  });

  it('of events: how many deliveries there are by status; its data can be left out', async () => {
    const { api } = postrider;
    await api.make('/v1/event-types', { name: 'c.d' });
    for (const path of ['/one', '/two', '/three']) {
      await api.make('/v1/webhooks', { url: receiver.url(path), eventTypes: ['c.d'], retrySchedule: [] });
    }
    await api.make('/v1/event-types', { name: 'alone' });
    receiver.next(500);
    const event = await api.make('/v1/events', { type: 'c.d', data: { large: 'x'.repeat(1_000) } });
    for (const { id } of event.deliveries) await postrider.over(id as string);
    const alone = await api.make('/v1/events', { type: 'alone', data: 1 });
    const row = async (query: string): Promise<Loose> => (await api.get(`/v1/events?${query}`)).body.data[0];
    expect(await row('type=c.d')).toMatchObject({
      id: event.id,
      data: { large: 'x'.repeat(1_000) },
      deliveries: { succeeded: 2, failed: 1 },
    });
    const short = await row('type=c.d&data=false');
    expect(short).not.toHaveProperty('data');
    expect(short).toMatchObject({ id: event.id, deliveries: { succeeded: 2, failed: 1 } });
    expect(await row('type=alone')).toMatchObject({ id: alone.id, deliveries: {} });
  });

  it('of what was received: the source by its name', async () => {
    const { api } = postrider;
    const source = await api.make('/v1/sources', { name: 'Bank', kind: 'callback' });
    await fetch(source.url, { method: 'POST', body: 'hello' });
    const { body } = await api.get('/v1/received');
    expect(body.data[0]).toMatchObject({ sourceName: 'Bank', sourceId: source.id, responseStatus: 200 });
    const { body: one } = await api.get(`/v1/received/${body.data[0].id}`);
    expect(one.sourceName).toBe('Bank');
  });
});
