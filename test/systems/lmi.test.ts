import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Loose } from '../support/api.js';
import { OAuthServer } from '../support/oauth-server.js';
import { bodyOf, fieldsOf, Product, type Customer } from './product.js';

const triggers = ['financial.echeck.processed', 'optimization.solution.updated', 'task.operations'];
const [echeck, optimization, tasks] = triggers as [string, string, string];

describe('LMI (logistics)', () => {
  let product: Product;
  let customer: Customer;

  beforeAll(async () => {
    product = await Product.open('lmi');
  });

  beforeEach(async () => {
    customer = await product.customer();
  });

  afterAll(async () => {
    await product.close();
  });

  it('L1 lists webhooks by name and URL, each column both ways', async () => {
    for (const [name, url] of [
      ['dispatch', 'https://c.example.com/tasks'],
      ['Accounting', 'https://B.example.com/echecks'],
      ['Routing', 'https://a.example.com/solutions'],
      ['billing', 'https://d.example.com/echecks'],
    ] as const) {
      await customer.register([tasks], { name, url });
    }
    const column = async (sort: string, field: string) =>
      (await customer.list(`/v1/webhooks?sort=${sort}`)).map((row) => row[field] as string);
    const names = ['Accounting', 'billing', 'dispatch', 'Routing'];
    expect(await column('name', 'name')).toEqual(names);
    expect(await column('-name', 'name')).toEqual(names.toReversed());
    const hosts = ['Routing', 'Accounting', 'dispatch', 'billing'];
    expect(await column('url', 'name')).toEqual(hosts);
    expect(await column('-url', 'name')).toEqual(hosts.toReversed());

    const first = (await customer.api.get('/v1/webhooks?sort=-name&limit=3')).body;
    const second = (await customer.api.get(`/v1/webhooks?sort=-name&limit=3&cursor=${first.nextCursor}`))
      .body;
    expect([...first.data, ...second.data].map(({ name }: Loose) => name)).toEqual(names.toReversed());
    expect(fieldsOf(await customer.api.get('/v1/webhooks?sort=colour'))).toEqual(['sort']);
  });

  it('L2 finds webhooks by a part of their name or URL, letter by letter', async () => {
    await customer.register([tasks], { name: 'Dispatch desk', url: 'https://one.example.com/in?v=1.0' });
    await customer.register([tasks], { name: 'Display board', url: 'https://two.example.com/in' });
    await customer.register([tasks], { name: 'Payroll', url: 'https://dispatch.example.com/in' });
    const typed = async (text: string) => {
      const query = `search=${encodeURIComponent(text)}&sort=name`;
      return (await customer.list(`/v1/webhooks?${query}`)).map(({ name }) => name as string);
    };
    const all = ['Dispatch desk', 'Display board', 'Payroll'];
    for (const text of ['', 'd', 'di', 'dis', 'disp']) expect(await typed(text)).toEqual(all);
    for (const text of ['dispa', 'dispat', 'DISPATCH']) {
      expect(await typed(text)).toEqual(['Dispatch desk', 'Payroll']);
    }
    expect(await typed('dispatch d')).toEqual(['Dispatch desk']);
    expect(await typed('?v=1.0')).toEqual(['Dispatch desk']);
    expect(await typed('?v=1x0')).toEqual([]);
    expect(await typed('.*')).toEqual([]);
  });

  it('L3 gives the whole URL in the list, however long it is', async () => {
    const url = `https://hooks.example.com/lmi?token=${'a1b2'.repeat(400)}&end=Yes`;
    const { id } = await customer.register([tasks], { name: 'Long', url });
    expect((await customer.list('/v1/webhooks')).map((row) => row.url as string)).toEqual([url]);
    expect((await customer.api.get(`/v1/webhooks/${id}`)).body.url).toBe(url);
  });

  it('L4 refuses a webhook without a trigger or a good URL, beside the field', async () => {
    const wrong: [body: object, fields: string[]][] = [
      [{ eventTypes: [tasks] }, ['url']],
      [{ url: '', eventTypes: [tasks] }, ['url']],
      [{ url: 'hooks.example.com/lmi', eventTypes: [tasks] }, ['url']],
      [{ url: 'ftp://hooks.example.com', eventTypes: [tasks] }, ['url']],
      [{ url: 'javascript:alert(1)//http://', eventTypes: [tasks] }, ['url']],
      [{ url: 'https://', eventTypes: [tasks] }, ['url']],
      [{ url: 'https://exa mple.com', eventTypes: [tasks] }, ['url']],
      [{ url: 'https://example.com:99999', eventTypes: [tasks] }, ['url']],
      [{ url: customer.receiver.url(), eventTypes: [] }, ['eventTypes']],
      [{ url: customer.receiver.url(), eventTypes: ['task.unknown'] }, ['eventTypes.0']],
      [{ eventTypes: [] }, ['url', 'eventTypes']],
      [{ url: '', eventTypes: [] }, ['eventTypes', 'url']],
    ];
    for (const [body, fields] of wrong) {
      expect(fieldsOf(await customer.api.post('/v1/webhooks', body))).toEqual(fields);
    }
    const refused = await customer.api.post('/v1/webhooks', { url: 'example.com', eventTypes: [tasks] });
    expect(refused.body.errors[0].message).toBe('must begin with http:// or https://');
    expect(await customer.list('/v1/webhooks')).toEqual([]);
    expect(await customer.list('/v1/subscriptions')).toEqual([]);

    await customer.register([tasks]);
    expect(await customer.deliver(tasks)).toMatchObject({ status: 'succeeded' });
  });

  it('L5 changes all of a webhook but its id, at once, for retries that are waiting too', async () => {
    customer.receiver.next(500);
    const made = await customer.register([tasks], {
      name: 'Old',
      url: customer.receiver.url('/old'),
      retrySchedule: ['5h'],
    });
    const { deliveries } = await customer.publish(tasks);
    await customer.waiting(deliveries[0].id);

    const panel = (await customer.api.get(`/v1/webhooks/${made.id}`)).body;
    const { id: externalSystemId } = await customer.api.make('/v1/external-systems', {
      name: 'ERP',
      baseUrl: customer.receiver.url('/erp'),
    });
    const changes = {
      name: 'New',
      url: '/new',
      method: 'PUT',
      format: 'form',
      headers: [{ name: 'x-depot', value: 'Tacoma', secret: false }],
      externalSystemId,
      payloadTemplate: { task: '{task.id}' },
      timeoutMs: 5_000,
      retrySchedule: ['1m', '5h'],
    };
    const changed = await customer.api.patch(`/v1/webhooks/${made.id}`, changes);
    expect(changed.body).toEqual({ ...panel, ...changes, updatedAt: changed.body.updatedAt });
    for (const state of ['paused', 'active']) {
      expect((await customer.api.patch(`/v1/webhooks/${made.id}`, { state })).body.state).toBe(state);
    }
    const auth = { type: 'bearer', token: 'lmi-token-1' };
    const own = { externalSystemId: null, url: customer.receiver.url('/newer'), auth };
    expect((await customer.api.patch(`/v1/webhooks/${made.id}`, own)).status).toBe(200);
    expect(fieldsOf(await customer.api.patch(`/v1/webhooks/${made.id}`, { id: 'wh_other' }))).toEqual(['id']);

    await customer.api.make(`/v1/deliveries/${deliveries[0].id}/send-now`);
    expect(await customer.over(deliveries[0].id)).toMatchObject({ status: 'succeeded', attemptCount: 2 });
    expect(customer.arrivals('/newer')).toMatchObject([
      { method: 'PUT', headers: { 'x-depot': 'Tacoma', authorization: 'Bearer lmi-token-1' } },
    ]);

    await customer.api.patch(`/v1/subscriptions/${made.subscriptionId}`, { eventTypes: [echeck] });
    expect((await customer.publish(tasks)).deliveries).toEqual([]);
    expect(await customer.deliver(echeck)).toMatchObject({ status: 'succeeded', webhookId: made.id });
  });

  it('L6 has the three application triggers, and each fires its webhook', async () => {
    const types = await customer.list('/v1/event-types?sort=name');
    expect(types.map(({ name, label }) => [name, label])).toEqual([
      [echeck, 'Financial E-Check Processed'],
      [optimization, 'Optimization Solution Updated'],
      [tasks, 'Task Operations'],
    ]);
    for (const { description } of types) expect(description).not.toBe('');
    for (const trigger of triggers) {
      await customer.register([trigger], { url: customer.receiver.url(`/${trigger}`) });
      const { eventId } = await customer.deliver(trigger);
      expect(customer.arrivals(`/${trigger}`).map(bodyOf)).toEqual([
        { id: eventId, type: trigger, timestamp: expect.any(String), data: await customer.sample(trigger) },
      ]);
    }
    for (const operation of ['created', 'updated', 'status_changed']) {
      const data = { ...(await customer.sample(tasks)), operation };
      expect(await customer.deliver(tasks, { data })).toMatchObject({ status: 'succeeded' });
    }
  });

  it('L7 takes URL and credentials from a linked external system, whose change holds for all webhooks', async () => {
    const { api, receiver } = customer;
    const { id: externalSystemId } = await api.make('/v1/external-systems', {
      name: 'TMS',
      baseUrl: receiver.url('/v1'),
      auth: { type: 'bearer', token: 'api-token-1' },
    });
    for (const [trigger, url] of [
      [tasks, '/tasks'],
      [echeck, '/echecks'],
    ] as const) {
      await customer.register([trigger], { url, externalSystemId, retrySchedule: ['5h'] });
    }
    await customer.register([optimization], { url: receiver.url('/unlinked') });

    await customer.deliver(tasks);
    expect(customer.arrivals('/v1/tasks')).toMatchObject([
      {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: 'Bearer api-token-1' },
      },
    ]);
    await customer.deliver(optimization);
    expect(customer.arrivals('/unlinked')[0]?.headers.authorization).toBeUndefined();

    receiver.next(401, 503);
    const waiting = [await customer.publish(tasks), await customer.publish(echeck)];
    for (const { deliveries } of waiting) await customer.waiting(deliveries[0].id);
    const oauth = await OAuthServer.start({ clientId: 'lmi', clientSecret: 'lmi-secret' });
    const auth = {
      type: 'oauth2_client_credentials',
      tokenUrl: oauth.tokenUrl,
      clientId: 'lmi',
      clientSecret: 'lmi-secret',
    };
    await api.patch(`/v1/external-systems/${externalSystemId}`, { baseUrl: receiver.url('/v2'), auth });
    expect(await api.make(`/v1/external-systems/${externalSystemId}/verify`)).toMatchObject({
      ok: true,
      status: 200,
      expiresAt: expect.any(String),
    });
    for (const { deliveries } of waiting) await api.make(`/v1/deliveries/${deliveries[0].id}/send-now`);
    for (const { deliveries } of waiting) {
      expect(await customer.over(deliveries[0].id)).toMatchObject({ status: 'succeeded', attemptCount: 2 });
    }
    for (const path of ['/v2/tasks', '/v2/echecks']) {
      expect(customer.arrivals(path).map((arrival) => oauth.accepts(arrival))).toEqual([true]);
    }
    expect(oauth.requests).toHaveLength(1);
    await oauth.stop();
  });

  it('L8 keeps what is sent apart from what can be called', async () => {
    const outbound = await customer.register([tasks]);
    const inbound = await customer.api.make('/v1/sources', { name: 'Carrier status' });
    const ids = async (path: string) => (await customer.list(path)).map(({ id }) => id as string);
    expect(await ids('/v1/webhooks')).toEqual([outbound.id]);
    expect(await ids('/v1/sources')).toEqual([inbound.id]);
    expect((await customer.api.get(`/v1/webhooks/${inbound.id}`)).status).toBe(404);
    expect((await customer.api.get(`/v1/sources/${outbound.id}`)).status).toBe(404);

    const delivery = await customer.deliver(tasks);
    expect((await fetch(inbound.url as string, { method: 'POST', body: 'arrived' })).status).toBe(200);
    expect(await ids('/v1/deliveries')).toEqual([delivery.id]);
    expect(await customer.list('/v1/received')).toMatchObject([{ sourceId: inbound.id, body: 'arrived' }]);
  });

  it('L9 explains a webhook that never fires', async () => {
    const { api } = customer;
    expect(await customer.list(`/v1/events?type=${tasks}`)).toEqual([]);

    expect(await customer.list(`/v1/subscriptions?eventType=${tasks}`)).toEqual([]);
    const alone = await customer.publish(tasks);
    expect(alone.deliveries).toEqual([]);

    const other = await customer.register([echeck]);
    const filtered = await customer.register([tasks], { filter: { 'task.priority': 'Low' } });
    const off = await customer.register([tasks], { state: 'off' });
    const silent = await customer.register([tasks]);
    await api.patch(`/v1/subscriptions/${silent.subscriptionId}`, { active: false });
    const { id, deliveries } = await customer.publish(tasks);
    expect(deliveries).toEqual([]);
    expect(await customer.list(`/v1/events?type=${tasks}`)).toMatchObject([{ id }, { id: alone.id }]);

    const { notMatched } = (await api.get(`/v1/events/${id}`)).body;
    const why = new Map(notMatched.map((entry: Loose) => [entry.webhookId, entry]));
    expect(why.size).toBe(4);
    expect(why.get(other.id)).toMatchObject({ reason: 'event_type' });
    expect(why.get(off.id)).toMatchObject({ reason: 'webhook_off' });
    expect(why.get(silent.id)).toMatchObject({ reason: 'subscription_off' });
    expect(why.get(filtered.id)).toMatchObject({
      reason: 'filter',
      rules: [
        {
          path: 'task.priority',
          operator: '$eq',
          expected: 'Low',
          actual: 'High',
          message: 'task.priority is "High", must equal "Low"',
        },
      ],
    });
    expect(customer.receiver.arrivals).toEqual([]);
  });
});
