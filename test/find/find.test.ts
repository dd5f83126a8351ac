import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApi } from '../api/api-process.js';
import { problemOf } from '../api/problems.js';
import { makeSamples, type Samples } from '../api/samples.js';
import { profile } from '../models/profile.js';
import type { Api, Loose } from '../support/api.js';
import { productionKey, type TestPostrider } from '../support/postrider.js';
import { Receiver } from '../support/receiver.js';

let postrider: TestPostrider;
let receiver: Receiver;
let samples: Samples;
let eventId: string;

beforeAll(async () => {
  [postrider, receiver] = await Promise.all([startTestApi(), Receiver.start()]);
  const { api } = postrider;
  samples = await makeSamples(api, receiver.url());
  await api.make('/v1/event-types', { name: 'invoice.paid', label: 'Invoice paid' });
  await api.make('/v1/webhooks', { name: 'Books of Anna', url: 'https://erp.example.com/Hooks/42' });
  ({ id: eventId } = await api.make('/v1/events', {
    type: 'invoice.paid',
    data: { invoice: { number: 'INV-1042', total: '12.50' }, order: 771_003 },
    correlationId: 'trip 7',
    idempotencyKey: 'once and for all',
  }));
});

afterAll(async () => {
  await Promise.all([postrider.stop(), receiver.stop()]);
});

async function find(text: string, api: Api = postrider.api): Promise<Loose[]> {
  const { status, body } = await api.get(`/v1/find?q=${encodeURIComponent(text)}`);
  expect(status).toBe(200);
  return body.data;
}

describe('finds', () => {
  it.each([
    ['events', 'event'],
    ['deliveries', 'delivery'],
    ['webhooks', 'webhook'],
    ['subscriptions', 'subscription'],
    ['external-systems', 'external_system'],
    ['sources', 'source'],
    ['received', 'received'],
    ['replays', 'replay'],
    ['api-keys', 'api_key'],
  ])('one of %s by its id', async (segment, kind) => {
    const id = samples[segment];
    expect(await find(` ${id} `)).toMatchObject([{ kind, id, match: 'id' }]);
  });

  it.each([
    ['delivery', () => `delivery/${samples['deliveries']}`],
    ['replay', () => `replay/${samples['replays']}`],
    [
      'delivery',
      () => `http://localhost:8233/namespaces/default/workflows/delivery%2F${samples['deliveries']}/x`,
    ],
  ])('a %s by its workflow id', async (kind, text) => {
    expect(await find(text())).toMatchObject([{ kind, match: 'workflow_id' }]);
  });

  it.each([
    ['INV-1042', 'value'],
    ['inv-1042', 'value'],
    ['771003', 'value'],
    ['trip 7', 'correlation_id'],
    ['once and for all', 'idempotency_key'],
  ])('an event by %s', async (text, match) => {
    expect(await find(text)).toMatchObject([{ kind: 'event', id: eventId, title: 'invoice.paid', match }]);
  });

  it.each([
    ['books', 'webhook', 'name'],
    ['of anna', 'webhook', 'name'],
    ['EXAMPLE.com/hooks/4', 'webhook', 'url'],
    ['https://erp.example.com/Hooks/42', 'webhook', 'url'],
    ['Invoice.p', 'event_type', 'name'],
    ['a sys', 'external_system', 'name'],
    ['a sour', 'source', 'name'],
  ])('%s as a part of a name or URL', async (text, kind, match) => {
    expect(await find(text)).toMatchObject([{ kind, match }]);
  });

  it('the subscription by its name', async () => {
    const subscription = {
      name: 'All of them',
      eventTypes: ['invoice.paid'],
      webhookId: samples['webhooks'],
    };
    const { id } = await postrider.api.make('/v1/subscriptions', subscription);
    expect(await find('all of')).toEqual([
      { kind: 'subscription', id, title: 'All of them', detail: 'invoice.paid', match: 'name' },
    ]);
  });

  it('the whole name first, then what begins with it, then what has it elsewhere; each once', async () => {
    for (const name of ['my zebra', 'zebra two', 'zebra']) {
      await postrider.api.make('/v1/webhooks', {
        name,
        url: `https://example.com/${name.replace(' ', '-')}`,
      });
    }
    expect((await find('zebra')).map(({ title }) => title)).toEqual(['zebra', 'zebra two', 'my zebra']);
  });

  it('a list of events by a value', async () => {
    const { body } = await postrider.api.get('/v1/events?value=INV-1042');
    expect(body.data.map(({ id }: Loose) => id)).toEqual([eventId]);
  });

  it('nothing of what is plain text, and takes no pattern for one', async () => {
    expect(await find('.*')).toEqual([]);
    expect(await find('12.50')).toEqual([]);
    expect(await find('wh_unknown')).toEqual([]);
    problemOf(await postrider.api.get('/v1/find?q='), 'invalid');
    problemOf(await postrider.api.get('/v1/find?q=%00'), 'invalid');
  });
});

describe('finds only', () => {
  it('what is of the same environment', async () => {
    const other = postrider.as(productionKey);
    const texts = ['INV-1042', 'trip 7', 'books', 'invoice', ...Object.values(samples)];
    for (const text of texts) expect(await find(text, other)).toEqual([]);
  });

  it('what the role may read', async () => {
    const { key } = await postrider.api.make('/v1/api-keys', { name: 'a publisher', role: 'publisher' });
    const publisher = postrider.as(key);
    expect(await find('INV-1042', publisher)).toHaveLength(1);
    expect(await find(samples['deliveries'] ?? '', publisher)).toHaveLength(1);
    for (const segment of ['webhooks', 'sources', 'api-keys']) {
      expect(await find(samples[segment] ?? '', publisher)).toEqual([]);
    }
    expect(await find('books', publisher)).toEqual([]);
    const viewer = await postrider.api.make('/v1/api-keys', { name: 'a viewer', role: 'viewer' });
    expect(await find('books', postrider.as(viewer.key))).toHaveLength(1);
    expect(await find(samples['api-keys'] ?? '', postrider.as(viewer.key))).toEqual([]);
  });
});

it('reads indexes, and no more records than it finds, among thousands', async () => {
  const { models, connection } = postrider.ctx;
  for (const model of [models.events, models.webhooks, models.eventTypes, models.subscriptions]) {
    const first = (await model.collection.findOne({})) as Loose;
    const unique = ['name', 'nameLower', 'urlLower', 'idempotencyKey'].filter((field) => field in first);
    const copies = Array.from({ length: 3_000 }, (_, index) => ({
      ...first,
      _id: `${first._id}~${index}`,
      ...Object.fromEntries(unique.map((field) => [field, `copy ${index} ${index % 2 ? 'a' : 'b'}`])),
      ...('values' in first ? { values: [`v-${index}`, `w-${index % 10}`] } : {}),
    }));
    await model.collection.insertMany(copies as never);
  }
  const found = await profile(connection, async () => {
    const texts = ['INV-1042', 'v-77', 'w-3', 'copy 2999', 'opy 2998', 'nothing of it', 'a', 'trip 7'];
    for (const text of [...texts, ...Object.values(samples)]) await find(text);
    await postrider.api.get('/v1/events?value=w-3&limit=5');
  });
  const queries = found.filter(({ op }) => op === 'query');
  expect(queries.length).toBeGreaterThan(50);
  expect(queries.filter(({ planSummary }) => planSummary?.includes('COLLSCAN'))).toEqual([]);
  // One at most has an idempotency key: there is nothing to sort.
  const sorted = queries.filter(
    ({ hasSortStage, command }) => hasSortStage && !JSON.stringify(command).includes('idempotencyKey'),
  );
  expect(sorted).toEqual([]);
  const wasted = queries.map(({ docsExamined = 0, nreturned = 0, command }) => ({
    waste: docsExamined - nreturned,
    filter: JSON.stringify(command['filter']),
  }));
  expect(wasted.filter(({ waste }) => waste > 2)).toEqual([]);
});
