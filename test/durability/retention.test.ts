import { expect, it } from '@jest/globals';
import { retireEvents } from '../../src/retention/retire-events.js';
import type { Loose } from '../support/api.js';
import { postrider, postriderForAll, receiver, receiverForAll } from '../support/running.js';
import { subscribe } from '../support/subscribe.js';
import { waitFor } from '../support/wait.js';

const hourMs = 3_600_000;
const retentionMs = 2 * hourMs;

/** What the clock is ahead of the real one. */
let aheadMs = 0;

postriderForAll({
  env: { POSTRIDER_RETENTION: '2h' },
  clock: { now: () => new Date(Date.now() + aheadMs) },
});
receiverForAll();

async function retire(): Promise<void> {
  await retireEvents(postrider.ctx, new AbortController().signal);
}

async function expiryOf(eventId: string): Promise<Date | null | undefined> {
  return (await postrider.ctx.models.events.findById(eventId).lean())?.expiresAt;
}

it('counts from the end of a delivery, and keeps the event as long as one of its deliveries is there', async () => {
  const { models } = postrider.ctx;
  receiver.always(({ url }, response) => void response.writeHead(url === '/waits' ? 500 : 200).end());
  const { publish, type } = await subscribe(postrider.api, { url: receiver.url('/ends') });
  await postrider.api.make('/v1/webhooks', {
    url: receiver.url('/waits'),
    eventTypes: [type],
    retrySchedule: ['10h', '10h'],
  });
  const first = await publish();
  const { eventId, endedAt } = await postrider.over(first);
  const deliveries = (await postrider.api.get(`/v1/deliveries?eventId=${eventId}`)).body.data as Loose[];
  const second = deliveries.find(({ id }) => id !== first)?.id as string;
  await postrider.delivery(second, ({ status }: Loose) => status === 'waiting');

  const ended = await models.deliveries.findById(first).lean();
  expect(ended?.expiresAt?.getTime()).toBe(Date.parse(endedAt as string) + retentionMs);
  expect((await models.deliveries.findById(second).lean())?.expiresAt).toBeNull();

  // Its retention is over, and one delivery gone, as MongoDB's TTL monitor would have it; the other one waits.
  aheadMs = 3 * hourMs;
  await models.deliveries.deleteOne({ _id: first });
  await retire();
  expect(await expiryOf(eventId as string)).toBeNull();

  await postrider.api.make(`/v1/deliveries/${second}/cancel`);
  await postrider.over(second);
  const cancelled = await models.deliveries.findById(second).lean();
  expect(Number(cancelled?.expiresAt) - Number(cancelled?.endedAt)).toBe(retentionMs);
  await models.deliveries.deleteOne({ _id: second });
  await retire();
  expect(await expiryOf(eventId as string)).toBeNull();

  // It is looked at again a day later.
  aheadMs += 25 * hourMs;
  await retire();
  expect(await expiryOf(eventId as string)).toEqual(expect.any(Date));
});

it('lets an event go that nobody subscribed to', async () => {
  await postrider.api.make('/v1/event-types', { name: 'nobody.listens' });
  const { id } = await postrider.api.make('/v1/events', { type: 'nobody.listens', data: {} });
  await retire();
  expect(await expiryOf(id as string)).toBeNull();
  aheadMs += 3 * hourMs;
  await retire();
  expect(await expiryOf(id as string)).toEqual(expect.any(Date));
});

it('is what the TTL indexes of MongoDB act on', async () => {
  const { models } = postrider.ctx;
  for (const collection of [models.deliveries.collection, models.events.collection]) {
    const indexes = await waitFor('indexes', async () => collection.indexes());
    expect(indexes).toEqual(
      expect.arrayContaining([expect.objectContaining({ key: { expiresAt: 1 }, expireAfterSeconds: 0 })]),
    );
  }
});
