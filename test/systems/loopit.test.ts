import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Loose } from '../support/api.js';
import { bodyOf, Product, type Customer } from './product.js';

const confirmed = 'booking.confirmed';
const seconds = 1_000;
const minutes = 60 * seconds;
const hours = 60 * minutes;

describe('Loopit (vehicle subscriptions)', () => {
  let product: Product;
  let customer: Customer;

  beforeAll(async () => {
    // The schedule of Postrider itself, not the quick one of the tests.
    product = await Product.open('loopit', { env: { POSTRIDER_RETRY_SCHEDULE: '' } });
  });

  beforeEach(async () => {
    customer = await product.customer();
  });

  afterAll(async () => {
    await product.close();
  });

  it('T1 has events by category', async () => {
    const types = await customer.list('/v1/event-types?limit=200');
    const categories = new Map<string, string[]>();
    for (const { category, name } of types)
      categories.set(category, [...(categories.get(category) ?? []), name]);
    const known: Record<string, string[]> = {
      Assets: ['asset.created', 'asset.edited'],
      Bookings: [confirmed, 'booking.cancelled', 'booking.updated', 'booking.activated'],
      Invoices: ['invoice.issued', 'invoice.paid'],
      Expenses: ['expense.created'],
      Documents: ['document.signed'],
      Insurance: ['insurance.policy_created'],
    };
    for (const [category, names] of Object.entries(known)) {
      expect(categories.get(category)).toEqual(expect.arrayContaining(names));
    }
    const invoices = await customer.list('/v1/event-types?category=Invoices');
    expect(invoices.map(({ name }) => name as string).toSorted()).toEqual(
      categories.get('Invoices')?.toSorted(),
    );
  });

  it('T2 sends many triggers, or one, to one webhook', async () => {
    const many = [confirmed, 'booking.cancelled', 'invoice.paid', 'asset.edited'];
    await customer.register(many, { url: customer.receiver.url('/many') });
    await customer.register([confirmed], { url: customer.receiver.url('/one') });
    for (const trigger of [...many, 'invoice.issued']) {
      const { deliveries } = await customer.publish(trigger);
      for (const { id } of deliveries) expect((await customer.over(id)).status).toBe('succeeded');
    }
    const typesAt = (path: string) =>
      customer.arrivals(path).map((arrival) => bodyOf(arrival).type as string);
    expect(typesAt('/many')).toEqual(many);
    expect(typesAt('/one')).toEqual([confirmed]);
  });

  it('T3 makes a test URL for those without a receiver, and shows what arrived there', async () => {
    const { api } = customer;
    const source = await api.make('/v1/sources', { kind: 'test', name: 'Try it' });
    expect(Date.parse(source.expiresAt)).toBeGreaterThan(Date.now());
    expect(await customer.list(`/v1/received?sourceId=${source.id}`)).toEqual([]);
    await customer.register([confirmed], { url: source.url, headers: [{ name: 'x-from', value: 'Loopit' }] });
    const delivery = await customer.deliver(confirmed);
    expect(delivery.status).toBe('succeeded');

    const [received, ...more] = await customer.list(`/v1/received?sourceId=${source.id}`);
    expect(more).toEqual([]);
    expect(received).toMatchObject({
      method: 'POST',
      deliveryId: delivery.id,
      eventId: delivery.eventId,
      responseStatus: 200,
      body: delivery.attempts[0].request.body,
    });
    expect(JSON.parse(received.body)).toMatchObject({
      type: confirmed,
      data: await customer.sample(confirmed),
    });
    expect(received.headers).toEqual(
      expect.arrayContaining([
        { name: 'x-from', value: 'Loopit' },
        { name: 'postrider-event-type', value: confirmed },
      ]),
    );

    await api.patch(`/v1/sources/${source.id}`, { respond: { status: 400, body: { error: 'no' } } });
    const rejected = await customer.deliver(confirmed);
    expect(rejected).toMatchObject({ status: 'failed', failureReason: 'rejected' });
    expect(rejected.attempts[0].response).toMatchObject({ status: 400, body: '{"error":"no"}' });
  });

  it('T4 logs successes and failures in full, payload and endpoint included', async () => {
    const { api, receiver } = customer;
    const { id: webhookId } = await customer.register([confirmed, 'invoice.paid'], { retrySchedule: [] });
    const good = await customer.deliver(confirmed);
    receiver.next({ status: 500, body: 'out of order' });
    const bad = await customer.deliver('invoice.paid');
    const rows = await customer.list(`/v1/deliveries?webhookId=${webhookId}`);
    expect(rows).toMatchObject([
      { id: bad.id, status: 'failed', eventType: 'invoice.paid', lastAttempt: { status: 500 } },
      { id: good.id, status: 'succeeded', eventType: confirmed, lastAttempt: { status: 200 } },
    ]);
    for (const [id, type, response] of [
      [good.id, confirmed, { status: 200, body: 'ok' }],
      [bad.id, 'invoice.paid', { status: 500, body: 'out of order' }],
    ] as const) {
      const [attempt] = (await api.get(`/v1/deliveries/${id}`)).body.attempts;
      expect(attempt).toMatchObject({ request: { method: 'POST', url: receiver.url() }, response });
      expect(JSON.parse(attempt.request.body)).toMatchObject({ type, data: await customer.sample(type) });
    }
  });

  it('T5 retries after 5 s, 5 min, 30 min, 2 h, 5 h and 10 h, then nothing more', async () => {
    const { api, receiver } = customer;
    receiver.always(503);
    const webhook = await customer.register([confirmed]);
    expect(webhook.retrySchedule).toEqual(['5s', '5m', '30m', '2h', '5h', '10h']);
    const { deliveries } = await customer.publish(confirmed);
    const { id } = deliveries[0];
    const delays: [delayMs: number, attempts: number][] = [
      [5 * seconds, 1],
      [5 * minutes, 2],
      [30 * minutes, 3],
      [2 * hours, 4],
      [5 * hours, 5],
      [10 * hours, 6],
    ];
    for (const [delayMs, attempts] of delays) {
      const made = await customer.delivery(
        id,
        ({ status, attemptCount }) => status === 'waiting' && attemptCount >= attempts,
      );
      const { startedAt, durationMs, nextAttemptAt } = made.attempts[attempts - 1];
      expect(made.nextAttemptAt).toBe(made.attempts.at(-1).nextAttemptAt);
      const sinceItsEnd = Date.parse(nextAttemptAt) - Date.parse(startedAt) - durationMs;
      expect(sinceItsEnd).toBeGreaterThanOrEqual(delayMs - 50);
      // Far from the entries beside it, however long a busy machine takes to write down what came back.
      expect(sinceItsEnd).toBeLessThan(delayMs + minutes);
      // The first retry comes by itself; the others are sent before their time, each as its own entry.
      if (attempts > 1) await api.make(`/v1/deliveries/${id}/send-now`);
    }
    const failed = await customer.over(id);
    expect(failed).toMatchObject({
      status: 'failed',
      failureReason: 'exhausted',
      attemptCount: 7,
      nextAttemptAt: null,
    });
    const [first, second] = receiver.arrivals;
    expect(Number(second?.at) - Number(first?.at)).toBeGreaterThanOrEqual(5 * seconds - 50);
    expect(receiver.arrivals).toHaveLength(7);
    expect((await api.post(`/v1/deliveries/${id}/send-now`)).status).toBe(409);
  });

  it('T6 resends a failed delivery by hand', async () => {
    const { api, receiver } = customer;
    await customer.register([confirmed], { retrySchedule: [] });
    receiver.next(500);
    const failed = await customer.deliver(confirmed);
    expect(failed.status).toBe('failed');
    const resent = await api.make(`/v1/deliveries/${failed.id}/resend`);
    expect(await customer.over(resent.id)).toMatchObject({ status: 'succeeded', resendOf: failed.id });
    const [first, second] = receiver.arrivals;
    expect(second?.body).toBe(first?.body);
    const { resends } = (await api.get(`/v1/deliveries/${failed.id}`)).body;
    expect(resends.map(({ id, status }: Loose) => [id, status])).toEqual([[resent.id, 'succeeded']]);

    receiver.next(500, 500, 500);
    for (let times = 0; times < 3; times += 1) await customer.deliver(confirmed);
    const filter = { webhookId: failed.webhookId, status: 'failed', from: resent.createdAt };
    expect(await api.make('/v1/replays', { filter, dryRun: true })).toMatchObject({ count: 3 });
    const { id } = await api.make('/v1/replays', { filter });
    await receiver.received(8);
    const { body } = await api.get(`/v1/replays/${id}`);
    expect(body).toMatchObject({ count: 3, filter });
    expect(new Set(receiver.arrivals.slice(2).map(({ headers }) => headers['webhook-id'])).size).toBe(3);
  });
});
