import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Loose } from '../support/api.js';
import { bodyOf, fieldsOf, Product, type Customer } from './product.js';

const created = 'task.created';

describe('MileApp (field service)', () => {
  let product: Product;
  let customer: Customer;

  beforeAll(async () => {
    product = await Product.open('mileapp');
  });

  beforeEach(async () => {
    customer = await product.customer();
  });

  afterAll(async () => {
    await product.close();
  });

  /** A task's event, its flow and priority changed. */
  async function task(flow: string, priority = 'High'): Promise<object> {
    return { data: { ...(await customer.sample(created)), flow, priority } };
  }

  it('M1 has the events of tasks, data sources, routing and trips, and each is delivered', async () => {
    const names = [
      'task.created',
      'task.assigned',
      'task.finished',
      'data_source.created',
      'routing.finished',
      'routing.dispatched',
      'trip.started',
      'trip.finished',
    ];
    const types = await customer.list('/v1/event-types');
    expect(types.map(({ name }) => name as string).toSorted()).toEqual(names.toSorted());
    await customer.register(names);
    for (const name of names) expect((await customer.deliver(name)).status).toBe('succeeded');
    expect(customer.arrivals().map((arrival) => bodyOf(arrival).type as string)).toEqual(names);
  });

  it('M2 makes an automation in one step: name, event, flow, rules, URL; and switches it on and off', async () => {
    const automation = await customer.register([created], {
      name: 'Tell the customer of urgent deliveries',
      filter: { flow: 'Urgent Delivery', 'task.hub.name': 'Jakarta Selatan' },
    });
    expect(await customer.list(`/v1/subscriptions?webhookId=${automation.id}`)).toMatchObject([
      {
        id: automation.subscriptionId,
        name: 'Tell the customer of urgent deliveries',
        eventTypes: [created],
        filter: { flow: 'Urgent Delivery', 'task.hub.name': 'Jakarta Selatan' },
        active: true,
      },
    ]);
    const urgent = await task('Urgent Delivery');
    expect((await customer.deliver(created, urgent)).status).toBe('succeeded');
    expect((await customer.publish(created, await task('Delivery'))).deliveries).toEqual([]);

    const turn = async (state: string) => customer.api.patch(`/v1/webhooks/${automation.id}`, { state });
    await turn('off');
    expect((await customer.publish(created, urgent)).deliveries).toEqual([]);
    await turn('active');
    expect((await customer.deliver(created, urgent)).status).toBe('succeeded');
    expect(customer.arrivals()).toHaveLength(2);
  });

  it('M3 sends by rules such as priority = "High", or any of several', async () => {
    const { api } = customer;
    const { subscriptionId } = await customer.register([created], { filter: { priority: 'High' } });
    const rules: [filter: object, sent: string[]][] = [
      [{ priority: 'High' }, ['High']],
      [{ priority: { $ne: 'High' } }, ['Low', 'Medium']],
      [{ priority: { $in: ['High', 'Medium'] } }, ['High', 'Medium']],
      [{ $or: [{ priority: 'Low' }, { 'task.fields.codAmount': { $gt: 1_000_000 } }] }, ['Low']],
      [{ 'task.fields.codAmount': { $gte: 228_000 }, 'task.items.sku': 'GLN-19' }, ['High', 'Low', 'Medium']],
    ];
    for (const [filter, sent] of rules) {
      await api.patch(`/v1/subscriptions/${subscriptionId}`, { filter });
      const passed: string[] = [];
      for (const priority of ['High', 'Low', 'Medium']) {
        const event = await task('Delivery', priority);
        const { matches } = await api.make(`/v1/subscriptions/${subscriptionId}/match`, event);
        const { deliveries } = await customer.publish(created, event);
        expect(deliveries).toHaveLength(matches ? 1 : 0);
        for (const { id } of deliveries) expect((await customer.over(id)).status).toBe('succeeded');
        if (matches) passed.push(priority);
      }
      expect(passed).toEqual(sent);
    }
    const wrong = { filter: { priority: { $regex: 'H' } } };
    const refused = await api.patch(`/v1/subscriptions/${subscriptionId}`, wrong);
    expect(fieldsOf(refused)).toEqual(['filter.priority.$regex']);
  });

  it('M4 has several custom headers, added and removed one by one, credentials masked', async () => {
    const { api } = customer;
    const { id } = await customer.register([created], {
      headers: [
        { name: 'X-Depot', value: 'JKT-1' },
        { name: 'X-Api-Key', value: 'key-of-mileapp' },
        { name: 'X-Pin', value: '4711', secret: true },
      ],
    });
    const shown = async () => (await api.get(`/v1/webhooks/${id}`)).body.headers as Loose[];
    const depot = { name: 'X-Depot', value: 'JKT-1', secret: false };
    const apiKey = { name: 'X-Api-Key', value: '***', secret: true };
    const pin = { name: 'X-Pin', value: '***', secret: true };
    const region = { name: 'X-Region', value: 'Java', secret: false };
    expect(await shown()).toEqual([depot, apiKey, pin]);

    const save = async (headers: Loose[]) => api.patch(`/v1/webhooks/${id}`, { headers });
    await save([...(await shown()), region]);
    expect(await shown()).toEqual([depot, apiKey, pin, region]);
    await save((await shown()).filter(({ name }) => name !== 'X-Depot'));
    expect(await shown()).toEqual([apiKey, pin, region]);

    const delivery = await customer.deliver(created);
    const sent = customer.arrivals()[0]?.rawHeaders ?? [];
    const own = sent.flatMap((name, at) =>
      name.startsWith('X-') && at % 2 === 0 ? [[name, sent[at + 1]]] : [],
    );
    expect(own).toEqual([
      ['X-Api-Key', 'key-of-mileapp'],
      ['X-Pin', '4711'],
      ['X-Region', 'Java'],
    ]);
    expect(delivery.attempts[0].request.headers).toEqual(
      expect.arrayContaining([
        { name: 'X-Api-Key', value: '***' },
        { name: 'X-Pin', value: '***' },
        { name: 'X-Region', value: 'Java' },
      ]),
    );
    const wrong = [region, region, { name: 'webhook-id', value: '1' }, { name: 'a b', value: 'x\ny' }];
    expect(fieldsOf(await save(wrong)).toSorted()).toEqual([
      'headers.1.name',
      'headers.2.name',
      'headers.3.name',
      'headers.3.value',
    ]);
  });

  it('M5 logs the response, and gives a receiver 10 seconds', async () => {
    const { receiver } = customer;
    const { timeoutMs } = await customer.register([created], { retrySchedule: [] });
    expect(timeoutMs).toBe(10_000);
    receiver.next({ status: 202, headers: { 'x-queue': 'q7' }, body: '{"queued":true}' });
    const [logged] = (await customer.deliver(created)).attempts;
    expect(logged.response).toMatchObject({ status: 202, body: '{"queued":true}', truncated: false });
    expect(logged.response.headers).toContainEqual({ name: 'x-queue', value: 'q7' });

    receiver.next((_, response) => void response.writeHead(200).write('slowly'));
    const slow = await customer.deliver(created);
    expect(slow).toMatchObject({ status: 'failed', attempts: [{ errorCode: 'timeout', response: null }] });
    const { durationMs } = slow.attempts[0];
    expect(durationMs).toBeGreaterThanOrEqual(9_950);
    expect(durationMs).toBeLessThan(20_000);
  });

  it('M6 tells why something was not sent, was sent twice, or took too long', async () => {
    const { api, receiver } = customer;
    const off = await customer.register([created], { name: 'off', state: 'off' });
    const other = await customer.register(['task.finished'], { name: 'other event' });
    const flow = await customer.register([created], { name: 'flow', filter: { flow: 'Urgent Delivery' } });
    const rule = await customer.register([created], { name: 'rule', filter: { priority: { $ne: 'High' } } });
    const paused = await customer.register([created], { name: 'switched off' });
    await api.patch(`/v1/subscriptions/${paused.subscriptionId}`, { active: false });
    const twice = await Promise.all([customer.register([created]), customer.register([created])]);
    const slow = await customer.register([created], {
      url: receiver.url('/slow'),
      timeoutMs: 300,
      retrySchedule: [],
    });
    const nowhere = await customer.register([created], {
      url: 'http://no-such-host.invalid/',
      // A look-up whose packet is lost is repeated after seconds.
      timeoutMs: 60_000,
      retrySchedule: [],
    });
    receiver.always(({ url }, response) => {
      if (url !== '/slow') response.end();
    });

    const { id, deliveries } = await customer.publish(created, await task('Delivery'));
    const overs: Loose[] = await Promise.all(
      deliveries.map(async (made: Loose) => customer.over(made.id as string)),
    );
    const detail = (await api.get(`/v1/events/${id}`)).body;

    const why = detail.notMatched.map((entry: Loose) => [
      entry.webhookId,
      entry.reason,
      entry.rules?.map(({ message }: Loose) => message),
    ]);
    expect(why.toSorted()).toEqual(
      [
        [off.id, 'webhook_off', undefined],
        [other.id, 'event_type', undefined],
        [paused.id, 'subscription_off', undefined],
        [flow.id, 'filter', ['flow is "Delivery", must equal "Urgent Delivery"']],
        [rule.id, 'filter', ['priority is "High", must not equal "High"']],
      ].toSorted(),
    );

    const outcome = new Map(overs.map(({ webhookId, attempts }) => [webhookId, attempts[0].errorCode]));
    expect(outcome).toEqual(
      new Map([
        [twice[0].id, null],
        [twice[1].id, null],
        [slow.id, 'timeout'],
        [nowhere.id, 'dns'],
      ]),
    );
    const sentTwice = customer.arrivals().map(({ headers }) => headers['webhook-id']);
    expect(sentTwice).toEqual([id, id]);
    const listed = detail.deliveries.map(({ webhookId, lastAttempt }: Loose) => [
      webhookId,
      lastAttempt.errorCode,
    ]);
    expect(new Map(listed)).toEqual(outcome);
    expect(fieldsOf(await api.post('/v1/webhooks', { url: 'htp:/wrong', eventTypes: [created] }))).toEqual([
      'url',
    ]);
  });
});
