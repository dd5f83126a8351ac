import { beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiAnswer, Loose } from '../support/api.js';
import { postrider, postriderForAll, receiver, receiverForAll } from '../support/running.js';
import { subscribe } from '../support/subscribe.js';

let type: string;

postriderForAll();
receiverForAll();

beforeAll(async () => {
  ({ type } = await subscribe(postrider.api, { url: receiver.url() }));
  await postrider.api.make('/v1/webhooks', { name: 'second', url: receiver.url('/b'), eventTypes: [type] });
});

async function publish(event: object): Promise<ApiAnswer<Loose>> {
  return postrider.api.post('/v1/events', { type, data: { total: 1 }, ...event });
}

async function countOf(idempotencyKey: string): Promise<{ events: number; deliveries: number }> {
  const { body } = await postrider.api.get(`/v1/events?idempotencyKey=${idempotencyKey}`);
  const ids = (body.data as Loose[]).map(({ id }) => id as string);
  const deliveries = await Promise.all(
    ids.map(
      async (id) => (await postrider.api.get(`/v1/deliveries?eventId=${id}`)).body.data.length as number,
    ),
  );
  return { events: ids.length, deliveries: deliveries.reduce((sum, count) => sum + count, 0) };
}

describe('an idempotency key', () => {
  it('that is used many times at once makes one event and one set of deliveries', async () => {
    const answers = await Promise.all(
      Array.from({ length: 12 }, async () => publish({ idempotencyKey: 'key-1' })),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(12).fill(202));
    expect(answers.filter(({ body }) => body.duplicate === false)).toHaveLength(1);
    const sets = answers.map(({ body: { id, deliveries } }) => JSON.stringify([id, ids(deliveries)]));
    expect(new Set(sets).size).toBe(1);
    expect(await countOf('key-1')).toEqual({ events: 1, deliveries: 2 });
    for (const id of ids(answers[0]?.body.deliveries)) {
      expect(await postrider.over(id)).toMatchObject({ status: 'succeeded' });
    }
    const own = receiver.arrivals.filter(({ headers }) => headers['webhook-id'] === answers[0]?.body.id);
    expect(own).toHaveLength(2);
  });

  it('gives the first answer again, whatever has been resent or subscribed since', async () => {
    const first = await publish({ idempotencyKey: 'key-2' });
    const [id] = ids(first.body.deliveries);
    await postrider.over(id ?? '');
    await postrider.api.make(`/v1/deliveries/${id}/resend`);
    await postrider.api.make('/v1/webhooks', {
      name: 'late',
      url: receiver.url('/late'),
      eventTypes: [type],
    });
    const again = await publish({ idempotencyKey: 'key-2' });
    expect(again.body).toMatchObject({ id: first.body.id, duplicate: true });
    expect(ids(again.body.deliveries)).toEqual(ids(first.body.deliveries));
  });

  it.each([
    ['data', { data: { total: 2 } }],
    ['correlation id', { correlationId: 'other' }],
    ['time', { occurredAt: '2026-01-01T00:00:00Z' }],
  ])('is refused for an event with another %s', async (_, other) => {
    const idempotencyKey = `key-3-${Object.keys(other).join()}`;
    await publish({ idempotencyKey });
    const answer = await publish({ idempotencyKey, ...other });
    expect([answer.status, answer.body.code]).toEqual([409, 'idempotency_key_reused']);
  });

  it('of another environment is another key', async () => {
    const production = postrider.as('production-key-of-the-tests-012345678');
    await production.make('/v1/event-types', { name: type });
    const sandbox = await publish({ idempotencyKey: 'key-4' });
    const other = await production.post('/v1/events', { type, data: {}, idempotencyKey: 'key-4' });
    expect(other.status).toBe(202);
    expect(other.body.id).not.toBe(sandbox.body.id);
    expect(other.body.deliveries).toEqual([]);
  });

  it('that is in a batch twice makes one event, and two answers', async () => {
    const event = { type, data: { total: 1 }, idempotencyKey: 'key-5' };
    const { data } = await postrider.api.make('/v1/events/batch', {
      events: [event, { type, data: {} }, event],
    });
    expect(data[2]).toMatchObject({ id: data[0].id, duplicate: true });
    expect(data.map(({ duplicate }: Loose) => duplicate as boolean)).toEqual([false, false, true]);
    expect(ids(data[2].deliveries)).toEqual(ids(data[0].deliveries));
    expect((await countOf('key-5')).events).toBe(1);
  });

  it('that is in a batch with two bodies refuses all of it', async () => {
    const answer = await postrider.api.post('/v1/events/batch', {
      events: [
        { type, data: { total: 1 }, idempotencyKey: 'key-6' },
        { type, data: { total: 2 }, idempotencyKey: 'key-6' },
      ],
    });
    expect([answer.status, answer.body.code]).toEqual([409, 'idempotency_key_reused']);
    expect(answer.body.errors).toMatchObject([{ path: 'events.1.idempotencyKey' }]);
    expect(await countOf('key-6')).toEqual({ events: 0, deliveries: 0 });
  });

  it('that batches share at the same time makes one event', async () => {
    const events = ['key-7', 'key-8', 'key-9'].map((idempotencyKey) => ({ type, data: {}, idempotencyKey }));
    const answers = await Promise.all(
      [events, events.toReversed(), events].map(async (batch) =>
        postrider.api.post('/v1/events/batch', { events: batch }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202]);
    for (const key of ['key-7', 'key-8', 'key-9']) expect((await countOf(key)).events).toBe(1);
  });
});

function ids(deliveries: Loose): string[] {
  return (deliveries as Loose[]).map(({ id }) => id as string);
}
