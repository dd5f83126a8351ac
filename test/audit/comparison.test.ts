import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { profile } from '../models/profile.js';
import type { Loose } from '../support/api.js';
import { postrider, postriderForAll, receiver, receiverForAll } from '../support/running.js';
import { waitFor } from '../support/wait.js';

const type = 'order.changed';

let webhook: Loose;

postriderForAll();
receiverForAll();

beforeAll(async () => {
  await postrider.api.make('/v1/event-types', { name: type });
});

beforeEach(async () => {
  receiver.always(200);
  await turnOffEarlier();
  webhook = await postrider.api.make('/v1/webhooks', {
    url: receiver.url(),
    eventTypes: [type],
    retrySchedule: [],
  });
});

async function turnOffEarlier(): Promise<void> {
  if (webhook !== undefined) await postrider.api.patch(`/v1/webhooks/${webhook.id}`, { state: 'off' });
}

/** Delivers an event, and waits until its webhook is known to fail or not: that is written after the attempt. */
async function deliver(): Promise<string> {
  const { deliveries } = await postrider.api.make('/v1/events', { type, data: { a: 1 } });
  const { status } = await postrider.over(deliveries[0].id);
  await postrider.known(
    webhook.id as string,
    ({ failingSince: since }) => since instanceof Date === (status === 'failed'),
  );
  return deliveries[0].id;
}

const comparison = async (): Promise<Loose> =>
  (await postrider.api.get(`/v1/webhooks/${webhook.id}/comparison`)).body;
const failingSince = async (): Promise<string | null> =>
  (await postrider.api.get(`/v1/webhooks/${webhook.id}`)).body.failingSince;

describe('the comparison of a webhook', () => {
  it('has nothing before the first attempt, and then the last success alone', async () => {
    expect(await comparison()).toEqual({ lastSuccess: null, firstFailure: null, changes: [] });
    await deliver();
    const last = await deliver();
    expect(await comparison()).toMatchObject({
      lastSuccess: { delivery: { id: last }, attempt: { number: 1, response: { status: 200 } } },
      firstFailure: null,
      changes: [],
    });
    expect(await failingSince()).toBeNull();
  });

  it('has the first failure of the run, the last success before it, and who changed what in between', async () => {
    const { id } = webhook;
    await postrider.api.patch(`/v1/webhooks/${id}`, { name: 'too early' });
    const success = await deliver();
    await postrider.api.patch(`/v1/webhooks/${id}`, { name: 'Books', url: receiver.url('/moved') });
    await postrider.api.patch(`/v1/subscriptions/${webhook.subscriptionId}`, { name: 'All' });
    await postrider.api.make('/v1/webhooks', { url: receiver.url(), name: 'another' });
    receiver.always({ status: 500, body: 'moved' });
    const first = await deliver();
    const since = await failingSince();
    await postrider.api.patch(`/v1/webhooks/${id}`, { name: 'too late' });
    await deliver();
    const found = await comparison();
    expect(found).toMatchObject({
      lastSuccess: {
        delivery: { id: success },
        attempt: { number: 1, request: { url: receiver.url(), body: expect.stringContaining('"a":1') } },
      },
      firstFailure: {
        delivery: { id: first },
        attempt: { number: 1, startedAt: since, response: { status: 500, body: 'moved' } },
      },
      changes: [
        { resource: 'subscription', action: 'updated', changes: [{ field: 'name', to: 'All' }] },
        {
          resource: 'webhook',
          action: 'updated',
          key: { name: 'first sandbox key' },
          changes: [
            { field: 'name', from: 'too early', to: 'Books' },
            { field: 'url', from: receiver.url(), to: receiver.url('/moved') },
          ],
        },
      ],
    });
    expect(found.changes).toHaveLength(2);
    expect(await failingSince()).toBe(since);
  });

  it('stays that of the last run once it succeeds again, and becomes that of the next', async () => {
    receiver.always(500);
    const first = await deliver();
    receiver.always(200);
    const success = await deliver();
    expect(await failingSince()).toBeNull();
    expect(await comparison()).toMatchObject({
      lastSuccess: null,
      firstFailure: { delivery: { id: first } },
    });
    receiver.always(400);
    const second = await deliver();
    expect(await failingSince()).not.toBeNull();
    expect(await comparison()).toMatchObject({
      lastSuccess: { delivery: { id: success } },
      firstFailure: { delivery: { id: second } },
    });
  });

  it('tells a failed attempt of a delivery that succeeds later', async () => {
    await postrider.api.patch(`/v1/webhooks/${webhook.id}`, { retrySchedule: ['1s'] });
    receiver.next(500);
    const id = await deliver();
    await waitFor('it to fail no more', async () => (await failingSince()) === null);
    expect(await comparison()).toMatchObject({
      firstFailure: { delivery: { id, status: 'succeeded' }, attempt: { number: 1 } },
      lastSuccess: null,
    });
  });

  it('names changes of its external system', async () => {
    const system = await postrider.api.make('/v1/external-systems', {
      name: 'ERP',
      baseUrl: receiver.url(''),
    });
    await postrider.api.patch(`/v1/webhooks/${webhook.id}`, { externalSystemId: system.id });
    await deliver();
    await postrider.api.patch(`/v1/external-systems/${system.id}`, {
      auth: { type: 'bearer', token: 'a-secret' },
    });
    receiver.always(401);
    await deliver();
    expect((await comparison()).changes).toMatchObject([
      {
        resource: 'external_system',
        resourceName: 'ERP',
        changes: [
          { field: 'auth.type', from: 'none', to: 'bearer' },
          { field: 'auth.token', from: null, to: '***' },
        ],
      },
    ]);
  });
});

it('writes to the webhook when the run begins and ends, not with each attempt', async () => {
  const found = await profile(postrider.ctx.connection, async () => {
    for (const status of [200, 200, 500, 500, 500, 200, 200]) {
      receiver.always(status);
      await deliver();
    }
  });
  const writes = found.filter(
    ({ op, ns, command }) =>
      op === 'update' && ns.endsWith('.webhooks') && JSON.stringify(command).includes('failingSince'),
  );
  expect(writes.filter(({ nModified }: Loose) => nModified === 1)).toHaveLength(2);
});

it('is read by indexes among thousands of its deliveries', async () => {
  await deliver();
  receiver.always(500);
  await deliver();
  const { deliveries } = postrider.ctx.models;
  for (const status of ['succeeded', 'failed']) {
    const one = (await deliveries.collection.findOne({ webhookId: webhook.id, status } as never)) as Loose;
    const copies = Array.from({ length: 3_000 }, (_, index) => ({
      ...one,
      _id: `${one._id}~${status}~${index}`,
      endedAt: new Date(one.endedAt.getTime() + (status === 'failed' ? index : -1 - index)),
    }));
    await deliveries.collection.insertMany(copies as never);
  }
  const found = await profile(postrider.ctx.connection, comparison);
  // The worker looks through organizations, and for what is announced, by itself.
  const queries = found.filter(
    ({ op, ns }) => op === 'query' && !/\.(organizations|operationalEvents)$/.test(ns),
  );
  expect(queries.length).toBeGreaterThan(3);
  expect(queries.filter(({ planSummary }) => planSummary?.includes('COLLSCAN'))).toEqual([]);
  for (const { docsExamined = 0, nreturned = 0 } of queries) expect(docsExamined - nreturned).toBeLessThan(5);
});
