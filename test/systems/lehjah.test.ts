import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Loose } from '../support/api.js';
import { bodyOf, Product, type Customer } from './product.js';

const events = [
  'NEW_BUSINESS',
  'NEW_SUBSCRIPTION',
  'SUBSCRIPTION_REQUEST',
  'SUBSCRIPTION_EXPIRED',
  'NEW_TRANSACTION_CREATED',
  'TRANSACTION_UPDATED',
  'TRANSACTION_DELETED',
  'RECORD_CREATED',
  'RECORD_UPDATED',
  'RECORD_DELETED',
  'INVENTORY_ITEM_CREATED',
  'INVENTORY_ITEM_UPDATED',
  'INVENTORY_ITEM_DELETED',
];
const transaction = 'NEW_TRANSACTION_CREATED';

describe('Lehjah (bookkeeping)', () => {
  let product: Product;
  let customer: Customer;

  beforeAll(async () => {
    product = await Product.open('lehjah');
  });

  beforeEach(async () => {
    customer = await product.customer();
  });

  afterAll(async () => {
    await product.close();
  });

  it('J1 keeps sandbox and production apart, each with URLs of its own', async () => {
    const { api, sandbox, receiver } = customer;
    const data = await customer.sample(transaction);
    const hook = (path: string) => ({ url: receiver.url(path), eventTypes: events });
    const live = await api.make('/v1/webhooks', hook('/production'));
    const tried = await sandbox.make('/v1/webhooks', hook('/sandbox'));

    const event = { type: transaction, data, idempotencyKey: 'txn_55c1', correlationId: 'till-3' };
    const published = [await api.make('/v1/events', event), await sandbox.make('/v1/events', event)];
    expect(published.map(({ duplicate, deliveries }) => [duplicate, deliveries[0].webhookId])).toEqual([
      [false, live.id],
      [false, tried.id],
    ]);
    for (const { deliveries } of published) expect(deliveries).toHaveLength(1);
    const [liveEvent, triedEvent] = published;
    for (const [path, { id }] of [
      ['/production', liveEvent],
      ['/sandbox', triedEvent],
    ] as const) {
      await receiver.received(1, path);
      expect(customer.arrivals(path).map(({ headers }) => headers['webhook-id'])).toEqual([id]);
    }
    for (const [own, hooks, eventId] of [
      [api, [live.id], liveEvent.id],
      [sandbox, [tried.id], triedEvent.id],
    ] as const) {
      expect((await own.get('/v1/webhooks')).body.data.map(({ id }: Loose) => id)).toEqual(hooks);
      const sent = (await own.get('/v1/deliveries?correlationId=till-3')).body.data;
      expect(sent.map((delivery: Loose) => delivery.eventId)).toEqual([eventId]);
    }
    const { deliveries } = triedEvent;
    for (const path of [
      `/v1/webhooks/${tried.id}`,
      `/v1/events/${triedEvent.id}`,
      `/v1/deliveries/${deliveries[0].id}`,
      `/v1/subscriptions/${tried.subscriptionId}`,
    ]) {
      expect((await api.get(path)).status).toBe(404);
      expect((await sandbox.get(path)).status).toBe(200);
    }
    const crossing = { eventTypes: [transaction], webhookId: tried.id };
    expect((await api.post('/v1/subscriptions', crossing)).status).toBe(422);
  });

  it('J2 has all thirteen events, and each reaches the webhook', async () => {
    const types = await customer.list('/v1/event-types?limit=200');
    expect(types.map(({ name }) => name as string).toSorted()).toEqual(events.toSorted());
    await customer.register(events);
    const samples = new Map(
      types.map(({ name, samplePayload }) => [name as string, samplePayload as object]),
    );
    const { data } = await customer.api.make('/v1/events/batch', {
      events: events.map((type) => ({ type, data: samples.get(type) })),
    });
    expect(data).toHaveLength(events.length);
    for (const { deliveries } of data)
      expect((await customer.over(deliveries[0].id)).status).toBe('succeeded');
    const arrived = customer.arrivals().map((arrival) => {
      const { type, data: sample } = bodyOf(arrival);
      expect(sample).toEqual(samples.get(type as string));
      return type as string;
    });
    expect(arrived.toSorted()).toEqual(events.toSorted());
  });

  it('J3 has a sample payload for each event, and sends it on request', async () => {
    const { id } = await customer.register(events);
    for (const eventType of events) {
      const { attempt } = await customer.api.make(`/v1/webhooks/${id}/test`, { eventType });
      expect(attempt).toMatchObject({ number: 1, response: { status: 200 }, errorCode: null });
      const { type, data } = bodyOf(customer.arrivals().at(-1));
      expect(type).toBe(eventType);
      expect(data).toEqual(await customer.sample(eventType));
    }
    expect(customer.arrivals()).toHaveLength(events.length);
    expect(await customer.list('/v1/events')).toEqual([]);
  });

  it('J4 tries again by itself where the receiver does not acknowledge', async () => {
    await customer.register([transaction], { timeoutMs: 5_000 });
    customer.receiver.next(
      500,
      (_, response) => void response.destroy(),
      () => {},
    );
    const delivery = await customer.deliver(transaction);
    expect(delivery).toMatchObject({ status: 'succeeded', attemptCount: 4 });
    expect(delivery.attempts.map(({ errorCode }: Loose) => errorCode)).toEqual([
      'http_status',
      'connection',
      'timeout',
      null,
    ]);
    expect(new Set(customer.arrivals().map(({ headers }) => headers['webhook-id']))).toEqual(
      new Set([delivery.eventId]),
    );
  });
});
