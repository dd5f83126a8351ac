import { describe, expect, it, jest } from '@jest/globals';
import { Pace } from '../../src/dispatch/pace.js';
import type { Loose } from '../support/api.js';
import { startTestPostrider } from '../support/postrider.js';
import { Receiver } from '../support/receiver.js';
import { postrider, postriderForAll, receiver, receiverForEach } from '../support/running.js';
import { subscribe } from '../support/subscribe.js';
import { waitFor } from '../support/wait.js';
import { allOver, holdNext, publishMany } from './stage.js';

const isGroup = /^group\//;
const isOwn = /^delivery\//;

postriderForAll({
  env: { POSTRIDER_DISPATCH: 'auto', POSTRIDER_GROUP_FROM: '5' },
  // On a busy machine the receiver is no slow endpoint yet.
  pace: new Pace(30_000),
});
receiverForEach();

async function workflowStatus(workflowId: string): Promise<string> {
  const handle = postrider.ctx.temporal.current.client.getHandle(workflowId);
  await handle.result().catch(() => undefined);
  return (await handle.describe()).status.name;
}

async function workflowIdOf(id: string): Promise<string> {
  return (await postrider.api.get(`/v1/deliveries/${id}`)).body.workflowId as string;
}

async function ask(id: string, what: 'cancel' | 'send-now' | 'resend'): Promise<number> {
  return (await postrider.api.post(`/v1/deliveries/${id}/${what}`)).status;
}

/** Another webhook that gets the events of a type: each has as many requests under way as wait for no turn. */
async function another(type: string, at = receiver): Promise<void> {
  await postrider.api.make('/v1/webhooks', {
    name: 'another',
    url: at.url(),
    eventTypes: [type],
    timeoutMs: 60_000,
  });
}

/** A group whose requests are all at the receiver, and how to answer them. */
async function inFlight(count: number) {
  const answer = holdNext(receiver, count);
  const { type } = await subscribe(postrider.api, { url: receiver.url(), retrySchedule: ['1h'] });
  const ids = await publishMany(postrider, type, count);
  await receiver.received(count);
  const [first = '', second = '', ...others] = ids;
  const group = await workflowIdOf(first);
  expect(group).toMatch(isGroup);
  return { answer, group, first, second, others };
}

describe('under pressure', () => {
  it('first attempts travel together, fifty at most, and each is recorded as alone', async () => {
    const { type } = await subscribe(postrider.api, { url: receiver.url() });
    await another(type);
    const ids = await publishMany(postrider, type, 30);
    expect(ids).toHaveLength(60);
    const over = await allOver(postrider, ids);
    expect(new Set(over.map(({ status }) => status as string))).toEqual(new Set(['succeeded']));
    expect(new Set(over.map(({ attempts }) => attempts.length as number))).toEqual(new Set([1]));
    const carriers = new Set(over.map(({ workflowId }) => workflowId as string));
    expect(carriers.size).toBe(2);
    for (const carrier of carriers) {
      expect(carrier).toMatch(isGroup);
      expect(await workflowStatus(carrier)).toBe('COMPLETED');
    }
    const arrived = receiver.arrivals.map(({ headers }) => headers['postrider-delivery-id']);
    expect(arrived.toSorted()).toEqual(ids.toSorted());
  });

  it('one event goes to many subscriptions in groups', async () => {
    const { type, webhookId } = await subscribe(postrider.api, { url: receiver.url() });
    for (let more = 0; more < 5; more += 1) {
      await postrider.api.make('/v1/subscriptions', { webhookId, eventTypes: [type] });
    }
    const over = await allOver(postrider, await publishMany(postrider, type, 1));
    expect(over).toHaveLength(6);
    for (const { status, workflowId } of over) {
      expect({ status, workflowId }).toEqual({
        status: 'succeeded',
        workflowId: expect.stringMatching(isGroup),
      });
    }
  });

  it('a group is found in Temporal by each of its deliveries, and by webhook and organization', async () => {
    const { type, webhookId } = await subscribe(postrider.api, { url: receiver.url() });
    const ids = await publishMany(postrider, type, 30);
    const [first] = await allOver(postrider, ids);
    const { body: me } = await postrider.api.get('/v1/me');
    for (const query of [
      `PostriderDeliveryIds = '${ids[0]}'`,
      `PostriderDeliveryIds = '${ids[29]}'`,
      `PostriderWebhookIds = '${webhookId}'`,
      `PostriderEventType = '${type}' AND PostriderOrganizationIds = '${me.organization.id}'`,
    ]) {
      const found = await waitFor(query, async () => {
        const workflows: string[] = [];
        for await (const { workflowId } of postrider.ctx.temporal.current.client.list({ query }))
          workflows.push(workflowId);
        return workflows.length > 0 && workflows;
      });
      expect(found).toEqual([first?.workflowId]);
    }
  });

  it('what is not over after its first attempt goes on in a workflow of its own, by its schedule', async () => {
    receiver.next(500, 400, 503);
    const { type } = await subscribe(postrider.api, { url: receiver.url(), retrySchedule: ['10ms'] });
    const ids = await publishMany(postrider, type, 10);
    const over = await allOver(postrider, ids);
    const retried = over.filter(({ attempts }) => attempts.length === 2);
    expect(retried).toHaveLength(2);
    for (const { id, workflowId, status } of retried) {
      expect({ workflowId, status }).toEqual({ workflowId: `delivery/${id}`, status: 'succeeded' });
      expect(await workflowStatus(workflowId as string)).toBe('COMPLETED');
    }
    const failed = over.filter(({ status }) => status === 'failed');
    expect(failed).toEqual([
      expect.objectContaining({ failureReason: 'rejected', workflowId: expect.stringMatching(isGroup) }),
    ]);
    expect(receiver.arrivals).toHaveLength(12);
  });

  it('one slow endpoint in a group holds back nobody', async () => {
    const slow = await Receiver.start();
    try {
      const answer = holdNext(slow, 1);
      const { type } = await subscribe(postrider.api, { url: receiver.url() });
      await another(type, slow);
      const ids = await publishMany(postrider, type, 5);
      await slow.received(5);
      const held = slow.arrivals.map(({ headers }) => String(headers['postrider-delivery-id']))[0] ?? '';
      await allOver(
        postrider,
        ids.filter((id) => id !== held),
      );
      expect(await postrider.delivery(held, ({ status }: Loose) => status === 'delivering')).toMatchObject({
        workflowId: expect.stringMatching(isGroup),
      });
      answer(held, 200);
      expect(await postrider.over(held)).toMatchObject({ status: 'succeeded', attemptCount: 1 });
    } finally {
      await slow.stop();
    }
  });

  it('an endpoint that was seen to fail, and a webhook that is paused, stay out of groups', async () => {
    const { type, webhookId, publish } = await subscribe(postrider.api, {
      url: receiver.url(),
      retrySchedule: [],
    });
    receiver.next(500);
    await postrider.over(await publish());
    await postrider.known(webhookId, ({ failingSince }) => failingSince instanceof Date);
    for (const { workflowId, status } of await allOver(postrider, await publishMany(postrider, type, 10))) {
      expect({ workflowId, status }).toEqual({
        workflowId: expect.stringMatching(isOwn),
        status: 'succeeded',
      });
    }
    await postrider.api.patch(`/v1/webhooks/${webhookId}`, { state: 'paused' });
    for (const id of await publishMany(postrider, type, 10)) {
      expect(await postrider.delivery(id, ({ held }: Loose) => held === true)).toMatchObject({
        workflowId: `delivery/${id}`,
      });
    }
  });
});

describe('a delivery in a group', () => {
  it('that is cancelled leaves the others alone, and counts what came of its request', async () => {
    const { answer, group, first, second, others } = await inFlight(8);
    expect(await ask(first, 'cancel')).toBe(202);
    expect(await ask(second, 'cancel')).toBe(202);
    answer(first, 500);
    answer(second, 200);
    expect(await postrider.over(first)).toMatchObject({ status: 'cancelled', attemptCount: 1 });
    expect(await postrider.over(second)).toMatchObject({ status: 'succeeded', attemptCount: 1 });
    for (const id of others) answer(id, 200);
    for (const { status } of await allOver(postrider, others)) expect(status).toBe('succeeded');
    expect(await workflowStatus(group)).toBe('COMPLETED');
    expect(receiver.arrivals).toHaveLength(8);
  });

  it('that is cancelled after its first attempt is reached in its own workflow', async () => {
    const { answer, first, second, others } = await inFlight(6);
    answer(first, 500);
    await postrider.delivery(first, ({ status }: Loose) => status === 'waiting');
    expect(await ask(first, 'cancel')).toBe(202);
    expect(await postrider.over(first)).toMatchObject({
      status: 'cancelled',
      attemptCount: 1,
      workflowId: `delivery/${first}`,
    });
    for (const id of [second, ...others]) answer(id, 200);
    await allOver(postrider, [second, ...others]);
  });

  it('that is sent now while its request is under way gets no second one; when it waits, it does', async () => {
    const { answer, first, second, others } = await inFlight(6);
    expect(await ask(first, 'send-now')).toBe(202);
    answer(first, 500);
    await postrider.delivery(first, ({ status }: Loose) => status === 'waiting');
    expect(receiver.arrivals).toHaveLength(6);
    expect(await ask(first, 'send-now')).toBe(202);
    expect(await postrider.over(first)).toMatchObject({ status: 'succeeded', attemptCount: 2 });
    for (const id of [second, ...others]) answer(id, 200);
    await allOver(postrider, [second, ...others]);
  });

  it('can be resent once it is over', async () => {
    const { answer, first, second, others } = await inFlight(6);
    for (const id of [first, second, ...others]) answer(id, 200);
    await allOver(postrider, [first, second, ...others]);
    const again = await postrider.api.make(`/v1/deliveries/${first}/resend`);
    expect(await postrider.over(again.id)).toMatchObject({ status: 'succeeded', resendOf: first });
    expect(receiver.arrivals.at(-1)?.body).toBe(
      receiver.arrivals.find(({ headers }) => headers['postrider-delivery-id'] === first)?.body,
    );
  });

  it('that has succeeded is passed over when its group runs again', async () => {
    const { ctx } = postrider;
    const { answer, group, first, second, others } = await inFlight(6);
    for (const id of [second, ...others]) answer(id, 200);
    await allOver(postrider, [second, ...others]);
    await postrider.delivery(first, ({ status }: Loose) => status === 'delivering');
    const joins = jest.spyOn(ctx.attemptsUnderWay, 'get');
    // An operator terminates it: what is still under way is seen to be lost, and waited for elsewhere.
    await ctx.temporal.current.client.getHandle(group).terminate('by an operator');
    await ctx.models.deliveries.updateOne(
      { _id: first },
      { $set: { status: 'delivering', updatedAt: new Date(Date.now() - 600_000) } },
    );
    await waitFor('its own workflow to join the attempt', () =>
      joins.mock.calls.some(
        ([attempt], call) => attempt.startsWith(first) && joins.mock.results[call]?.value !== undefined,
      ),
    );
    joins.mockRestore();
    answer(first, 200);
    expect(await postrider.over(first)).toMatchObject({
      status: 'succeeded',
      attemptCount: 1,
      workflowId: `delivery/${first}`,
    });
    expect(await workflowStatus(`delivery/${first}`)).toBe('COMPLETED');
    expect(receiver.arrivals).toHaveLength(6);
  });

  it('counts once in the statistics', async () => {
    const { type, webhookId } = await subscribe(postrider.api, { url: receiver.url() });
    await allOver(postrider, await publishMany(postrider, type, 30));
    const totals = await waitFor('the statistics', async () => {
      const { body } = await postrider.api.get(`/v1/webhooks/${webhookId}/stats`);
      return body.totals.deliveries.succeeded >= 30 && body.totals;
    });
    expect(totals.deliveries.succeeded).toBe(30);
  });
});

describe('when quiet', () => {
  it('a delivery is its own workflow from the first attempt', async () => {
    const { publish } = await subscribe(postrider.api, { url: receiver.url() });
    const id = await publish();
    expect(await postrider.over(id)).toMatchObject({ workflowId: `delivery/${id}`, status: 'succeeded' });
    expect(await workflowStatus(`delivery/${id}`)).toBe('COMPLETED');
  });
});

describe('with grouping switched off', () => {
  it('every delivery is its own workflow, whatever the pressure', async () => {
    const alone = await startTestPostrider({
      env: { POSTRIDER_DISPATCH: 'workflow', POSTRIDER_GROUP_FROM: '1' },
    });
    try {
      const { type } = await subscribe(alone.api, { url: receiver.url() });
      for (const id of await publishMany(alone, type, 20)) {
        expect(await alone.over(id)).toMatchObject({ workflowId: `delivery/${id}`, status: 'succeeded' });
      }
    } finally {
      await alone.stop();
    }
  });
});
