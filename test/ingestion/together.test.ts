import { EventEmitter, once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Publications } from '../../src/ingestion/publications.js';
import { Problem } from '../../src/errors/problem.js';
import { Api, type Loose } from '../support/api.js';
import { deployment, newName } from '../durability/program.js';
import { makeNamespace, startTestPostrider, type TestPostrider } from '../support/postrider.js';
import { Receiver } from '../support/receiver.js';
import { subscribe } from '../support/subscribe.js';

/** Two processes' worth of Postrider on one database: each remembers the configuration for itself. */
let one: TestPostrider;
let other: TestPostrider;
let receiver: Receiver;

beforeAll(async () => {
  const name = newName();
  await makeNamespace(process.env['TEST_TEMPORAL_ADDRESS'] ?? '', name);
  receiver = await Receiver.start();
  one = await startTestPostrider({ env: deployment(name) });
  other = await startTestPostrider({ env: { ...deployment(name), POSTRIDER_ROLE: 'api' } });
});

afterAll(async () => {
  await other.stop();
  await one.stop();
  await receiver.stop();
});

/** Has the other process remember the configuration as it is. */
async function remember(type: string): Promise<{ status: number }> {
  return other.api.post('/v1/events', { type, data: {} });
}

/** The webhooks that an event goes to which the other process publishes. */
async function matched(type: string): Promise<string[]> {
  const { deliveries } = await other.api.make('/v1/events', { type, data: { kind: 'a' } });
  return deliveries.map(({ webhookId }: Loose) => webhookId as string);
}

describe('calls that are written together', () => {
  it('have each their own outcome', async () => {
    const { type } = await subscribe(one.api, { url: receiver.url() });
    const schema = { type: 'object', required: ['n'] };
    await one.api.make('/v1/event-types', { name: `${type}.strict`, schema });
    const answers = await Promise.all(
      Array.from({ length: 40 }, async (_, n) => {
        const kinds = [
          { type, data: { n } },
          { type: `${type}.unknown`, data: { n } },
          { type: `${type}.strict`, data: {} },
          { type, data: { n }, idempotencyKey: `key-${n}` },
        ];
        return one.api.post('/v1/events', kinds[n % 4]);
      }),
    );
    expect(answers.map(({ status }) => status)).toEqual(
      Array.from({ length: 40 }, (_, n) => [202, 422, 422, 202][n % 4]),
    );
    const accepted = answers.filter(({ status }) => status === 202);
    for (const { body } of accepted)
      expect(await one.over(body.deliveries[0].id)).toMatchObject({ status: 'succeeded' });
    expect(await one.ctx.models.events.countDocuments({ type })).toBe(20);
  });

  it('under one key are one event, in one process and in two; with another body a 409', async () => {
    const { type } = await subscribe(one.api, { url: receiver.url() });
    const publish = async ({ api }: TestPostrider, n: number) =>
      api.post('/v1/events', { type, data: { n }, idempotencyKey: 'the-key' });
    const answers = await Promise.all(
      Array.from({ length: 30 }, async (_, index) =>
        publish(index % 2 === 0 ? one : other, index % 5 === 4 ? 2 : 1),
      ),
    );
    const accepted = answers.filter(({ status }) => status === 202);
    expect(answers.filter(({ status }) => status === 409).length + accepted.length).toBe(30);
    expect(new Set(accepted.map(({ body }) => body.id as string)).size).toBe(1);
    expect(accepted.filter(({ body }) => body.duplicate === false)).toHaveLength(1);
    expect(await one.ctx.models.events.countDocuments({ type })).toBe(1);
    expect(await one.ctx.models.deliveries.countDocuments({ eventType: type })).toBe(1);
  });
});

describe('an event published after a change was answered, in another process', () => {
  it('is of the event type that was just made, and is not of one that was just deleted', async () => {
    const name = 'fresh.type';
    expect((await remember(name)).status).toBe(422);
    await one.api.make('/v1/event-types', { name });
    expect((await remember(name)).status).toBe(202);
    await one.api.delete(`/v1/event-types/${name}`);
    expect((await remember(name)).status).toBe(422);
  });

  it('is matched by it', async () => {
    const { type, webhookId, subscriptionId } = await subscribe(one.api, { url: receiver.url() });
    await remember(type);
    expect(await matched(type)).toEqual([webhookId]);
    await one.api.patch(`/v1/subscriptions/${subscriptionId}`, { filter: { kind: 'b' } });
    expect(await matched(type)).toEqual([]);
    await one.api.patch(`/v1/subscriptions/${subscriptionId}`, { filter: null });
    expect(await matched(type)).toEqual([webhookId]);
    await one.api.patch(`/v1/webhooks/${webhookId}`, { state: 'off' });
    expect(await matched(type)).toEqual([]);
    await one.api.patch(`/v1/webhooks/${webhookId}`, { state: 'active' });
    const more = await one.api.make('/v1/webhooks', {
      name: 'more',
      url: receiver.url(),
      eventTypes: [type],
    });
    expect((await matched(type)).toSorted()).toEqual([webhookId, more.id].toSorted());
    await one.api.delete(`/v1/subscriptions/${subscriptionId}`);
    expect(await matched(type)).toEqual([more.id]);
  });

  it('knows whether its webhook was failing', async () => {
    // Its own: deliveries of other tests, which may still come, would take its answers.
    const own = await Receiver.start();
    const hook = await subscribe(one.api, { url: own.url(), retrySchedule: [] });
    for (const status of [200, 500, 500, 200]) {
      own.next(status);
      await one.over(await hook.publish());
      await one.known(
        hook.webhookId,
        ({ failingSince }) => failingSince instanceof Date === (status === 500),
      );
    }
    await own.stop();
  });

  it('is refused under a key that was just revoked', async () => {
    const { id, key } = await one.api.make('/v1/api-keys', { name: 'short', role: 'publisher' });
    const api = new Api(other.url, key as string);
    expect((await api.get('/v1/me')).status).toBe(200);
    await one.api.delete(`/v1/api-keys/${id}`);
    expect((await api.get('/v1/me')).status).toBe(401);
  });

  it('is matched by each of many changes at once', async () => {
    const { type, webhookId } = await subscribe(one.api, { url: receiver.url() });
    await remember(type);
    const made = await Promise.all(
      Array.from({ length: 20 }, async (_, n) =>
        (n % 2 === 0 ? one : other).api.make('/v1/subscriptions', { webhookId, eventTypes: [type] }),
      ),
    );
    expect(await matched(type)).toHaveLength(made.length + 1);
  });
});

describe('more events than can be written in time', () => {
  it('are refused before anything is accepted, with when to come back', async () => {
    const slow = new EventEmitter();
    const held = once(slow, 'done');
    // As it is while MongoDB is slow.
    const publications = new Publications(
      async (calls) => {
        await held;
        return calls.map((): PromiseFulfilledResult<[]> => ({ status: 'fulfilled', value: [] }));
      },
      { waitMs: 0 },
    );
    const tenant = { organizationId: 'org_default', environment: 'sandbox' } as const;
    const call = async (count: number) =>
      publications.add({
        tenant,
        events: Array.from({ length: count }, () => ({
          type: 'a',
          data: {},
          dataJson: '{}',
          contentHash: '',
        })),
        pathOf: () => [],
      });
    const accepted = [call(16_000), call(4_000)];
    const refused = await call(1).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(Problem);
    expect(refused).toMatchObject({ code: 'overloaded', status: 503, headers: { 'retry-after': '1' } });
    slow.emit('done');
    await Promise.all(accepted);
    await call(1);
  });

  it('are told by the age of the oldest one that is not dispatched', async () => {
    const { type } = await subscribe(one.api, { url: receiver.url() });
    const { deliveries } = await one.api.make('/v1/events', { type, data: {} });
    await one.over(deliveries[0].id);
    const { models } = one.ctx;
    const record = await models.deliveries.findById(deliveries[0].id).lean();
    await models.deliveries.collection.insertOne({
      ...record,
      _id: 'del_0000000000OLDEST',
      workflowId: 'group/of-another-process',
      status: 'pending',
      open: true,
      createdAt: new Date(Date.now() - 2_000),
    } as never);
    const text = await (await fetch(`${one.url}/metrics`)).text();
    const age = Number(/^postrider_oldest_undispatched_seconds (\S+)/m.exec(text)?.[1]);
    expect(age).toBeGreaterThanOrEqual(2);
    expect(age).toBeLessThan(60);
    await models.deliveries.deleteOne({ _id: 'del_0000000000OLDEST' });
  });
});
