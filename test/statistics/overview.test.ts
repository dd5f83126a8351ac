import { beforeAll, describe, expect, it } from '@jest/globals';
import { newEvent, prepared } from '../../src/ingestion/new-event.js';
import { native } from '../../src/models/native.js';
import { countEventsOf, eventsOf } from '../../src/statistics/event-counts.js';
import { hourOf } from '../../src/statistics/tally.js';
import { profile } from '../models/profile.js';
import type { Loose } from '../support/api.js';
import { productionKey } from '../support/postrider.js';
import { postrider, postriderForAll, receiver, receiverForAll } from '../support/running.js';
import { waitFor } from '../support/wait.js';

const hourMs = 3_600_000;

postriderForAll();
receiverForAll();

beforeAll(async () => {
  await postrider.api.make('/v1/event-types', { name: 'seen' });
  await postrider.api.make('/v1/event-types', { name: 'nobody.listens' });
});

const overview = async (query = ''): Promise<Loose> => {
  const answer = await postrider.api.get(`/v1/overview${query}`);
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  return answer.body;
};

describe('the overview of an environment', () => {
  it('is nothing where nothing happened', async () => {
    const { body } = await postrider.as(productionKey).get('/v1/overview');
    const nothing = { count: 0, countComplete: true, oldest: null };
    expect(body).toMatchObject({
      interval: 'hour',
      totals: { events: 0, successRate: null, attempts: { total: 0 } },
      waiting: { pending: nothing, delivering: nothing, waiting: nothing, held: nothing },
      failing: [],
    });
    expect(body.data).toHaveLength(24);
  });

  it('counts events, sent or not, and adds up what its webhooks did', async () => {
    const { api } = postrider;
    receiver.next(500);
    const webhooks = [];
    for (const path of ['/a', '/b']) {
      webhooks.push(await api.make('/v1/webhooks', { url: receiver.url(path), eventTypes: ['seen'] }));
    }
    const events = Array.from({ length: 5 }, (_, n) => ({ type: 'seen', data: { n } }));
    const { data } = await api.make('/v1/events/batch', {
      events: [...events, { type: 'nobody.listens', data: 1 }],
    });
    const ids = data.flatMap(({ deliveries }: Loose) => deliveries.map(({ id }: Loose) => id as string));
    for (const id of ids) await postrider.over(id as string);
    const found = await waitFor('all to be counted', async () => {
      const now = await overview();
      return now.totals.deliveries.succeeded === 10 ? now : undefined;
    });
    expect(found.totals).toMatchObject({
      events: 6,
      attempts: { total: 11, succeeded: 10, failed: 1, errors: { http_status: 1 } },
      deliveries: { succeeded: 10, failed: 0, cancelled: 0 },
    });
    expect(found.totals.latencyMs.p99).toBeGreaterThanOrEqual(found.totals.latencyMs.p50);
    expect(found.data.reduce((sum: number, row: Loose) => sum + row.events, 0)).toBe(6);
    const day = await overview('?interval=day');
    expect(day.totals).toEqual(found.totals);

    const health = await api.get(
      `/v1/webhook-health?ids=${webhooks.map(({ id }) => id as string).join(',')},wh_unknown`,
    );
    expect(health.body.data.map(({ webhookId }: Loose) => webhookId)).toEqual(webhooks.map(({ id }) => id));
    const total = (field: string) =>
      health.body.data
        .flatMap((row: Loose) => row[field] as number[])
        .reduce((a: number, b: number) => a + b, 0);
    expect([total('succeeded'), total('failed')]).toEqual([10, 1]);
    expect(health.body.data[0].succeeded).toHaveLength(24);
    const stranger = await postrider.as(productionKey).get(`/v1/webhook-health?ids=${webhooks[0].id}`);
    expect(stranger.body.data).toEqual([]);
    for (const query of ['', '?ids=', `?ids=${Array.from({ length: 201 }, (_, n) => `w${n}`).join(',')}`]) {
      expect((await api.get(`/v1/webhook-health${query}`)).status).toBe(422);
    }
  });

  it('tells what waits, by status, with the oldest, and what fails, since when', async () => {
    const { api } = postrider;
    await api.make('/v1/event-types', { name: 'held' });
    await api.make('/v1/webhooks', { url: receiver.url(), eventTypes: ['held'], state: 'paused' });
    await api.make('/v1/event-types', { name: 'late' });
    receiver.next(503);
    const late = await api.make('/v1/webhooks', {
      name: 'Late',
      url: receiver.url('/late'),
      eventTypes: ['late'],
      retrySchedule: ['1h'],
    });
    const made: string[] = [];
    for (const type of ['held', 'late', 'held']) {
      made.push((await api.make('/v1/events', { type, data: 1 })).deliveries[0].id);
    }
    const { waiting } = await waitFor('all to wait', async () => {
      const now = await overview();
      // Each is counted by itself: one that begins to wait in between is pending, too, for the moment.
      const { held, waiting: all, pending } = now.waiting;
      return held.count === 2 && all.count === 3 && pending.count === 0 ? now : undefined;
    });
    expect(waiting.held).toMatchObject({ countComplete: true, oldest: { deliveryId: made[0] } });
    expect(waiting.waiting.oldest.deliveryId).toBe(made[0]);
    const [failing, ...others] = await waitFor('it to fail', async () => {
      const now = await overview();
      const ids = now.failing.map(({ webhookId }: Loose) => webhookId as string);
      return ids.length === 1 && ids[0] === late.id && (now.failing as Loose[]);
    });
    expect(others).toEqual([]);
    const delivery = await postrider.delivery(made[1] ?? '', () => true);
    expect(failing).toMatchObject({
      webhookId: late.id,
      name: 'Late',
      failingSince: delivery.attempts[0].startedAt,
      lastAttempt: { number: 1, status: 503, errorCode: 'http_status' },
      waiting: 1,
      waitingComplete: true,
    });
    expect((await api.patch(`/v1/webhooks/${late.id}`, { state: 'off' })).status).toBe(200);
    expect((await overview()).failing).toEqual([]);
  });

  it('counts each event once, however the passes fall, and reads what is not counted yet by its index', async () => {
    const { models, connection } = postrider.ctx;
    const own = { organizationId: 'org_counts', environment: 'sandbox' } as const;
    const start = hourOf(new Date()).getTime() - 5 * hourMs;
    const at = (minutes: number) => new Date(start + minutes * 60_000);
    const minutes = [0, 1, 59, 60, 61, 200, 200, 290];
    await native(models.events).insertMany(
      minutes.map((each, n) => newEvent(postrider.ctx, own, prepared({ type: 'x', data: n }), at(each))),
    );
    const all = { from: at(0), to: at(300) };
    const counts = async (range = all) => {
      const hours = new Map<number, number>();
      for (const { hour, count } of await eventsOf({ models }, own, range)) {
        const index = (hour.getTime() - start) / hourMs;
        hours.set(index, (hours.get(index) ?? 0) + count);
      }
      return Object.fromEntries(hours);
    };
    const expected = { 0: 3, 1: 2, 3: 2, 4: 1 };
    expect(await counts()).toEqual(expected);
    for (const until of [1, 1, 30, 60, 61, 61, 250]) {
      // Two workers at once.
      await Promise.all([0, 1].map(async () => countEventsOf({ models }, own, at(until))));
      expect(await counts()).toEqual(expected);
    }
    expect(await counts({ from: at(60), to: at(240) })).toEqual({ 1: 2, 3: 2 });
    await native(models.events).insertMany(
      Array.from({ length: 500 }, (_, n) =>
        newEvent(postrider.ctx, own, prepared({ type: 'x', data: n }), at(295)),
      ),
    );
    const found = await profile(connection, async () => {
      expect(await counts()).toEqual({ ...expected, 4: 501 });
    });
    // Beside what the worker does by itself.
    const read = found.filter(
      ({ ns, command }) => ns.endsWith('.events') && JSON.stringify(command).includes(own.organizationId),
    );
    expect(read).toMatchObject([{ docsExamined: 0 }]);
  });

  it('reads no delivery to count thousands that wait, and stops counting', async () => {
    const { models, connection } = postrider.ctx;
    const [first] = await models.deliveries.find({ held: true }).limit(1).lean();
    if (!first) throw new Error('nothing is held');
    for (let batch = 0; batch < 10; batch += 1) {
      await native(models.deliveries).insertMany(
        Array.from({ length: 2_000 }, (_, n) => ({ ...first, _id: `${first._id}~${batch}~${n}` })),
      );
    }
    const found = await profile(connection, async () => {
      const { waiting } = await overview();
      expect(waiting.held).toMatchObject({ count: 10_000, countComplete: false });
      expect(waiting.waiting).toMatchObject({ count: 10_000, countComplete: false });
    });
    // Beside the worker's own, which asks of all environments at once, and what is read of the webhook that fails.
    const read = found.filter(({ ns, command }) => {
      const asked = JSON.stringify([command['filter'], command['pipeline']]);
      return ns.endsWith('.deliveries') && asked.includes('organizationId') && !asked.includes('webhookId');
    });
    expect(read.length).toBeGreaterThan(3);
    for (const { docsExamined = 0, keysExamined = 0 } of read) {
      expect(docsExamined).toBe(0);
      expect(keysExamined).toBeLessThanOrEqual(10_002);
    }
  });
});
