import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Loose } from '../support/api.js';
import { productionKey } from '../support/postrider.js';
import { postrider, postriderForAll, receiver, receiverForAll } from '../support/running.js';
import { numbersOf, replayThat } from './stage.js';

const isOver = ({ status }: Loose) => !['running', 'paused'].includes(status as string);
const from = '2020-01-01T00:00:00Z';

postriderForAll();
receiverForAll();

beforeAll(async () => {
  for (const name of ['stock.moved', 'stock.counted', 'stock.flooded', 'other'])
    await postrider.api.make('/v1/event-types', { name });
});

async function publish(type: string, ...numbers: number[]): Promise<void> {
  const events = numbers.map((number) => ({ type, data: { number, large: number > 100 } }));
  await postrider.api.make('/v1/events/batch', { events });
}

async function subscribe(path: string, fields: object = {}): Promise<Loose> {
  const webhook = await postrider.api.make('/v1/webhooks', { name: path, url: receiver.url(path) });
  return postrider.api.make('/v1/subscriptions', {
    webhookId: webhook.id,
    eventTypes: ['stock.moved', 'stock.counted'],
    ...fields,
  });
}

async function recover(fields: object): Promise<Loose> {
  const { count } = await postrider.api.make('/v1/replays', { recover: fields, dryRun: true });
  const replay = await postrider.api.make('/v1/replays', { recover: fields, rate: 1_000 });
  expect(replay.count).toBe(count);
  return replayThat(postrider, replay.id, isOver);
}

describe('a recovery', () => {
  it('sends a subscription that was made later what came before, each event once', async () => {
    await publish('stock.moved', 1, 2, 3);
    await publish('other', 4);
    const subscription = await subscribe('/later');
    await publish('stock.counted', 5);
    await receiver.received(1, '/later');
    const range = { subscriptionId: subscription.id, from };
    const first = await recover(range);
    expect(first).toMatchObject({ status: 'succeeded', count: 3, done: 3, filter: null });
    expect(first.recover.subscriptionId).toBe(subscription.id);
    expect(numbersOf(await receiver.received(4, '/later'))).toEqual([1, 2, 3, 5]);
    expect(await recover(range)).toMatchObject({ status: 'succeeded', count: 0, done: 0 });
  });

  it('sends what came while a subscription was off, in the range alone, and by its filter', async () => {
    const { api } = postrider;
    const subscription = await subscribe('/off', { filter: { large: true } });
    await api.patch(`/v1/subscriptions/${subscription.id}`, { active: false });
    await publish('stock.moved', 101, 50, 102);
    const { body: newest } = await api.get('/v1/events?limit=1');
    const until = new Date(Date.parse(newest.data[0].createdAt as string) + 1).toISOString();
    await publish('stock.moved', 103);
    await api.patch(`/v1/subscriptions/${subscription.id}`, { active: true });
    expect(await recover({ subscriptionId: subscription.id, from, to: until })).toMatchObject({ done: 2 });
    expect(numbersOf(await receiver.received(2, '/off'))).toEqual([101, 102]);
    expect(await recover({ subscriptionId: subscription.id, from })).toMatchObject({ done: 1 });
    expect(numbersOf(await receiver.received(3, '/off'))).toEqual([101, 102, 103]);
  });

  it('goes through more events than a page reads, and two at once send nothing twice', async () => {
    const numbers = Array.from({ length: 450 }, (_, index) => 1_000 + index);
    const wanted = numbers.filter((number) => number % 15 === 0);
    await postrider.api.make('/v1/events/batch', {
      events: numbers.map((number) => ({
        type: 'stock.flooded',
        data: { number, wanted: wanted.includes(number) },
      })),
    });
    const subscription = await subscribe('/many', {
      eventTypes: ['stock.flooded'],
      filter: { wanted: true },
    });
    const body = { recover: { subscriptionId: subscription.id, from }, rate: 10 };
    const replays = await Promise.all([
      postrider.api.make('/v1/replays', body),
      postrider.api.make('/v1/replays', body),
    ]);
    // One of them may have sent some before the other one counts.
    expect(Math.max(...replays.map(({ count }) => count as number))).toBe(wanted.length);
    const over = await Promise.all(
      replays.map(async ({ id }: Loose) => replayThat(postrider, id as string, isOver)),
    );
    expect(over.map(({ status }) => status as string)).toEqual(['succeeded', 'succeeded']);
    expect(over.reduce((sum, { done }) => sum + (done as number), 0)).toBe(wanted.length);
    expect(numbersOf(await receiver.received(wanted.length, '/many'))).toEqual(wanted);
  });

  it('is refused where the subscription or its webhook is off, and ends where it is deleted', async () => {
    const { api } = postrider;
    const subscription = await subscribe('/gone');
    const wanted = { recover: { subscriptionId: subscription.id, from }, rate: 1 };
    await api.patch(`/v1/subscriptions/${subscription.id}`, { active: false });
    expect((await api.post('/v1/replays', wanted)).body).toMatchObject({ status: 409, code: 'conflict' });
    await api.patch(`/v1/subscriptions/${subscription.id}`, { active: true });
    await api.patch(`/v1/webhooks/${subscription.webhookId}`, { state: 'off' });
    expect((await api.post('/v1/replays', { ...wanted, dryRun: true })).status).toBe(409);
    await api.patch(`/v1/webhooks/${subscription.webhookId}`, { state: 'active' });
    const replay = await api.make('/v1/replays', wanted);
    await api.delete(`/v1/subscriptions/${subscription.id}`);
    const over = await replayThat(postrider, replay.id, isOver);
    expect(over).toMatchObject({ status: 'failed' });
    expect(over.failureReason).toMatch('was deleted');
    const handle = postrider.ctx.temporal.current.client.getHandle(`replay/${replay.id}`);
    await expect(handle.result()).rejects.toThrow('Workflow execution failed');
  });

  it('cannot reach a subscription of another environment', async () => {
    const subscription = await subscribe('/ours');
    const wanted = { recover: { subscriptionId: subscription.id, from }, dryRun: true };
    const answer = await postrider.as(productionKey).post('/v1/replays', wanted);
    expect(answer.status).toBe(422);
    expect(answer.body.errors[0].path).toBe('recover.subscriptionId');
  });
});
