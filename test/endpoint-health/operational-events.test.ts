import { beforeAll, describe, expect, it } from '@jest/globals';
import { announce } from '../../src/operational-events/announce.js';
import { announceFailures } from '../../src/operational-events/failed-deliveries.js';
import { publishAnnounced } from '../../src/operational-events/publish-announced.js';
import { operationalEventTypes } from '../../src/operational-events/types.js';
import type { Loose } from '../support/api.js';
import { productionKey } from '../support/postrider.js';
import { postrider, postriderForAll, receiver, receiverForAll } from '../support/running.js';
import { subscribe } from '../support/subscribe.js';
import { waitFor } from '../support/wait.js';
import { dayMs, minuteMs, MovableClock } from './clock.js';

const secret = 'a-secret-in-a-path-4711';

const clock = new MovableClock();
let toldId: string;

postriderForAll({ clock });
receiverForAll();

beforeAll(async () => {
  // Fails for all but what is sent to `/told`.
  receiver.always(({ url }, response) => {
    response.writeHead(url === '/told' ? 200 : 500).end();
  });
});

/** What was told of a webhook, or of all, by the bodies that arrived. */
const told = (type: string, webhookId?: string): { data: Loose }[] =>
  receiver.arrivals
    .filter(({ url }) => url === '/told')
    .map(({ body }) => JSON.parse(body) as { type: string; data: Loose })
    .filter(({ type: its, data }) => its === type && (webhookId ?? data.webhookId) === data.webhookId);
const untilTold = async (type: string, webhookId: string): Promise<{ data: Loose }> =>
  waitFor(`${type} of ${webhookId}`, () => told(type, webhookId)[0] ?? false);
const untilFailing = async (id: string): Promise<unknown> =>
  postrider.known(id, ({ failingSince }) => failingSince instanceof Date);
const eventsOf = async (type: string): Promise<Loose[]> =>
  (await postrider.api.get(`/v1/events?type=${type}&limit=200`)).body.data;
/** Everything that has happened is counted, and what is to be told of it is published. */
const untilCounted = async (): Promise<void> => {
  const { models } = postrider.ctx;
  await waitFor('nothing to be left', async () => {
    const left = await models.deliveries.countDocuments({ statsDue: { $gt: 0 } });
    return left + (await models.operationalEvents.countDocuments()) === 0;
  });
};

describe('operational events', () => {
  it('are Postrider’s alone: their catalogue is imported, and nobody makes, changes or publishes them', async () => {
    const { api } = postrider;
    const early = await api.post('/v1/webhooks', {
      url: receiver.url('/told'),
      eventTypes: ['delivery.failed'],
    });
    expect(early).toMatchObject({
      status: 422,
      body: {
        errors: [
          { path: 'eventTypes.0', message: expect.stringContaining('import the catalogue postrider') },
        ],
      },
    });
    for (const name of operationalEventTypes) {
      const reserved = { path: 'name', message: expect.stringContaining('is reserved') as unknown };
      const made = await api.post('/v1/event-types', { name });
      expect(made).toMatchObject({ status: 422, body: { code: 'invalid', errors: [reserved] } });
    }
    const { imported } = await api.make('/v1/catalogues/postrider/import');
    expect(imported.toSorted()).toEqual([...operationalEventTypes].toSorted());
    const changed = await api.patch('/v1/event-types/delivery.failed', { schema: { type: 'string' } });
    expect(changed).toMatchObject({ status: 422, body: { errors: [{ path: 'name' }] } });
    const { samplePayload } = (await api.get('/v1/event-types/delivery.failed')).body;
    const event = { type: 'delivery.failed', data: samplePayload };
    expect(await api.post('/v1/events', event)).toMatchObject({
      status: 422,
      body: { errors: [{ path: 'type', message: expect.stringContaining('Postrider itself publishes it') }] },
    });
    const batch = await api.post('/v1/events/batch', { events: [event] });
    expect(batch.body.errors).toMatchObject([{ path: 'events.0.type' }]);
    await api.make('/v1/event-types', { name: 'plain' });
    const key = await api.post('/v1/events', { type: 'plain', data: 1, idempotencyKey: 'postrider/x' });
    expect(key).toMatchObject({ status: 422, body: { errors: [{ path: 'idempotencyKey' }] } });
  });

  it('are not made where nobody subscribes', async () => {
    const { webhookId, publish } = await subscribe(postrider.api, {
      url: receiver.url(`/${secret}`),
      retrySchedule: [],
      pauseAfter: '1h',
    });
    await postrider.over(await publish());
    await untilFailing(webhookId);
    await untilCounted();
    clock.forward(2 * 60 * minuteMs);
    await postrider.over(await publish());
    await waitFor('it to be paused', async () => {
      return (await postrider.api.get(`/v1/webhooks/${webhookId}`)).body.state === 'paused';
    });
    await untilCounted();
    for (const type of operationalEventTypes) expect(await eventsOf(type)).toEqual([]);
  });

  it('tell of a failed delivery, a failing webhook and its pause, each once, to whoever subscribes', async () => {
    const { api } = postrider;
    const made = await api.make('/v1/webhooks', {
      name: 'Told',
      url: receiver.url('/told'),
      eventTypes: [...operationalEventTypes],
      timeoutMs: 60_000,
    });
    toldId = made.id as string;
    const { webhookId, subscriptionId, publish, type } = await subscribe(api, {
      name: 'Broken',
      url: receiver.url(`/${secret}?key=${secret}`),
      retrySchedule: ['1s'],
      headers: [{ name: 'x-api-key', value: secret }],
    });
    const first = await publish({ correlationId: 'order 7' });
    const failed = await postrider.over(first);
    const event = await untilTold('delivery.failed', webhookId);
    const last = failed.attempts[1];
    expect(event.data).toEqual({
      deliveryId: first,
      eventId: failed.eventId,
      eventType: type,
      subscriptionId,
      webhookId,
      correlationId: 'order 7',
      resendOf: null,
      failureReason: 'exhausted',
      failedAt: expect.any(String) as unknown,
      attempts: 2,
      lastAttempt: {
        deliveryId: first,
        number: 2,
        startedAt: last.startedAt,
        durationMs: last.durationMs,
        errorCode: 'http_status',
        status: 500,
      },
    });

    await untilFailing(webhookId);
    clock.forward(16 * minuteMs);
    for (const id of [await publish(), await publish()]) await postrider.over(id);
    const failing = await untilTold('webhook.failing', webhookId);
    expect(failing.data).toMatchObject({
      webhookId,
      name: 'Broken',
      failingSince: failed.attempts[0].startedAt,
    });
    clock.forward(5 * dayMs);
    await publish();
    const paused = await untilTold('webhook.paused', webhookId);
    const webhook = (await api.get(`/v1/webhooks/${webhookId}`)).body;
    expect(paused.data).toMatchObject({
      reason: 'failing',
      pausedAt: webhook.pausedAt,
      failingSince: webhook.failingSince,
      lastAttempt: { errorCode: 'http_status', status: 500 },
    });
    // Three deliveries have failed; the fourth is held by the pause.
    await waitFor('what is told of the three', () => told('delivery.failed', webhookId).length >= 3);
    await untilCounted();
    expect([told('webhook.failing', webhookId), told('webhook.paused', webhookId)]).toMatchObject([
      [{}],
      [{}],
    ]);
    expect(told('delivery.failed', webhookId)).toHaveLength(3);
    const arrived = receiver.arrivals.filter(({ url }) => url === '/told');
    expect(arrived.map(({ body }) => body).join()).not.toContain(secret);
    const schemas = (await api.get('/v1/events?type=webhook.paused')).body.data;
    expect(schemas[0].idempotencyKey).toMatch(/^postrider\//);
  });

  it('make no more of their kind when they cannot be delivered themselves, and stay in their environment', async () => {
    const { api } = postrider;
    const lost = await api.make('/v1/webhooks', {
      name: 'Lost',
      url: receiver.url('/lost'),
      retrySchedule: [],
      eventTypes: ['delivery.failed', 'webhook.failing'],
      timeoutMs: 60_000,
    });
    const before = (await eventsOf('delivery.failed')).length;
    const { webhookId, publish } = await subscribe(api, { url: receiver.url('/broken'), retrySchedule: [] });
    await postrider.over(await publish());
    await waitFor('its delivery to fail', async () => {
      const { data } = (await api.get(`/v1/deliveries?webhookId=${lost.id}&status=failed`)).body;
      return data.length === 1;
    });
    await untilFailing(webhookId);
    await untilCounted();
    clock.forward(20 * minuteMs);
    await postrider.over(await publish());
    await waitFor('its delivery to fail again', async () => {
      const { data } = (await api.get(`/v1/deliveries?webhookId=${lost.id}&status=failed`)).body;
      // Of the second failed delivery, and that the broken webhook fails.
      return data.length === 3;
    });
    await untilCounted();
    expect(await eventsOf('delivery.failed')).toHaveLength(before + 2);
    expect(told('webhook.failing', lost.id as string)).toEqual([]);
    expect((await postrider.as(productionKey).get('/v1/events')).body.data).toEqual([]);
    await api.patch(`/v1/webhooks/${lost.id}`, { state: 'off' });
  });

  it('survive a crash at any step, and are still made once', async () => {
    const { ctx, api } = postrider;
    const { webhookId, publish } = await subscribe(api, { url: receiver.url('/crash'), retrySchedule: [] });
    const id = await publish();
    await postrider.over(id);
    await untilTold('delivery.failed', webhookId);
    await untilCounted();
    const delivery = await ctx.models.deliveries.findById(id).lean();
    if (!delivery) throw new Error('no delivery');
    // The worker was killed after it had announced, and before the failure was counted: it is seen again.
    await Promise.all([announceFailures(ctx, [delivery]), announceFailures(ctx, [delivery])]);
    const [announced, ...others] = await ctx.models.operationalEvents.find().lean();
    expect(others).toEqual([]);
    // It is published by two workers, one of which is killed before it has taken it away.
    const { signal } = new AbortController();
    await Promise.all([publishAnnounced(ctx, signal), publishAnnounced(ctx, signal)]);
    if (announced) await announce(ctx, [announced]);
    await untilCounted();
    const events = (await eventsOf('delivery.failed')).filter(({ data }) => data.deliveryId === id);
    expect(events).toHaveLength(1);
    const { data } = (await api.get(`/v1/deliveries?eventId=${events[0].id}&webhookId=${toldId}`)).body;
    expect(data).toHaveLength(1);
  });
});
