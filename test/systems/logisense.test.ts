import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createHmac } from 'node:crypto';
import type { Loose } from '../support/api.js';
import { OAuthServer } from '../support/oauth-server.js';
import { bodyOf, fieldsOf, Product, type Customer } from './product.js';

const created = 'invoice.created';
const paid = 'invoice.paid';

/** What each attempt of a delivery was answered; undefined where nothing came back. */
function statuses({ attempts }: Loose): (number | undefined)[] {
  return attempts.map(({ response }: Loose) => response?.status as number | undefined);
}

describe('LogiSense (billing)', () => {
  let product: Product;
  let customer: Customer;

  beforeAll(async () => {
    product = await Product.open('logisense');
  });

  beforeEach(async () => {
    customer = await product.customer();
  });

  afterAll(async () => {
    await product.close();
  });

  it('S1 has subscriptions that name the event, are active or not, and need exactly one webhook', async () => {
    const { api } = customer;
    const webhook = await customer.register(undefined, { name: 'Ledger' });
    expect(webhook.subscriptionId).toBeNull();
    const wrong: [body: object, fields: string[]][] = [
      [{ eventTypes: [created] }, ['webhookId']],
      [{ eventTypes: [created], webhookId: null }, ['webhookId']],
      [{ eventTypes: [created], webhookId: [webhook.id, webhook.id] }, ['webhookId']],
      [{ eventTypes: [created], webhookId: 'wh_nothing' }, ['webhookId']],
      [{ webhookId: webhook.id }, ['eventTypes']],
    ];
    for (const [body, fields] of wrong) {
      expect(fieldsOf(await api.post('/v1/subscriptions', body))).toEqual(fields);
    }
    expect(await customer.list('/v1/subscriptions')).toEqual([]);

    const subscription = await api.make('/v1/subscriptions', {
      name: 'New invoices',
      eventTypes: [created],
      webhookId: webhook.id,
    });
    expect(subscription).toMatchObject({ eventTypes: [created], webhookId: webhook.id, active: true });
    expect(await customer.deliver(created)).toMatchObject({
      status: 'succeeded',
      subscriptionId: subscription.id,
      webhookId: webhook.id,
    });
    await api.patch(`/v1/subscriptions/${subscription.id}`, { active: false });
    expect((await customer.publish(created)).deliveries).toEqual([]);

    const refused = await api.delete(`/v1/webhooks/${webhook.id}`);
    expect(refused).toMatchObject({ status: 409, body: { code: 'in_use' } });
    expect(refused.body.detail).toContain(subscription.id);
    expect((await api.delete(`/v1/subscriptions/${subscription.id}`)).status).toBe(204);
    expect((await api.delete(`/v1/webhooks/${webhook.id}`)).status).toBe(204);
  });

  it('S2 configures URL, POST or PUT, authentication, format and payload', async () => {
    const settings = {
      name: 'Ledger',
      auth: { type: 'basic', username: 'ledger', password: 'ledger-password' },
      format: 'json',
      payloadTemplate: { invoice: '{invoice.id}' },
    };
    for (const method of ['POST', 'PUT']) {
      const url = customer.receiver.url(`/${method}`);
      const { id } = await customer.register([paid], { ...settings, method, url });
      const shown = (await customer.api.get(`/v1/webhooks/${id}`)).body;
      const auth = { type: 'basic', username: 'ledger', password: '***' };
      expect(shown).toMatchObject({ ...settings, method, url, auth });
    }
    const wrong = { url: customer.receiver.url(), method: 'GET', format: 'xml', auth: { type: 'digest' } };
    expect(fieldsOf(await customer.api.post('/v1/webhooks', wrong)).toSorted()).toEqual([
      'auth.type',
      'format',
      'method',
    ]);

    const { deliveries } = await customer.publish(paid);
    for (const { id } of deliveries) expect((await customer.over(id)).status).toBe('succeeded');
    const authorization = `Basic ${Buffer.from('ledger:ledger-password').toString('base64')}`;
    for (const method of ['POST', 'PUT']) {
      const [arrival] = customer.arrivals(`/${method}`);
      expect(arrival).toMatchObject({ method, headers: { authorization } });
      expect(bodyOf(arrival)).toEqual({ invoice: 'INV-2025-000713' });
    }
  });

  it('S3 authenticates not at all, by key and value, by OAuth password and client credentials', async () => {
    const client = { clientId: 'logisense', clientSecret: 'client-secret-7' };
    const user = { username: 'billing', password: 'user-password-7' };
    const oauth = await OAuthServer.start({ ...client, ...user });
    const kinds = {
      none: { type: 'none' },
      header: { type: 'header', name: 'X-Api-Key', value: 'key-7' },
      password: { type: 'oauth2_password', tokenUrl: oauth.tokenUrl, ...client, ...user },
      client: { type: 'oauth2_client_credentials', tokenUrl: oauth.tokenUrl, ...client },
    };
    const shown: Loose[] = [];
    for (const [kind, auth] of Object.entries(kinds)) {
      shown.push(await customer.register([paid], { url: customer.receiver.url(`/${kind}`), auth }));
    }
    for (const secret of ['key-7', 'client-secret-7', 'user-password-7']) {
      expect(JSON.stringify(shown)).not.toContain(secret);
    }
    const { deliveries } = await customer.publish(paid);
    expect(deliveries).toHaveLength(4);
    for (const { id } of deliveries) {
      const delivery = await customer.over(id);
      expect(delivery.status).toBe('succeeded');
      for (const token of [...oauth.issued, 'key-7']) expect(JSON.stringify(delivery)).not.toContain(token);
    }
    const headersOf = (kind: string) => customer.arrivals(`/${kind}`)[0]?.headers;
    expect(headersOf('none')?.authorization).toBeUndefined();
    expect(headersOf('header')?.['x-api-key']).toBe('key-7');
    const tokens = [headersOf('password')?.authorization, headersOf('client')?.authorization];
    expect(tokens.toSorted()).toEqual(oauth.issued.map((token) => `Bearer ${token}`).toSorted());
    const grants = oauth.requests.map(({ body }) => new URLSearchParams(body).get('grant_type'));
    expect(grants.toSorted()).toEqual(['client_credentials', 'password']);
    await oauth.stop();
  });

  it('S4 sends JSON, or form URL encoded', async () => {
    const payloadTemplate = {
      account: { id: '{account.id}', name: '{account.name}' },
      total: '{invoice.invoiceTotal}',
    };
    for (const format of ['json', 'form']) {
      await customer.register([paid], { url: customer.receiver.url(`/${format}`), format, payloadTemplate });
    }
    const { deliveries } = await customer.publish(paid);
    for (const { id } of deliveries) expect((await customer.over(id)).status).toBe('succeeded');
    const [json] = customer.arrivals('/json');
    expect(json?.headers['content-type']).toBe('application/json');
    expect(bodyOf(json)).toEqual({ account: { id: '100482', name: 'Brightwave Telecom' }, total: 1284.55 });
    const [form] = customer.arrivals('/form');
    expect(form?.headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect([...new URLSearchParams(form?.body)]).toEqual([
      ['account[id]', '100482'],
      ['account[name]', 'Brightwave Telecom'],
      ['total', '1284.55'],
    ]);
  });

  it('S5 fills the placeholders of a predefined payload; a field that an event lacks does no harm', async () => {
    const payloadTemplate = {
      eventName: '{eventName}',
      currentDateTime: '{currentDateTime}',
      account: { id: '{account.id}', name: '{account.name}' },
      invoice: {
        id: '{invoice.id}',
        name: '{invoice.name}',
        invoiceTotal: '{invoice.invoiceTotal}',
        dueDate: '{invoice.dueDate}',
      },
      text: '{account.name} owes {invoice.invoiceTotal} for {invoice.name} by {invoice.dueDate}.',
    };
    const webhook = await customer.register([created, 'account.activated'], { payloadTemplate });
    const preview = await customer.api.make(`/v1/webhooks/${webhook.id}/preview`, { eventType: created });
    expect(preview.missing).toEqual([]);

    const before = Date.now();
    const whole = await customer.deliver(created);
    expect(whole.status).toBe('succeeded');
    const [first] = customer.arrivals();
    expect(bodyOf(first)).toEqual({
      eventName: created,
      currentDateTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      account: { id: '100482', name: 'Brightwave Telecom' },
      invoice: {
        id: 'INV-2025-000713',
        name: 'March 2025 services',
        invoiceTotal: 1284.55,
        dueDate: '2025-04-14',
      },
      text: 'Brightwave Telecom owes 1284.55 for March 2025 services by 2025-04-14.',
    });
    const at = Date.parse(bodyOf(first).currentDateTime as string);
    expect(at).toBeGreaterThanOrEqual(before - 1);
    expect(at).toBeLessThanOrEqual(Date.now());

    const lacking = await customer.deliver('account.activated', { data: { account: { id: '7' } } });
    expect(lacking.status).toBe('succeeded');
    expect(bodyOf(customer.arrivals()[1])).toMatchObject({
      eventName: 'account.activated',
      account: { id: '7', name: null },
      invoice: { id: null, name: null, invoiceTotal: null, dueDate: null },
      text: ' owes  for  by .',
    });
    const data = { account: { id: '7' } };
    const told = await customer.api.make(`/v1/webhooks/${webhook.id}/preview`, {
      eventType: 'account.activated',
      data,
    });
    expect(told.missing).toEqual([
      'account.name',
      'invoice.id',
      'invoice.name',
      'invoice.invoiceTotal',
      'invoice.dueDate',
    ]);
  });

  it('S6 succeeds with 2xx, never retries 400, and retries 401 with a new token as it does all else', async () => {
    const { receiver } = customer;
    const client = { clientId: 'logisense', clientSecret: 'secret-7' };
    const oauth = await OAuthServer.start(client);
    const auth = { type: 'oauth2_client_credentials', tokenUrl: oauth.tokenUrl, ...client };
    await customer.register([paid], { auth });

    for (const status of [200, 201, 202, 204]) {
      receiver.next(status);
      const delivery = await customer.deliver(paid);
      expect(delivery).toMatchObject({ status: 'succeeded', failureReason: null });
      expect(statuses(delivery)).toEqual([status]);
    }
    receiver.next(400);
    const rejected = await customer.deliver(paid);
    expect(rejected).toMatchObject({ status: 'failed', failureReason: 'rejected', nextAttemptAt: null });
    expect(statuses(rejected)).toEqual([400]);
    expect(oauth.requests).toHaveLength(1);

    receiver.next(401);
    const unauthorized = await customer.deliver(paid);
    expect(statuses(unauthorized)).toEqual([401, 200]);
    const [refused, accepted] = receiver.arrivals.slice(-2);
    expect(refused?.headers.authorization).toBe(`Bearer ${oauth.issued[0]}`);
    expect(accepted?.headers.authorization).toBe(`Bearer ${oauth.issued[1]}`);
    expect(oauth.requests).toHaveLength(2);

    receiver.next(404, 500, (_, response) => void response.destroy());
    const others = await customer.deliver(paid);
    expect(others).toMatchObject({ status: 'succeeded', attemptCount: 4 });
    expect(statuses(others)).toEqual([404, 500, undefined, 200]);

    receiver.next(401, 401, 401, 401);
    const exhausted = await customer.deliver(paid);
    expect(exhausted).toMatchObject({ status: 'failed', failureReason: 'exhausted', attemptCount: 4 });
    await oauth.stop();
  });

  it('S7 shows what was sent: attempts, their status and errors, and the chain of retries', async () => {
    const { receiver } = customer;
    const webhook = await customer.register([paid], { retrySchedule: ['1s'] });
    const other = await customer.register([created], {
      url: receiver.url('/created'),
      retrySchedule: ['5h'],
    });
    receiver.next({ status: 503, body: 'closed for the night' }, (_, response) => void response.destroy());
    const failed = await customer.deliver(paid);
    const sent = await customer.deliver(paid);
    receiver.next(502);
    const { deliveries } = await customer.publish(created);
    const waits = await customer.waiting(deliveries[0].id);

    const ids = async (query: string) =>
      (await customer.list(`/v1/deliveries?${query}`)).map(({ id }) => id as string);
    expect(await ids('')).toEqual([waits.id, sent.id, failed.id]);
    const results = (await customer.list('/v1/deliveries')).map(({ lastAttempt }) => lastAttempt as object);
    expect(results).toMatchObject([
      { status: 502, errorCode: 'http_status' },
      { status: 200, errorCode: null },
      { status: null, errorCode: 'connection' },
    ]);
    expect(await ids('sort=createdAt')).toEqual([failed.id, sent.id, waits.id]);
    expect(await ids('status=failed')).toEqual([failed.id]);
    expect(await ids('status=succeeded')).toEqual([sent.id]);
    expect(await ids('status=waiting')).toEqual([waits.id]);
    expect(await ids(`webhookId=${other.id}`)).toEqual([waits.id]);
    expect(await ids(`eventType=${paid}&webhookId=${webhook.id}`)).toEqual([sent.id, failed.id]);
    expect(await ids(`from=${waits.createdAt}`)).toEqual([waits.id]);
    expect(await ids(`to=${waits.createdAt}`)).toEqual([sent.id, failed.id]);
    expect(waits.nextAttemptAt).not.toBeNull();

    expect(failed).toMatchObject({ status: 'failed', failureReason: 'exhausted', attemptCount: 2 });
    const [first, second] = failed.attempts;
    expect(first).toMatchObject({
      number: 1,
      request: { method: 'POST', url: receiver.url() },
      response: { status: 503, body: 'closed for the night' },
      errorCode: 'http_status',
    });
    expect(second).toMatchObject({ number: 2, response: null, errorCode: 'connection', nextAttemptAt: null });
    expect(second.errorMessage).not.toBe('');
    expect(Date.parse(second.startedAt)).toBeGreaterThanOrEqual(Date.parse(first.nextAttemptAt));
  });

  it('S8 shows what was received: callbacks, whether they are genuine, and what they speak of', async () => {
    const { api } = customer;
    const source = await api.make('/v1/sources', {
      name: 'Ledger callbacks',
      verification: { type: 'hmac_sha256', header: 'x-signature', secret: 'ledger-7', encoding: 'hex' },
      correlation: { path: 'inResponseTo' },
    });
    await customer.register([paid]);
    const delivery = await customer.deliver(paid);
    const body = JSON.stringify({ inResponseTo: delivery.id, booked: true });
    const signature = createHmac('sha256', 'ledger-7').update(body).digest('hex');
    const call = async (given: string) =>
      (await fetch(source.url as string, { method: 'POST', headers: { 'x-signature': given }, body })).status;
    expect(await call(signature)).toBe(200);
    expect(await call('0'.repeat(64))).toBe(401);

    const about = { sourceId: source.id, method: 'POST', body };
    const genuine = { ...about, verified: true, responseStatus: 200, deliveryId: delivery.id };
    const forged = { ...about, verified: false, responseStatus: 401 };
    expect(await customer.list('/v1/received')).toMatchObject([forged, genuine]);
    expect(await customer.list('/v1/received?verified=false')).toMatchObject([forged]);
    const [received, ...more] = await customer.list(`/v1/received?deliveryId=${delivery.id}&verified=true`);
    expect(more).toEqual([]);
    expect(received).toMatchObject({ ...genuine, eventId: delivery.eventId });
    expect((await api.get(`/v1/received/${received.id}`)).body).toEqual(received);
    expect(await customer.list('/v1/received?search=BOOKED')).toHaveLength(2);
    expect(await customer.list('/v1/received?search=unheard')).toEqual([]);
  });

  it('S9 sends a failed delivery again by hand, and links the new one to the original', async () => {
    const { api, receiver } = customer;
    await customer.register([paid], { retrySchedule: [] });
    receiver.next(500, 500);
    const original = await customer.deliver(paid);
    expect(original.status).toBe('failed');

    const first = await api.make(`/v1/deliveries/${original.id}/resend`);
    expect(first).toMatchObject({ resendOf: original.id, originalDeliveryId: original.id });
    expect((await customer.over(first.id)).status).toBe('failed');
    const second = await api.make(`/v1/deliveries/${first.id}/resend`);
    expect(second).toMatchObject({ resendOf: first.id, originalDeliveryId: original.id });
    expect((await customer.over(second.id)).status).toBe('succeeded');

    const chain = async (id: string) =>
      (await api.get(`/v1/deliveries/${id}`)).body.resends.map(({ id: other, resendOf }: Loose) => [
        other,
        resendOf,
      ]);
    expect(await chain(original.id)).toEqual([
      [first.id, original.id],
      [second.id, first.id],
    ]);
    expect(await chain(second.id)).toEqual([
      [original.id, null],
      [first.id, original.id],
    ]);
    expect((await api.get(`/v1/deliveries/${original.id}`)).body).toMatchObject({
      status: 'failed',
      attempts: original.attempts,
    });
    expect(new Set(receiver.arrivals.map(({ body }) => body)).size).toBe(1);

    await api.patch(`/v1/webhooks/${original.webhookId}`, { payloadTemplate: { paid: '{invoice.id}' } });
    const mended = await api.make(`/v1/deliveries/${original.id}/resend`, { rerender: true });
    expect((await customer.over(mended.id)).status).toBe('succeeded');
    expect(bodyOf(receiver.arrivals.at(-1))).toEqual({ paid: 'INV-2025-000713' });
  });

  it('S10 has identifiers for idempotency and correlation in every request, and finds by them', async () => {
    const { api, receiver } = customer;
    await customer.register([paid], { retrySchedule: ['1s'] });
    receiver.next(500);
    const given = { idempotencyKey: 'INV-2025-000713-paid', correlationId: 'bill-run-2025-03' };
    const delivery = await customer.deliver(paid, given);
    const resent = await api.make(`/v1/deliveries/${delivery.id}/resend`);
    await customer.over(resent.id);
    const ids = receiver.arrivals.map(({ headers }) => [
      headers['webhook-id'],
      headers['postrider-correlation-id'],
      headers['postrider-delivery-id'],
      headers['postrider-attempt'],
    ]);
    const { eventId } = delivery;
    expect(ids).toEqual([
      [eventId, given.correlationId, delivery.id, '1'],
      [eventId, given.correlationId, delivery.id, '2'],
      [eventId, given.correlationId, resent.id, '1'],
    ]);

    const again = await customer.publish(paid, given);
    expect(again).toMatchObject({ id: eventId, duplicate: true, deliveries: [{ id: delivery.id }] });
    const data = { ...(await customer.sample(paid)), paidAt: '2025-04-03T00:00:00Z' };
    const other = await api.post('/v1/events', { type: paid, ...given, data });
    expect(other.status).toBe(409);

    await customer.deliver(paid);
    for (const query of [`idempotencyKey=${given.idempotencyKey}`, `correlationId=${given.correlationId}`]) {
      expect((await customer.list(`/v1/events?${query}`)).map(({ id }) => id as string)).toEqual([eventId]);
    }
    for (const query of [`eventId=${eventId}`, `correlationId=${given.correlationId}`]) {
      const found = await customer.list(`/v1/deliveries?${query}`);
      expect(found.map(({ id }) => id as string)).toEqual([resent.id, delivery.id]);
    }
    expect((await api.get(`/v1/deliveries/${delivery.id}`)).body.id).toBe(delivery.id);
  });
});
