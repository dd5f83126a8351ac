import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Loose } from '../support/api.js';
import { productionKey } from '../support/postrider.js';
import { postrider, postriderForAll, receiver, receiverForAll } from '../support/running.js';

let eventId: string;
let deliveryId: string;

postriderForAll();
receiverForAll();

beforeAll(async () => {
  await postrider.api.make('/v1/event-types', { name: 'order.placed' });
  await postrider.api.make('/v1/webhooks', {
    name: 'w',
    url: receiver.url(),
    eventTypes: ['order.placed'],
  });
  const event = await postrider.api.make('/v1/events', {
    type: 'order.placed',
    data: {},
    correlationId: 'order-77',
  });
  eventId = event.id as string;
  deliveryId = event.deliveries[0].id as string;
  await postrider.over(deliveryId);
});

async function arrive(
  source: Loose,
  headers: Record<string, string>,
  body?: unknown,
  api = postrider.api,
): Promise<Loose> {
  await fetch(source.url, {
    method: 'POST',
    headers,
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const { body: list } = await api.get(`/v1/received?sourceId=${source.id}&limit=1`);
  const { eventId: event, deliveryId: delivery } = list.data[0];
  return { eventId: event, deliveryId: delivery };
}

describe('what arrives', () => {
  it('is linked by the headers that the receiver got, sent back', async () => {
    const source = await postrider.api.make('/v1/sources', { kind: 'callback' });
    const sent = receiver.arrivals[0]?.headers;
    const headers = (...names: string[]) =>
      Object.fromEntries(names.map((name) => [name, String(sent?.[name])]));
    expect(await arrive(source, headers('webhook-id'))).toEqual({ eventId, deliveryId: null });
    expect(await arrive(source, headers('postrider-delivery-id'))).toEqual({ eventId, deliveryId });
    expect(await arrive(source, headers('webhook-id', 'postrider-delivery-id'))).toEqual({
      eventId,
      deliveryId,
    });
    expect(await arrive(source, headers('postrider-correlation-id'))).toEqual({ eventId, deliveryId: null });
    expect(await arrive(source, { 'webhook-id': 'evt_unknown' })).toEqual({
      eventId: null,
      deliveryId: null,
    });
  });

  it('is linked by a header that the source names', async () => {
    const source = await postrider.api.make('/v1/sources', {
      kind: 'callback',
      correlation: { header: 'X-Order' },
    });
    expect(source.correlation).toEqual({ header: 'X-Order' });
    expect(await arrive(source, { 'x-order': 'order-77' })).toEqual({ eventId, deliveryId: null });
    expect(await arrive(source, { 'x-order': deliveryId })).toEqual({ eventId, deliveryId });
    expect(await arrive(source, { 'x-order': 'x'.repeat(5_000) })).toEqual({
      eventId: null,
      deliveryId: null,
    });
  });

  it('is linked by a path in the body that the source names', async () => {
    const source = await postrider.api.make('/v1/sources', {
      kind: 'callback',
      correlation: { path: 'orders.0.reference' },
    });
    const none = { eventId: null, deliveryId: null };
    expect(await arrive(source, {}, { orders: [{ reference: 'order-77' }] })).toEqual({
      eventId,
      deliveryId: null,
    });
    expect(await arrive(source, {}, { orders: [{ reference: eventId }] })).toEqual({
      eventId,
      deliveryId: null,
    });
    expect(await arrive(source, {}, { orders: [{ reference: { $ne: 1 } }] })).toEqual(none);
    expect(await arrive(source, {}, { orders: [] })).toEqual(none);
    expect(await arrive(source, {}, 'not JSON')).toEqual(none);
    expect(await arrive(source, {}, '['.repeat(500_000))).toEqual(none);
    expect(await arrive(source, {}, { orders: 'abc' })).toEqual(none);
  });

  it('is never linked across environments', async () => {
    const production = postrider.as(productionKey);
    const source = await production.make('/v1/sources', {
      kind: 'callback',
      correlation: { header: 'x-order' },
    });
    const none = { eventId: null, deliveryId: null };
    expect(await arrive(source, { 'x-order': 'order-77' }, undefined, production)).toEqual(none);
    expect(await arrive(source, { 'x-order': deliveryId }, undefined, production)).toEqual(none);
    expect(await arrive(source, { 'webhook-id': eventId }, undefined, production)).toEqual(none);
    const { body } = await production.get(`/v1/received?eventId=${eventId}`);
    expect(body.data).toEqual([]);
    const { body: theirs } = await postrider.api.get(`/v1/received?sourceId=${source.id}`);
    expect(theirs.data).toEqual([]);
    expect((await postrider.api.get(`/v1/sources/${source.id}`)).status).toBe(404);
  });

  it('is found from the delivery and from the event', async () => {
    const source = await postrider.api.make('/v1/sources', { kind: 'callback' });
    await arrive(source, { 'postrider-delivery-id': deliveryId });
    const { body: ofDelivery } = await postrider.api.get(`/v1/received?deliveryId=${deliveryId}`);
    expect(ofDelivery.data[0]).toMatchObject({ sourceId: source.id, deliveryId, eventId });
    const { body: ofEvent } = await postrider.api.get(`/v1/received?eventId=${eventId}`);
    expect(ofEvent.data[0].id).toBe(ofDelivery.data[0].id);
    const all = ofEvent.data as Loose[];
    expect(all.every((received) => received.eventId === eventId)).toBe(true);
  });

  it('is searched in its body, query and headers, page by page', async () => {
    const { api } = postrider;
    const source = await api.make('/v1/sources', { kind: 'test' });
    const send = async (query: string, body: string, headers: Record<string, string> = {}) =>
      fetch(`${source.url}${query}`, { method: 'POST', body, headers });
    await send('', 'The Needle is here');
    await send('', 'nothing');
    await send('?q=needle', 'nothing');
    await send('', 'nothing', { 'x-note': 'a needle' });
    await send('', 'n.edle');
    const find = async (query: string) => (await api.get(`/v1/received?sourceId=${source.id}&${query}`)).body;
    const { data, nextCursor } = await find('search=needle');
    expect(data).toHaveLength(3);
    expect(nextCursor).toBeNull();
    expect((await find('search=n.edle')).data).toHaveLength(1);
    const first = await find('search=needle&limit=2');
    const second = await find(`search=needle&limit=2&cursor=${first.nextCursor}`);
    expect([...first.data, ...second.data]).toEqual(data);
    expect(second.nextCursor).toBeNull();
  });

  it('is searched without end: a page looks at 1,000 and the next goes on', async () => {
    const { api, ctx } = postrider;
    const source = await api.make('/v1/sources', { kind: 'test' });
    await fetch(source.url, { method: 'POST', body: 'the oldest' });
    const [sample] = await ctx.models.received.find({ sourceId: source.id }).lean();
    if (!sample) throw new Error('nothing was recorded');
    await ctx.models.received.insertMany(
      Array.from({ length: 1_500 }, (_, index) => ({
        ...sample,
        _id: `rcv_many${index}`,
        body: 'other',
        receivedAt: new Date(sample.receivedAt.getTime() + 1 + (index % 3)),
      })),
    );
    const find = async (cursor = '') =>
      (await api.get(`/v1/received?sourceId=${source.id}&search=oldest${cursor}`)).body;
    const first = await find();
    expect(first.data).toEqual([]);
    const second = await find(`&cursor=${first.nextCursor}`);
    expect(second.data).toHaveLength(1);
    expect(second.nextCursor).toBeNull();
  });
});
