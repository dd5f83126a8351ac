import { describe, expect, it } from '@jest/globals';
import type { Loose } from '../support/api.js';
import { productionKey } from '../support/postrider.js';
import { postrider, postriderForAll, receiver, receiverForAll } from '../support/running.js';
import { waitFor } from '../support/wait.js';
import { countDeliveries, failDeliveries, numbersOf, replayThat } from './stage.js';

const isOver = ({ status }: Loose) => !['running', 'paused'].includes(status as string);

postriderForAll();
receiverForAll();

describe('a replay', () => {
  it('resends what its filter finds, each once, as a dry run has counted; never its own resends', async () => {
    const { api } = postrider;
    receiver.always(500);
    const path = '/all';
    const { webhook, deliveryIds } = await failDeliveries(postrider, receiver.url(path), {
      type: 'all.of.them',
      count: 30,
    });
    const filter = { webhookId: webhook.id };
    const dry = await api.post('/v1/replays', { filter, dryRun: true });
    expect(dry.status).toBe(200);
    expect(dry.body).toEqual({ count: 30, countComplete: true, skipped: 0 });
    expect(await countDeliveries(postrider, { webhookId: webhook.id })).toBe(30);

    // They fail again, so a replay that found its own resends would never end.
    const made = await api.post('/v1/replays', { filter, rate: 20 });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ status: 'running', count: 30, done: 0, rate: 20, recover: null });
    expect(made.body.filter).toEqual({ webhookId: webhook.id, status: 'failed' });
    const over = await replayThat(postrider, made.body.id, isOver);
    expect(over).toMatchObject({ status: 'succeeded', count: 30, done: 30, skipped: 0 });
    expect(over.endedAt).not.toBeNull();

    const resends = await postrider.ctx.models.deliveries
      .find({ webhookId: webhook.id as string, resendOf: { $ne: null } })
      .lean();
    expect(resends.map(({ resendOf }) => resendOf).sort()).toEqual(deliveryIds.toSorted());
    const arrived = await receiver.received(60, path);
    expect(numbersOf(arrived.slice(30))).toEqual(Array.from({ length: 30 }, (_, number) => number));

    // What failed again is found by the time of the replay.
    await waitFor(
      'all have failed again',
      async () => (await countDeliveries(postrider, { webhookId: webhook.id, status: 'failed' })) === 60,
    );
    const again = await api.make('/v1/replays', {
      filter: { ...filter, from: over.createdAt },
      dryRun: true,
    });
    expect(again.count).toBe(30);
    const { body: list } = await api.get('/v1/replays?status=succeeded');
    expect(list.data.map(({ id }: Loose) => id as string)).toContain(over.id);
  });

  it('sends the same body, or with rerender one by the mended template', async () => {
    const { api } = postrider;
    receiver.always(500);
    const path = '/template';
    const { webhook } = await failDeliveries(postrider, receiver.url(path), { type: 'with.body', count: 1 });
    await api.patch(`/v1/webhooks/${webhook.id}`, {
      payloadTemplate: { data: { number: '{number}' }, mended: true },
    });
    receiver.always(200);
    const [first] = await receiver.received(1, path);
    const filter = { webhookId: webhook.id };
    const same = await api.make('/v1/replays', { filter });
    await replayThat(postrider, same.id, isOver);
    const [, second] = await receiver.received(2, path);
    expect(second?.body).toBe(first?.body);
    const mended = await api.make('/v1/replays', { filter, rerender: true });
    await replayThat(postrider, mended.id, isOver);
    const [, , third] = await receiver.received(3, path);
    expect(JSON.parse(third?.body ?? '')).toEqual({ data: { number: 0 }, mended: true });
  });

  it('passes over webhooks that are off or deleted, and counts them', async () => {
    const { api } = postrider;
    receiver.always(500);
    const on = await failDeliveries(postrider, receiver.url('/on'), { type: 'some.off', count: 3 });
    const off = await api.make('/v1/webhooks', {
      name: 'off',
      url: receiver.url('/off'),
      eventTypes: ['some.off'],
      retrySchedule: [],
    });
    const { deliveries } = await api.make('/v1/events', { type: 'some.off', data: { number: 9 } });
    await Promise.all(deliveries.map(async ({ id }: Loose) => postrider.over(id)));
    await api.patch(`/v1/webhooks/${off.id}`, { state: 'off' });
    const filter = { eventType: 'some.off' };
    expect(await api.make('/v1/replays', { filter, dryRun: true })).toMatchObject({ count: 4, skipped: 1 });
    receiver.always(200);
    const { id } = await api.make('/v1/replays', { filter });
    expect(await replayThat(postrider, id, isOver)).toMatchObject({
      status: 'succeeded',
      count: 4,
      done: 4,
      skipped: 1,
    });
    expect(await countDeliveries(postrider, { webhookId: off.id, resendOf: { $ne: null } })).toBe(0);
    expect(await countDeliveries(postrider, { webhookId: on.webhook.id, resendOf: { $ne: null } })).toBe(4);
  });

  it('touches nothing of another environment', async () => {
    const { api } = postrider;
    receiver.always(500);
    const { webhook } = await failDeliveries(postrider, receiver.url('/ours'), { type: 'ours', count: 2 });
    const production = postrider.as(productionKey);
    const dry = await production.make('/v1/replays', { filter: { webhookId: webhook.id }, dryRun: true });
    expect(dry.count).toBe(0);
    const { id } = await production.make('/v1/replays', { filter: {} });
    await waitFor('its end', async () => isOver((await production.get(`/v1/replays/${id}`)).body));
    expect(await countDeliveries(postrider, { webhookId: webhook.id })).toBe(2);
    expect((await api.get(`/v1/replays/${id}`)).status).toBe(404);
    for (const verb of ['pause', 'resume', 'cancel']) {
      expect((await api.post(`/v1/replays/${id}/${verb}`)).status).toBe(404);
    }
    const { body } = await api.get('/v1/replays?limit=200');
    expect(body.data.map((replay: Loose) => replay.id as string)).not.toContain(id);
  });

  it('shows in the Temporal UI what it does and how far it is', async () => {
    const { api, ctx } = postrider;
    receiver.always(500);
    const { webhook } = await failDeliveries(postrider, receiver.url('/shown'), { type: 'shown', count: 2 });
    const { id } = await api.make('/v1/replays', { filter: { webhookId: webhook.id } });
    await replayThat(postrider, id, isOver);
    const { client } = ctx.temporal.current;
    const handle = client.getHandle(`replay/${id}`);
    expect(await handle.result()).toBe('2 of 2 sent');
    const described = await handle.describe();
    expect(described.status.name).toBe('COMPLETED');
    expect(await described.staticSummary()).toBe('Resends 2 failed deliveries, 50 a second');
    expect(JSON.stringify(described.typedSearchAttributes.getAll())).toContain(webhook.id);
  });

  it.each([
    [{}, 'filter'],
    [{ filter: {}, recover: { subscriptionId: 'sub_1', from: '2026-01-01T00:00:00Z' } }, 'filter'],
    [{ filter: { status: 'waiting' } }, 'filter.status'],
    [{ filter: { unknown: 1 } }, 'filter.unknown'],
    [{ filter: {}, rate: 0 }, 'rate'],
    [{ filter: {}, rate: 1_001 }, 'rate'],
    [{ filter: {}, dryRun: 'yes' }, 'dryRun'],
    [{ recover: { subscriptionId: 'sub_1', from: '2026-01-01T00:00:00Z' } }, 'recover.subscriptionId'],
    [
      { recover: { subscriptionId: 'sub_1', from: '2026-01-02T00:00:00Z', to: '2026-01-01T00:00:00Z' } },
      'recover.to',
    ],
    [{ recover: { subscriptionId: 'sub_1', from: '2026-01-02T00:00:00Z' }, rerender: true }, 'rerender'],
  ])('refuses %j and names the field', async (body, path) => {
    const answer = await postrider.api.post('/v1/replays', body);
    expect(answer.status).toBe(422);
    expect(answer.body.errors[0].path).toBe(path);
  });
});
