import { describe, expect, it } from '@jest/globals';
import type { ServerResponse } from 'node:http';
import type { Loose } from '../support/api.js';
import { postrider, postriderForAll, receiver, receiverForEach } from '../support/running.js';
import { subscribe, type Subscribed } from '../support/subscribe.js';
import { waitFor } from '../support/wait.js';

postriderForAll();
receiverForEach();

/** A delivery whose first attempt has failed, and whose next one is an hour away. */
async function waiting(webhook: object = {}): Promise<{ id: string; hook: Subscribed }> {
  receiver.next(500);
  const hook = await subscribe(postrider.api, {
    url: receiver.url(),
    retrySchedule: ['1h', '1h'],
    ...webhook,
  });
  const id = await hook.publish();
  await postrider.delivery(id, ({ status }: Loose) => status === 'waiting');
  return { id, hook };
}

/** A delivery whose request is at the receiver, and how to answer it. */
async function inFlight(webhook: object = {}): Promise<{ id: string; answer: (status: number) => void }> {
  const held: ServerResponse[] = [];
  receiver.next((_, response) => void held.push(response));
  const { publish } = await subscribe(postrider.api, {
    url: receiver.url(),
    retrySchedule: ['1h'],
    ...webhook,
  });
  const id = await publish();
  await receiver.received(1);
  return { id, answer: (status) => held[0]?.writeHead(status).end() };
}

async function ask(id: string, what: 'cancel' | 'send-now' | 'resend'): Promise<number> {
  return (await postrider.api.post(`/v1/deliveries/${id}/${what}`)).status;
}

async function change(webhookId: string, changes: object): Promise<void> {
  const { status } = await postrider.api.patch(`/v1/webhooks/${webhookId}`, changes);
  expect(status).toBe(200);
}

async function workflowStatus(id: string): Promise<string> {
  const { client } = postrider.ctx.temporal.current;
  await client
    .getHandle(`delivery/${id}`)
    .result()
    .catch(() => undefined);
  return (await client.getHandle(`delivery/${id}`).describe()).status.name;
}

/** Waits until what a change of the webhook asks of its deliveries is done: the mark that asks for it is gone. */
async function settled(webhookId: string): Promise<void> {
  await waitFor('the webhook to be settled', async () => {
    const webhook = await postrider.ctx.models.webhooks.findById(webhookId).lean();
    return webhook?.settleAt === null;
  });
}

async function resend(id: string): Promise<Loose> {
  const { id: resent } = await postrider.api.make(`/v1/deliveries/${id}/resend`);
  return postrider.over(resent as string);
}

describe('a cancel', () => {
  it('ends a delivery that waits', async () => {
    const { id } = await waiting();
    expect(await ask(id, 'cancel')).toBe(202);
    expect(await postrider.over(id)).toMatchObject({ status: 'cancelled', nextAttemptAt: null });
    expect(await workflowStatus(id)).toBe('CANCELLED');
    expect(receiver.arrivals).toHaveLength(1);
  });

  it('lets a request end that is under way, and a 2xx is a success', async () => {
    const { id, answer } = await inFlight();
    expect(await ask(id, 'cancel')).toBe(202);
    answer(200);
    expect(await postrider.over(id)).toMatchObject({ status: 'succeeded', attemptCount: 1 });
    expect(await workflowStatus(id)).toBe('COMPLETED');
  });

  it('lets a request end that is under way, and a 500 is the last attempt', async () => {
    const { id, answer } = await inFlight({ retrySchedule: ['10ms', '10ms'] });
    expect(await ask(id, 'cancel')).toBe(202);
    answer(500);
    expect(await postrider.over(id)).toMatchObject({ status: 'cancelled', attemptCount: 1 });
    expect(await workflowStatus(id)).toBe('CANCELLED');
    expect(receiver.arrivals).toHaveLength(1);
  });

  it('that comes before the start of the workflow ends both', async () => {
    const hook = await subscribe(postrider.api, { url: receiver.url() });
    const id = await hook.publish();
    const { dispatcher, models } = postrider.ctx;
    await postrider.over(id);
    // As if the cancel had been faster than the start: over, and started then.
    const delivery = await models.deliveries.findById(id, { attempts: 0 }).lean();
    if (!delivery) throw new Error('no delivery');
    const late = { ...delivery, _id: `${id}-late`, workflowId: `delivery/${id}-late`, status: 'cancelled' };
    await models.deliveries.collection.insertOne({ ...late, attempts: [] } as object);
    await dispatcher.start({
      ...late,
      summary: 'late',
      needsToken: false,
      firstAttemptLocal: false,
      isLimited: false,
      shareable: false,
    });
    expect(await workflowStatus(late._id)).toBe('CANCELLED');
    expect(receiver.arrivals).toHaveLength(1);
  });

  it('can be repeated until the delivery is over, and is then refused', async () => {
    const { id } = await waiting();
    const asked = await Promise.all([ask(id, 'cancel'), ask(id, 'cancel')]);
    expect(asked.every((status) => status === 202 || status === 409)).toBe(true);
    await postrider.over(id);
    expect(await ask(id, 'cancel')).toBe(409);
    expect(await ask(id, 'send-now')).toBe(409);
  });
});

describe('send-now', () => {
  it('makes the next attempt at once, and uses the next entry of the schedule', async () => {
    const { id } = await waiting();
    receiver.next(500);
    expect(await ask(id, 'send-now')).toBe(202);
    const second = await postrider.delivery(id, ({ attemptCount }: Loose) => attemptCount === 2);
    expect(second.status).toBe('waiting');
    expect(await ask(id, 'send-now')).toBe(202);
    expect(await postrider.over(id)).toMatchObject({ status: 'succeeded', attemptCount: 3 });
  });

  it('fails for good where it uses the last entry', async () => {
    const { id } = await waiting({ retrySchedule: ['1h'] });
    receiver.always(500);
    await ask(id, 'send-now');
    expect(await postrider.over(id)).toMatchObject({ failureReason: 'exhausted', attemptCount: 2 });
    expect(await workflowStatus(id)).toBe('FAILED');
  });

  it('adds no attempt while one is under way', async () => {
    const { id, answer } = await inFlight();
    expect(await ask(id, 'send-now')).toBe(202);
    answer(500);
    const { status } = await postrider.delivery(id, ({ attemptCount }: Loose) => attemptCount === 1);
    expect(status).toBe('waiting');
    // The next one that is asked for is made, so nothing of the first is left.
    await ask(id, 'send-now');
    expect(await postrider.over(id)).toMatchObject({ status: 'succeeded', attemptCount: 2 });
    expect(receiver.arrivals).toHaveLength(2);
  });

  it('that is asked for many times at once makes one attempt', async () => {
    const { id } = await waiting();
    const held: ServerResponse[] = [];
    receiver.next((_, response) => void held.push(response));
    await Promise.all(Array.from({ length: 5 }, async () => ask(id, 'send-now')));
    await waitFor('the request', () => held.length > 0);
    held[0]?.writeHead(500).end();
    await postrider.delivery(id, ({ attemptCount }: Loose) => attemptCount === 2);
    expect(await ask(id, 'cancel')).toBe(202);
    expect(await postrider.over(id)).toMatchObject({ status: 'cancelled', attemptCount: 2 });
    expect(receiver.arrivals).toHaveLength(2);
  });
});

describe('an edit of the webhook reaches a delivery that waits', () => {
  it('with URL, auth, headers, method and timeout', async () => {
    const { id, hook } = await waiting({ auth: { type: 'bearer', token: 'old' } });
    await change(hook.webhookId, {
      url: receiver.url('/moved'),
      method: 'PUT',
      auth: { type: 'header', name: 'X-Key', value: 'new' },
      headers: [{ name: 'X-Tenant', value: 'south' }],
    });
    await ask(id, 'send-now');
    await postrider.over(id);
    const last = receiver.arrivals.at(-1);
    expect(last).toMatchObject({
      method: 'PUT',
      url: '/moved',
      headers: { 'x-key': 'new', 'x-tenant': 'south' },
    });
    expect(last?.headers.authorization).toBeUndefined();
  });

  it('with its schedule', async () => {
    const { id, hook } = await waiting();
    receiver.next(500);
    await change(hook.webhookId, { retrySchedule: ['1h', '10ms'] });
    await ask(id, 'send-now');
    expect(await postrider.over(id)).toMatchObject({ status: 'succeeded', attemptCount: 3 });
  });

  it("with its external system's base URL and auth", async () => {
    const system = await postrider.api.make('/v1/external-systems', {
      name: 'ERP',
      baseUrl: receiver.url('/v1'),
      auth: { type: 'bearer', token: 'old' },
    });
    const { id } = await waiting({ url: '/hook', externalSystemId: system.id });
    await postrider.api.patch(`/v1/external-systems/${system.id}`, {
      baseUrl: receiver.url('/v2'),
      auth: { type: 'bearer', token: 'new' },
    });
    await ask(id, 'send-now');
    await postrider.over(id);
    expect(receiver.arrivals.at(-1)).toMatchObject({
      url: '/v2/hook',
      headers: { authorization: 'Bearer new' },
    });
  });
});

describe('a webhook', () => {
  it('that is paused holds its deliveries, and lets them go on when it is resumed', async () => {
    const { publish, webhookId } = await subscribe(postrider.api, { url: receiver.url(), state: 'paused' });
    const ids = await Promise.all([publish(), publish(), publish()]);
    for (const id of ids) {
      await postrider.delivery(id, ({ status, held }: Loose) => status === 'waiting' && held === true);
    }
    expect(receiver.arrivals).toHaveLength(0);
    await change(webhookId, { state: 'active' });
    for (const id of ids) {
      expect(await postrider.over(id)).toMatchObject({ status: 'succeeded', attemptCount: 1, held: false });
    }
  });

  it('that is paused holds what is sent now, until it is resumed', async () => {
    const { id, hook } = await waiting();
    await change(hook.webhookId, { state: 'paused' });
    await ask(id, 'send-now');
    await postrider.delivery(id, ({ held }: Loose) => held === true);
    await change(hook.webhookId, { state: 'active' });
    expect(await postrider.over(id)).toMatchObject({ status: 'succeeded', attemptCount: 2 });
  });

  it('that is paused and resumed leaves the times of its deliveries as they were', async () => {
    const { id, hook } = await waiting();
    const before = await postrider.api.get(`/v1/deliveries/${id}`);
    await change(hook.webhookId, { state: 'paused' });
    await change(hook.webhookId, { state: 'active' });
    await settled(hook.webhookId);
    const after = await postrider.api.get(`/v1/deliveries/${id}`);
    expect(after.body).toMatchObject({ status: 'waiting', nextAttemptAt: before.body.nextAttemptAt });
  });

  it.each(['held', 'waiting'])('that is switched off cancels what is %s', async (state) => {
    const { id, hook } = await waiting();
    if (state === 'held') {
      await change(hook.webhookId, { state: 'paused' });
      await ask(id, 'send-now');
      await postrider.delivery(id, ({ held }: Loose) => held === true);
    }
    await change(hook.webhookId, { state: 'off' });
    expect(await postrider.over(id)).toMatchObject({ status: 'cancelled', attemptCount: 1 });
    expect(await workflowStatus(id)).toBe('CANCELLED');
    expect(await ask(id, 'resend')).toBe(409);
  });

  it('that is deleted cancels what waits', async () => {
    const { id, hook } = await waiting();
    expect((await postrider.api.delete(`/v1/webhooks/${hook.webhookId}`)).status).toBe(409);
    await postrider.api.delete(`/v1/subscriptions/${hook.subscriptionId}`);
    expect((await postrider.api.delete(`/v1/webhooks/${hook.webhookId}`)).status).toBe(204);
    expect(await postrider.over(id)).toMatchObject({ status: 'cancelled' });
    expect(await workflowStatus(id)).toBe('CANCELLED');
    expect(await ask(id, 'resend')).toBe(409);
  });
});

describe('a resend', () => {
  it('is a new delivery, linked both ways', async () => {
    receiver.next(400, 400);
    const { publish } = await subscribe(postrider.api, { url: receiver.url() });
    const first = await publish();
    await postrider.over(first);
    const second = await resend(first);
    expect(second).toMatchObject({ status: 'failed', resendOf: first, originalDeliveryId: first });
    const third = await resend(second.id as string);
    expect(third).toMatchObject({ status: 'succeeded', resendOf: second.id, originalDeliveryId: first });
    const chain = await Promise.all(
      [first, second.id, third.id].map(async (id) => (await postrider.api.get(`/v1/deliveries/${id}`)).body),
    );
    expect(chain.map(({ resends }) => (resends as Loose[]).map(({ id }) => id as string))).toEqual([
      [second.id, third.id],
      [first, third.id],
      [first, second.id],
    ]);
    expect(new Set(chain.map(({ eventId }) => eventId as string)).size).toBe(1);
    expect(receiver.arrivals.map(({ headers }) => headers['postrider-attempt'])).toEqual(['1', '1', '1']);
  });

  it('of what has succeeded, or was cancelled, is possible too', async () => {
    const { id } = await waiting();
    await ask(id, 'cancel');
    await postrider.over(id);
    const again = await resend(id);
    expect(again.status).toBe('succeeded');
    expect((await resend(again.id as string)).status).toBe('succeeded');
  });

  it('is refused while the delivery is not over', async () => {
    const { id } = await waiting();
    expect(await ask(id, 'resend')).toBe(409);
  });
});
