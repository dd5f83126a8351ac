import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { keepBooks, keepBooksOf } from '../../src/ledger/books.js';
import { isToldByAttempts } from '../../src/ledger/contradicted-ends.js';
import { timeOf } from '../../src/models/ids.js';
import { rollUpStatistics } from '../../src/statistics/roll-up.js';
import { startTestApi } from '../api/api-process.js';
import { profile } from '../models/profile.js';
import type { Loose } from '../support/api.js';
import type { TestPostrider } from '../support/postrider.js';
import { postrider, postriderForAll, receiver, receiverForAll } from '../support/running.js';
import { subscribe } from '../support/subscribe.js';
import { waitFor } from '../support/wait.js';

const { signal } = new AbortController();

let now = () => new Date();

postriderForAll({ clock: { now: () => now() } });
receiverForAll();

async function ledger(): Promise<Loose> {
  const { status, body } = await postrider.api.get('/v1/ledger');
  expect(status).toBe(200);
  return body;
}

/** So much later that the books come to all that was published. */
async function keepBooksLater(): Promise<void> {
  now = () => new Date(Date.now() + 600_000);
  await keepBooks(postrider.ctx, signal);
  now = () => new Date();
}

describe('the ledger', () => {
  let ids: string[];

  it('balances: what events were written with is there, and every status counts', async () => {
    receiver.always(({ url }, response) => void response.writeHead(url === '/fails' ? 500 : 200).end());
    const { type, publish } = await subscribe(postrider.api, { url: receiver.url() });
    await postrider.api.make('/v1/webhooks', {
      url: receiver.url('/fails'),
      eventTypes: [type],
      retrySchedule: ['1h'],
    });
    await postrider.api.make('/v1/event-types', { name: 'nobody.listens' });
    await postrider.api.make('/v1/events', { type: 'nobody.listens', data: {} });
    ids = [await publish(), await publish(), await publish()];
    for (const id of ids) await postrider.over(id);
    await postrider.api.make(`/v1/deliveries/${ids[0]}/resend`);
    const body = await waitFor('the ends', async () => {
      const found = await ledger();
      const { succeeded, waiting } = found.deliveries.byStatus;
      return succeeded === 4 && waiting === 3 && found;
    });
    expect(body).toMatchObject({
      balanced: true,
      complete: true,
      events: { accepted: 4, unrecorded: 0 },
      deliveries: {
        expected: 6,
        found: 6,
        total: 7,
        byStatus: { pending: 0, delivering: 0, failed: 0, cancelled: 0 },
      },
      differences: [],
      overdue: { count: 0, countComplete: true, ids: [] },
    });
    const other = await postrider.as('production-key-of-the-tests-012345678').get('/v1/ledger');
    expect(other.body).toMatchObject({ balanced: true, events: { accepted: 0 }, deliveries: { total: 0 } });
  });

  it('names the event of which a delivery is missing, in the call as in the books, until it is there again', async () => {
    const { deliveries, events, differences } = postrider.ctx.models;
    const [id = ''] = ids;
    const { eventId } = (await postrider.api.get(`/v1/deliveries/${id}`)).body;
    const lost = await deliveries.collection.findOne({ _id: id } as object);
    await deliveries.deleteOne({ _id: id });
    // The resend of it stands for no other.
    expect(await deliveries.countDocuments({ eventId })).toBe(2);
    const differs = {
      balanced: false,
      deliveries: { expected: 6, found: 5 },
      differences: [{ kind: 'missing_deliveries', count: 1, ids: [eventId] }],
    };
    expect(await ledger()).toMatchObject(differs);

    await keepBooksLater();
    expect(await differences.find().lean()).toMatchObject([{ subjectId: eventId }]);
    expect(await ledger()).toMatchObject(differs);
    const metrics = await (await fetch(`${postrider.url}/metrics`)).text();
    expect(metrics).toContain('postrider_ledger_differences{kind="missing_deliveries"} 1');

    await deliveries.collection.insertOne(lost as object);
    await keepBooks(postrider.ctx, signal);
    expect(await ledger()).toMatchObject({ balanced: true, events: { accepted: 4 } });
    expect(await events.countDocuments({ deliveryCount: 2 })).toBe(3);
  });

  it('names a delivery whose end is not what its attempts say', async () => {
    const { deliveries } = postrider.ctx.models;
    const [, id = ''] = ids;
    await deliveries.updateOne({ _id: id }, { $set: { 'attempts.0.errorCode': 'http_status', statsDue: 1 } });
    await waitFor('the difference', async () => !(await ledger()).balanced);
    expect((await ledger()).differences).toEqual([{ kind: 'contradicted_end', count: 1, ids: [id] }]);
    await deliveries.updateOne({ _id: id }, { $set: { 'attempts.0.errorCode': null } });
    await rollUpStatistics(postrider.ctx, signal);
    await keepBooks(postrider.ctx, signal);
    expect((await ledger()).balanced).toBe(true);
  });

  it('counts what is overdue, which is late and not lost', async () => {
    const { deliveries } = postrider.ctx.models;
    const waiting = await deliveries.findOne({ status: 'waiting' }).lean();
    const nextAttemptAt = new Date(Date.now() - 600_000);
    await deliveries.updateOne({ _id: waiting?._id ?? '' }, { $set: { nextAttemptAt } });
    expect(await ledger()).toMatchObject({ balanced: true, overdue: { count: 1, ids: [waiting?._id] } });
    await deliveries.updateOne(
      { _id: waiting?._id ?? '' },
      { $set: { nextAttemptAt: new Date(Date.now() + 3_600_000) } },
    );
  });

  it('refuses a range that is too long', async () => {
    const { status, body } = await postrider.api.get('/v1/ledger?from=2020-01-01T00:00:00Z');
    expect([status, body.errors]).toEqual([422, [expect.objectContaining({ path: 'from' })]]);
  });
});

const attempt = (number: number, errorCode: string | null) => ({ number, errorCode });

describe('the end of a delivery', () => {
  const at = new Date();
  const end = (status: string, ...attempts: ReturnType<typeof attempt>[]) =>
    isToldByAttempts({
      _id: 'del_1',
      organizationId: 'org_1',
      environment: 'sandbox',
      status: status as 'failed',
      endedAt: at,
      attemptCount: attempts.length,
      attempts,
    });

  it.each([
    ['a success', end('succeeded', attempt(1, 'timeout'), attempt(2, null))],
    ['a failure', end('failed', attempt(1, 'http_status'))],
    ['a cancel before the first attempt', end('cancelled')],
  ])('is told by the attempts: %s', (_, isTold) => {
    expect(isTold).toBe(true);
  });

  it.each([
    ['a success without an attempt', end('succeeded')],
    ['a success whose last attempt failed', end('succeeded', attempt(1, null), attempt(2, 'timeout'))],
    ['a failure without an attempt', end('failed')],
    ['a failure whose last attempt succeeded', end('failed', attempt(1, null))],
    ['a cancel after a success', end('cancelled', attempt(1, null))],
    ['an attempt that is left out', end('failed', attempt(1, 'timeout'), attempt(3, 'timeout'))],
    ['an attempt that is there twice', end('failed', attempt(1, 'timeout'), attempt(1, 'timeout'))],
    ['an end that is none', end('waiting', attempt(1, 'timeout'))],
  ])('is not: %s', (_, isTold) => {
    expect(isTold).toBe(false);
  });
});

describe('the books', () => {
  let api: TestPostrider;
  const tenant = { organizationId: 'org_default', environment: 'sandbox' } as const;
  const many = 6_000;

  beforeAll(async () => {
    api = await startTestApi();
    const { type, publish } = await subscribe(api.api, { url: receiver.url() });
    await publish();
    const { events, deliveries } = api.ctx.models;
    const [event, delivery] = await Promise.all([events.findOne().lean(), deliveries.findOne().lean()]);
    const rows = Array.from({ length: many }, (_, index) => {
      const time = timeOf(event?._id ?? '');
      const eventId = `evt_${time}${String(index).padStart(16, '0')}`;
      const createdAt = new Date(Date.now() - 3_600_000 + Math.floor(index / 10) * 100);
      return {
        event: { ...event, _id: eventId, type, createdAt },
        delivery: {
          ...delivery,
          _id: `del_${time}${String(index).padStart(16, '0')}`,
          eventId,
          createdAt,
          status: 'succeeded',
        },
      };
    });
    await events.collection.insertMany(rows.map((row) => row.event) as never[]);
    await deliveries.collection.insertMany(rows.map((row) => row.delivery) as never[]);
  });

  afterAll(async () => {
    await api.stop();
  });

  it('are drawn up by indexes, and read no delivery', async () => {
    const found = await profile(api.ctx.connection, async () => {
      expect((await api.api.get('/v1/ledger')).body).toMatchObject({
        balanced: true,
        deliveries: { expected: many + 1, found: many + 1, total: many + 1 },
      });
    });
    expect(found.filter(({ planSummary }) => planSummary?.includes('COLLSCAN'))).toEqual([]);
    const ofDeliveries = found.filter(({ ns }) => ns.endsWith('.deliveries'));
    expect(ofDeliveries.length).toBeGreaterThan(7);
    // But the one that is pending, which could be overdue.
    expect(ofDeliveries.reduce((sum, { docsExamined = 0 }) => sum + docsExamined, 0)).toBeLessThan(10);
  });

  it('have each event once, whoever keeps them at the same time', async () => {
    const until = new Date();
    const keep = async () => keepBooksOf(api.ctx, tenant, { until, now: until });
    await Promise.all([keep(), keep(), keep()]);
    await keep();
    const hours = await api.ctx.models.ledgerHours.find().lean();
    expect(hours.reduce((sum, { events = 0 }) => sum + events, 0)).toBe(many + 1);
    const found = await profile(api.ctx.connection, async () => {
      expect((await api.api.get('/v1/ledger')).body).toMatchObject({
        balanced: true,
        events: { accepted: many + 1, unrecorded: 0 },
      });
    });
    // What is in the books is not compared again.
    const compared = found.filter(({ ns, docsExamined = 0 }) => ns.endsWith('.events') && docsExamined > 0);
    expect(compared).toEqual([]);
  });
});
