import { describe, expect, it } from '@jest/globals';
import type { Context } from '../../src/context.js';
import { noteOutcome } from '../../src/endpoint-health/note-outcome.js';
import type { AttemptRecord } from '../../src/models/attempt.js';
import type { WebhookRecord } from '../../src/models/webhook.js';
import type { Loose } from '../support/api.js';
import { postrider, postriderForAll, receiver, receiverForAll } from '../support/running.js';
import { subscribe } from '../support/subscribe.js';
import { dayMs, MovableClock } from './clock.js';

const modes = [
  ['each in its workflow', { POSTRIDER_DISPATCH: 'workflow' }],
  ['in groups', { POSTRIDER_DISPATCH: 'auto', POSTRIDER_GROUP_FROM: '1' }],
] as const;

function isFailing({ failingSince }: WebhookRecord): boolean {
  return failingSince instanceof Date;
}

const read = async (id: string): Promise<Loose> => (await postrider.api.get(`/v1/webhooks/${id}`)).body;
const untilPaused = async (id: string): Promise<Loose> => {
  await postrider.known(id, ({ state }) => state === 'paused');
  return read(id);
};
const setState = async (id: string, state: string): Promise<void> => {
  expect((await postrider.api.patch(`/v1/webhooks/${id}`, { state })).status).toBe(200);
};
const untilFailing = async (id: string): Promise<Loose> => {
  await postrider.known(id, isFailing);
  return read(id);
};
const auditOf = async (id: string): Promise<Loose[]> =>
  (await postrider.api.get(`/v1/audit?resourceId=${id}&action=paused`)).body.data;

describe.each(modes)('an endpoint that does nothing but fail, first attempts %s', (_mode, env) => {
  const clock = new MovableClock();

  postriderForAll({ env, clock });
  receiverForAll();

  it('has its webhook paused after five days, its events held, and goes on when it is active again', async () => {
    const { webhookId, publish } = await subscribe(postrider.api, { url: receiver.url(), retrySchedule: [] });
    receiver.next(500, 500, 500);
    await postrider.over(await publish());
    const { failingSince } = await untilFailing(webhookId);
    clock.forward(4 * dayMs);
    await postrider.over(await publish());
    expect(await read(webhookId)).toMatchObject({ state: 'active', pausedAt: null, pausedReason: null });
    clock.forward(dayMs);
    await postrider.over(await publish());
    const paused = await untilPaused(webhookId);
    expect(paused).toMatchObject({ failingSince, pausedReason: 'failing', pauseAfter: '5d' });
    expect(Date.parse(paused.pausedAt as string)).toBeGreaterThanOrEqual(
      Date.parse(failingSince as string) + 5 * dayMs,
    );
    expect(await auditOf(webhookId)).toMatchObject([
      {
        key: null,
        role: 'system',
        resource: 'webhook',
        changes: expect.arrayContaining([
          { field: 'state', from: 'active', to: 'paused' },
          { field: 'pausedReason', from: null, to: 'failing' },
        ]) as unknown,
      },
    ]);

    const held = await publish();
    await postrider.delivery(held, ({ status, nextAttemptAt }) => status === 'waiting' && !nextAttemptAt);
    await setState(webhookId, 'active');
    expect(await postrider.over(held)).toMatchObject({ status: 'succeeded' });
    await postrider.known(webhookId, (webhook) => !isFailing(webhook));
    expect(await read(webhookId)).toMatchObject({
      state: 'active',
      failingSince: null,
      pausedAt: null,
      pausedReason: null,
    });
    // Five days are counted from the next failure, not from that of long ago.
    receiver.next(500);
    await postrider.over(await publish());
    await untilFailing(webhookId);
    expect(await auditOf(webhookId)).toHaveLength(1);
    expect((await read(webhookId)).state).toBe('active');
  });

  it('says itself when it is paused: after its own time, never, or at once with a 410', async () => {
    const { api } = postrider;
    const never = await subscribe(api, { url: receiver.url('/never'), retrySchedule: [], pauseAfter: '0s' });
    const soon = await subscribe(api, { url: receiver.url('/soon'), retrySchedule: [], pauseAfter: '1h' });
    const gone = await subscribe(api, { url: receiver.url('/gone'), pauseOnGone: true });
    const stays = await subscribe(api, { url: receiver.url('/stays'), retrySchedule: [] });
    receiver.always(410);
    for (const { webhookId, publish } of [never, soon, stays]) {
      await postrider.over(await publish());
      await untilFailing(webhookId);
    }
    const waits = await gone.publish();
    expect(await untilPaused(gone.webhookId)).toMatchObject({ pausedReason: 'gone', pauseOnGone: true });
    await postrider.delivery(waits, ({ status, attempts, nextAttemptAt }) => {
      return status === 'waiting' && attempts.length === 1 && nextAttemptAt === null;
    });
    expect((await read(stays.webhookId)).state).toBe('active');
    clock.forward(6 * dayMs);
    for (const { publish } of [never, soon]) await postrider.over(await publish());
    expect(await untilPaused(soon.webhookId)).toMatchObject({ pausedReason: 'failing', pauseAfter: '1h' });
    expect((await read(never.webhookId)).state).toBe('active');
    receiver.always(200);
    await setState(gone.webhookId, 'active');
    expect(await postrider.over(waits)).toMatchObject({ status: 'succeeded' });
  });

  it('tells who paused by hand, and why, from the start of the pause to its end', async () => {
    const { webhookId } = await subscribe(postrider.api, { url: receiver.url(), state: 'paused' });
    const before = await read(webhookId);
    expect(before).toMatchObject({ pausedReason: 'requested', pausedAt: before.createdAt });
    await setState(webhookId, 'off');
    expect(await read(webhookId)).toMatchObject({ pausedReason: null, pausedAt: null });
    for (const pauseAfter of ['tomorrow', 5, '-1s']) {
      expect((await postrider.api.patch(`/v1/webhooks/${webhookId}`, { pauseAfter })).status).toBe(422);
    }
  });

  it('is paused once, by one of many attempts of several workers, and not for what was mended meanwhile', async () => {
    const { webhookId, publish } = await subscribe(postrider.api, { url: receiver.url(), retrySchedule: [] });
    receiver.next(500, 200);
    await postrider.over(await publish());
    await untilFailing(webhookId);
    const id = await publish();
    await postrider.over(id);
    await postrider.known(webhookId, (webhook) => !isFailing(webhook));
    const { models } = postrider.ctx;
    const failingSince = new Date(Date.now() - 6 * dayMs);
    await models.webhooks.updateOne({ _id: webhookId }, { failingSince });
    const [webhook, delivery] = await Promise.all([
      models.webhooks.findById(webhookId).lean(),
      models.deliveries.findById(id).lean(),
    ]);
    const [attempt] = delivery?.attempts ?? [];
    if (!webhook || !delivery || !attempt) throw new Error('nothing to work with');
    const workers = Array.from({ length: 4 }, (): Context => ({ ...postrider.ctx, pausing: new Set() }));
    const fail = async (): Promise<unknown> =>
      Promise.all(
        workers.flatMap((ctx) =>
          Array.from({ length: 5 }, async () => {
            const now = clock.now();
            const failed: AttemptRecord = { ...attempt, errorCode: 'timeout', response: null };
            await noteOutcome(ctx, { webhook, delivery, attempt: failed, now, endedAt: now, failed: true });
          }),
        ),
      );
    await fail();
    expect(await read(webhookId)).toMatchObject({ state: 'paused', pausedReason: 'failing' });
    expect(await auditOf(webhookId)).toHaveLength(1);
    await setState(webhookId, 'active');
    await fail();
    expect((await read(webhookId)).state).toBe('active');
    expect(await auditOf(webhookId)).toHaveLength(1);
  });
});
