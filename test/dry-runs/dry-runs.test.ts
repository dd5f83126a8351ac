import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newEvent, prepared } from '../../src/ingestion/new-event.js';
import { mostLooked } from '../../src/dry-runs/dry-run.js';
import { native } from '../../src/models/native.js';
import type { JsonValue } from '../../src/request/json-value.js';
import { startTestApi } from '../api/api-process.js';
import { problemOf } from '../api/problems.js';
import { profile } from '../models/profile.js';
import type { Loose } from '../support/api.js';
import { productionKey, type TestPostrider } from '../support/postrider.js';
import { waitFor } from '../support/wait.js';

const tenant = { organizationId: 'org_default', environment: 'sandbox' } as const;
const none = { count: 0, eventIds: [] };

describe('a dry run', () => {
  let postrider: TestPostrider;
  let webhook: Loose;

  beforeAll(async () => {
    postrider = await startTestApi();
    for (const name of ['order.paid', 'order.sent', 'many', 'deep']) {
      await postrider.api.make('/v1/event-types', { name });
    }
    webhook = await postrider.api.make('/v1/webhooks', {
      url: 'https://example.com',
      eventTypes: ['order.paid'],
      filter: { total: { $gte: 100 } },
      payloadTemplate: { total: '{total}' },
    });
  });

  afterAll(async () => postrider.stop());

  /** Writes events as they were published so many minutes ago. */
  async function happened(type: string, data: JsonValue[], minutesAgo = 10): Promise<string[]> {
    const at = Date.now() - minutesAgo * 60_000;
    const events = data.map((each, index) =>
      newEvent(postrider.ctx, tenant, prepared({ type, data: each }), new Date(at + index)),
    );
    await native(postrider.ctx.models.events).insertMany(events);
    return events.map(({ _id }) => _id);
  }

  const run = async (body: object): Promise<Loose> => postrider.api.make('/v1/dry-runs', body);

  it('tells which events a changed filter would have let through, and which no more', async () => {
    const [small = '', large = '', both = ''] = await happened('order.paid', [
      { total: 50, vip: true },
      { total: 500 },
      { total: 900, vip: true },
    ]);
    await happened('order.paid', [{ total: 1, vip: true }], 25 * 60);
    const { subscriptionId } = webhook;
    const found = await run({ subscriptionId, filter: { vip: true } });
    expect(found).toMatchObject({
      looked: 3,
      total: 3,
      cut: false,
      goes: 2,
      goesNow: 2,
      more: { count: 1, eventIds: [small] },
      fewer: { count: 1, eventIds: [large] },
      breaks: { ...none, reasons: [] },
      missing: [],
    });
    expect(new Date(found.to as string).getTime() - new Date(found.from as string).getTime()).toBe(
      86_400_000,
    );
    expect(await run({ subscriptionId, active: false })).toMatchObject({
      goes: 0,
      fewer: { count: 2, eventIds: [both, large] },
    });
    expect(await run({ subscriptionId })).toMatchObject({ goes: 2, goesNow: 2, more: none, fewer: none });
    const older = await run({ subscriptionId, filter: null, from: '2020-01-01T00:00:00Z' });
    expect(older).toMatchObject({ looked: 4, goes: 4, more: { count: 2 } });
  });

  it('of a new subscription finds nothing that goes now', async () => {
    const ids = await happened('order.sent', [{ to: 'DE' }, { to: 'FR' }]);
    const body = { eventTypes: ['order.sent'], filter: { to: 'FR' } };
    const expected = { looked: 2, goes: 1, goesNow: 0, more: { count: 1, eventIds: [ids[1]] }, fewer: none };
    expect(await run(body)).toMatchObject(expected);
    expect(await run({ ...body, webhookId: webhook.id })).toMatchObject({
      ...expected,
      missing: [{ placeholder: 'total', count: 1, eventIds: [ids[1]] }],
    });
  });

  it('tells what a changed template would find missing, and what would break', async () => {
    const [whole = '', part = ''] = await happened('many', [{ a: 1, b: 2 }, { a: 1 }]);
    const deepKeys = Array.from({ length: 100 }, (_, n) => `${n}`.repeat(20));
    const leaves = Object.fromEntries(Array.from({ length: 3_000 }, (_, n) => [`k${n}`, n]));
    const deep = deepKeys.reduce<JsonValue>((inner, key) => ({ [key]: inner }), leaves);
    const [nested = ''] = await happened('deep', [deep]);
    const big = { big: 'x'.repeat(200_000) };
    const [large = ''] = await happened('deep', [big], 9);
    const subscription = await postrider.api.make('/v1/subscriptions', {
      webhookId: webhook.id,
      eventTypes: ['many', 'deep'],
    });
    const missing = await run({
      subscriptionId: subscription.id,
      eventTypes: ['many'],
      payloadTemplate: { a: '{a}', text: 'b is {b}', c: '{c}' },
    });
    expect(missing.breaks.count).toBe(0);
    expect(missing.missing).toEqual([
      { placeholder: 'c', count: 2, eventIds: [part, whole] },
      { placeholder: 'b', count: 1, eventIds: [part] },
    ]);
    // Of the webhook: all of its subscriptions.
    const form = await run({ webhookId: webhook.id, payloadTemplate: null, format: 'form' });
    expect(form).toMatchObject({
      looked: 7,
      goes: 6,
      breaks: { count: 1, eventIds: [nested], reasons: [{ reason: 'body_too_large', count: 1 }] },
    });
    const repeated = await run({
      subscriptionId: subscription.id,
      eventTypes: ['deep'],
      payloadTemplate: Array.from({ length: 8 }, () => '{big}'),
    });
    expect(repeated).toMatchObject({
      breaks: { count: 1, eventIds: [large] },
      missing: [{ placeholder: 'big', count: 1, eventIds: [nested] }],
    });
    const empty = await run({ eventTypes: ['many'], payloadTemplate: {}, format: 'form' });
    expect(empty.breaks).toMatchObject({ count: 2, reasons: [{ reason: 'empty_body', count: 2 }] });
  });

  it('counts what a webhook that is off would get once it is on', async () => {
    const { id } = await postrider.api.make('/v1/webhooks', {
      url: 'https://example.com',
      eventTypes: ['order.sent'],
      state: 'off',
    });
    expect(await run({ webhookId: id })).toMatchObject({ goes: 0, goesNow: 0 });
    expect(await run({ webhookId: id, state: 'active' })).toMatchObject({
      goes: 2,
      goesNow: 0,
      more: { count: 2 },
    });
  });

  it('writes nothing, looks at the newest 10,000 by index, lets others through, and runs once at a time', async () => {
    const { connection, models } = postrider.ctx;
    await postrider.api.make('/v1/event-types', { name: 'crowd' });
    for (let round = 0; round < 4; round += 1) {
      await happened(
        'crowd',
        Array.from({ length: 3_000 }, (_, n) => ({ n, round })),
        60 * (round + 1),
      );
    }
    const before = await models.deliveries.estimatedDocumentCount();
    const body = { eventTypes: ['crowd', 'order.sent'], filter: { n: { $lt: 100 } } };
    let waited = 0;
    let runs = 1;
    const found = await profile(connection, async () => {
      const first = postrider.api.post('/v1/dry-runs', body);
      const started = performance.now();
      const second = postrider.api.post('/v1/dry-runs', body);
      const answers = await Promise.all([first, second]);
      waited = performance.now() - started;
      const [busy] = answers.filter(({ status }) => status === 409);
      expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409]);
      expect(busy?.body.code).toBe('conflict');
      expect(busy?.headers.get('retry-after')).toBe('1');
      // Of the oldest 3,000 the first 2,002 are not looked at.
      let [done] = answers.filter(({ status }) => status === 200);
      // On a machine that is busy it looks at as many as it has time for.
      await waitFor('a run that its time does not cut', async () => {
        if (done?.body.looked === mostLooked) return true;
        runs += 1;
        done = await postrider.api.post('/v1/dry-runs', body);
        return false;
      });
      expect(done?.body).toMatchObject({ cut: true, total: 12_002, goes: 300 });
      expect(done?.body.more).toMatchObject({ count: 300 });
      expect(done?.body.more.eventIds).toHaveLength(10);
    });
    expect(waited).toBeLessThan(30_000);
    // Beside what each process tells of its keys, now and then, and that an API key is in use, once a minute.
    const writes = found.filter(
      ({ op, ns }) => ['insert', 'update', 'remove'].includes(op) && !/\.(keyHolders|apiKeys)$/.test(ns),
    );
    expect(writes).toEqual([]);
    expect(found.filter(({ planSummary }) => planSummary?.includes('COLLSCAN'))).toEqual([]);
    const examined = found
      .filter(({ ns, op }) => ns.endsWith('.events') && ['query', 'getmore'].includes(op))
      .reduce((sum, { docsExamined = 0 }) => sum + docsExamined, 0);
    expect(examined).toBeLessThanOrEqual(runs * (mostLooked + 100));
    expect(found.some(({ hasSortStage }) => hasSortStage)).toBe(false);
    expect(await models.deliveries.estimatedDocumentCount()).toBe(before);
    expect((await postrider.api.post('/v1/dry-runs', body)).status).toBe(200);
  });

  it('sees nothing of another environment', async () => {
    const production = postrider.as(productionKey);
    await production.make('/v1/event-types', { name: 'order.paid' });
    expect(await production.make('/v1/dry-runs', { eventTypes: ['order.paid'] })).toMatchObject({
      looked: 0,
    });
    for (const [field, value] of [
      ['subscriptionId', webhook.subscriptionId],
      ['webhookId', webhook.id],
    ] as const) {
      const answer = await production.post('/v1/dry-runs', { [field]: value });
      expect(problemOf(answer, 'invalid')).toEqual([field]);
    }
  });

  it.each([
    ['nothing', {}, 'eventTypes'],
    ['a filter of no subscription', { webhookId: 'wh_1', filter: {} }, 'filter'],
    ['both', { webhookId: 'wh_1', subscriptionId: 'sub_1' }, 'webhookId'],
    ['a filter that is none', { eventTypes: ['many'], filter: { a: { $where: '1' } } }, 'filter.a.$where'],
    ['an unknown type', { eventTypes: ['unknown'] }, 'eventTypes.0'],
    [
      'an empty range',
      { eventTypes: ['many'], from: '2026-01-02T00:00:00Z', to: '2026-01-01T00:00:00Z' },
      'from',
    ],
  ])('refuses %s and names the field', async (_, body, path) => {
    expect(problemOf(await postrider.api.post('/v1/dry-runs', body), 'invalid')).toEqual([path]);
  });
});
