import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Api, Loose } from '../support/api.js';
import { productionKey, type TestPostrider } from '../support/postrider.js';
import { startTestApi } from './api-process.js';
import { problemOf } from './problems.js';

let postrider: TestPostrider;
let api: Api;
const url = 'https://example.com/hook';

beforeAll(async () => {
  postrider = await startTestApi();
  ({ api } = postrider);
  const schema = { type: 'object', required: ['total'], properties: { total: { type: 'number' } } };
  await api.make('/v1/event-types', { name: 'plain' });
  await api.make('/v1/event-types', { name: 'checked', schema });
  await api.make('/v1/webhooks', { name: 'one', url, eventTypes: ['plain'] });
  await api.make('/v1/webhooks', { name: 'two', url, eventTypes: ['plain', 'checked'] });
});

afterAll(async () => postrider.stop());

async function countEvents(): Promise<{ events: number; deliveries: number }> {
  const { events, deliveries } = postrider.ctx.models;
  return { events: await events.countDocuments(), deliveries: await deliveries.countDocuments() };
}

describe('an event', () => {
  it('is answered with its deliveries', async () => {
    const { status, body } = await api.post('/v1/events', { type: 'plain', data: { a: 1 } });
    expect(status).toBe(202);
    expect(body).toMatchObject({ id: expect.stringMatching(/^evt_/), duplicate: false });
    expect(body.deliveries).toHaveLength(2);
    for (const delivery of body.deliveries) {
      expect(delivery).toEqual({
        id: expect.stringMatching(/^del_/),
        subscriptionId: expect.stringMatching(/^sub_/),
        webhookId: expect.stringMatching(/^wh_/),
        status: 'pending',
      });
    }
  });

  it.each([null, 0, '', false, [], 'text', { deep: [{}] }])('may have %j as its data', async (data) => {
    const { id } = await api.make('/v1/events', { type: 'plain', data });
    expect((await api.get(`/v1/events/${id}`)).body.data).toEqual(data);
  });

  it('under the same key is the same event, with the first answer', async () => {
    const event = { type: 'plain', data: { b: 1, a: [1, 2] }, idempotencyKey: 'k-1', correlationId: 'c' };
    const first = await api.make('/v1/events', event);
    const reordered = { correlationId: 'c', idempotencyKey: 'k-1', data: { a: [1, 2], b: 1 }, type: 'plain' };
    const again = await api.make('/v1/events', reordered);
    expect(again).toEqual({ ...first, duplicate: true });
    for (const change of [
      { data: { b: 2 } },
      { type: 'checked', data: { total: 1 } },
      { correlationId: 'd' },
    ]) {
      const answer = await api.post('/v1/events', { ...event, ...change });
      expect(problemOf(answer, 'idempotency_key_reused')).toEqual(['idempotencyKey']);
    }
    const elsewhere = postrider.as(productionKey);
    await elsewhere.make('/v1/event-types', { name: 'plain' });
    expect(await elsewhere.make('/v1/events', event)).toMatchObject({ duplicate: false, deliveries: [] });
  });

  it('published many times at once is one event', async () => {
    const before = await countEvents();
    const event = { type: 'plain', data: 1, idempotencyKey: 'at once' };
    const answers = await Promise.all(Array.from({ length: 10 }, async () => api.make('/v1/events', event)));
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    expect(answers.filter(({ duplicate }) => !duplicate)).toHaveLength(1);
    expect(await countEvents()).toEqual({ events: before.events + 1, deliveries: before.deliveries + 2 });
  });

  it.each([
    [{ type: 'unknown', data: 1 }, ['type']],
    [{ type: 'checked', data: { total: 'x' } }, ['data.total']],
    [{ type: 'checked', data: {} }, ['data.total']],
    [{ type: 'plain' }, ['data']],
    [{ data: 1 }, ['type']],
    [{ type: 'plain', data: 1, idempotencyKey: '' }, ['idempotencyKey']],
    [{ type: 'plain', data: 1, idempotencyKey: '\ud800' }, ['idempotencyKey']],
    [{ type: 'plain', data: 1, idempotencyKey: 'x'.repeat(257) }, ['idempotencyKey']],
    [{ type: 'plain', data: 1, correlationId: 7 }, ['correlationId']],
    [{ type: 'plain', data: 1, occurredAt: 'yesterday' }, ['occurredAt']],
    [{ type: 'plain', data: 1, occurredAt: '2026-02-30T00:00:00Z' }, ['occurredAt']],
    [{ type: 'plain', data: 1, id: 'evt_1', extra: 1 }, ['id', 'extra']],
  ])('that is not valid is refused by its paths: %j', async (event, paths) => {
    const before = await countEvents();
    expect(problemOf(await api.post('/v1/events', event), 'invalid')).toEqual(paths);
    expect(await countEvents()).toEqual(before);
  });

  it('may have 256 KiB, and not a byte more', async () => {
    const frame = Buffer.byteLength(JSON.stringify({ type: 'plain', data: '' }));
    const fits = { type: 'plain', data: 'x'.repeat(256 * 1024 - frame) };
    expect((await api.post('/v1/events', fits)).status).toBe(202);
    problemOf(await api.post('/v1/events', { ...fits, data: `${fits.data}x` }), 'payload_too_large');
  });
});

describe('a batch', () => {
  it('is answered in order', async () => {
    await api.make('/v1/events', { type: 'plain', data: 0, idempotencyKey: 'old' });
    const events = [
      { type: 'plain', data: 1, correlationId: 'batch-0' },
      { type: 'plain', data: 0, idempotencyKey: 'old' },
      { type: 'checked', data: { total: 1 }, correlationId: 'batch-2' },
      { type: 'plain', data: 3, idempotencyKey: 'twice' },
      { type: 'plain', data: 3, idempotencyKey: 'twice' },
    ];
    const { data } = await api.make('/v1/events/batch', { events });
    expect(data.map(({ duplicate }: Loose) => duplicate)).toEqual([false, true, false, false, true]);
    expect(data.map(({ deliveries }: Loose) => deliveries.length)).toEqual([2, 2, 1, 2, 2]);
    expect(data[4].id).toBe(data[3].id);
    expect((await api.get(`/v1/events/${data[2].id}`)).body.correlationId).toBe('batch-2');
  });

  it('takes 1,000 events, and refuses more', async () => {
    const events = Array.from({ length: 1_000 }, (_, index) => ({ type: 'plain', data: index }));
    const before = await countEvents();
    const { data } = await api.make('/v1/events/batch', { events });
    expect(data).toHaveLength(1_000);
    expect(await countEvents()).toEqual({
      events: before.events + 1_000,
      deliveries: before.deliveries + 2_000,
    });
    for (const wrong of [[], [...events, events[0]]]) {
      expect(problemOf(await api.post('/v1/events/batch', { events: wrong }), 'invalid')).toEqual(['events']);
    }
  });

  it.each([
    ['an unknown type', { type: 'unknown', data: 1 }, 'invalid', ['events.3.type']],
    ['a missing type', { data: 1 }, 'invalid', ['events.3.type']],
    ['an unknown field', { type: 'plain', data: 1, extra: 1 }, 'invalid', ['events.3.extra']],
    ['no object', 7, 'invalid', ['events.3']],
    [
      'data that its schema refuses',
      { type: 'checked', data: { total: '1' } },
      'invalid',
      ['events.3.data.total'],
    ],
    [
      'a key that was used with another body',
      { type: 'plain', data: 'other', idempotencyKey: 'all or none' },
      'idempotency_key_reused',
      ['events.3.idempotencyKey'],
    ],
    ['more than 256 KiB', { type: 'plain', data: 'x'.repeat(256 * 1024) }, 'payload_too_large', ['events.3']],
  ] as const)('with %s in it is refused as a whole', async (_what, wrong, code, paths) => {
    const fine = { type: 'plain', data: 'all', idempotencyKey: 'all or none' };
    if (code === 'idempotency_key_reused') await api.make('/v1/events', fine);
    const before = await countEvents();
    const events = [
      { type: 'plain', data: 0 },
      { type: 'plain', data: 1 },
      { type: 'plain', data: 2 },
      wrong,
    ];
    expect(problemOf(await api.post('/v1/events/batch', { events }), code)).toEqual(paths);
    expect(await countEvents()).toEqual(before);
  });

  it('with one key for two bodies is refused', async () => {
    const events = [1, 2].map((data) => ({ type: 'plain', data, idempotencyKey: 'one for two' }));
    const before = await countEvents();
    const answer = await api.post('/v1/events/batch', { events });
    expect(problemOf(answer, 'idempotency_key_reused')).toEqual(['events.1.idempotencyKey']);
    expect(await countEvents()).toEqual(before);
  });

  it('takes 8 MiB, and refuses more', async () => {
    const data = 'x'.repeat(200 * 1024);
    const events = Array.from({ length: 40 }, () => ({ type: 'plain', data }));
    expect((await api.post('/v1/events/batch', { events })).status).toBe(202);
    const more = [...events, ...events.slice(0, 2)];
    problemOf(await api.post('/v1/events/batch', { events: more }), 'payload_too_large');
  });
});
