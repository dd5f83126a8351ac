import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newDelivery } from '../../src/delivery/new-delivery.js';
import { takeTurn } from '../../src/replays/turn.js';
import { deployment, newName, Program } from '../durability/program.js';
import type { Loose } from '../support/api.js';
import { makeNamespace, startTestPostrider, type TestPostrider } from '../support/postrider.js';
import { Receiver } from '../support/receiver.js';
import { waitFor } from '../support/wait.js';
import { countDeliveries, numbersOf, replayThat } from './stage.js';

const count = 60;

describe('a replay whose workers are killed', () => {
  const name = newName();
  const env = deployment(name);
  const workers: Program[] = [];
  let postrider: TestPostrider;
  let receiver: Receiver;
  let webhook: Loose;

  beforeAll(async () => {
    await makeNamespace(process.env['TEST_TEMPORAL_ADDRESS'] ?? '', name);
    postrider = await startTestPostrider({ env: { ...env, POSTRIDER_ROLE: 'api' } });
    receiver = await Receiver.start();
    await postrider.api.make('/v1/event-types', { name: 'killed' });
    webhook = await postrider.api.make('/v1/webhooks', {
      name: 'w',
      url: receiver.url(),
      eventTypes: ['killed'],
    });
    await failWithoutWorker();
  });

  afterAll(async () => {
    await Promise.all(workers.map(async (worker) => worker.kill()));
    await postrider.stop();
    await receiver.stop();
  });

  /** Failed deliveries as a worker would have left them; there is none yet, and how they failed is not the point. */
  async function failWithoutWorker(): Promise<void> {
    const { models } = postrider.ctx;
    await postrider.api.patch(`/v1/webhooks/${webhook.id}`, { state: 'off' });
    await postrider.api.make('/v1/events/batch', {
      events: Array.from({ length: count }, (_, number) => ({ type: 'killed', data: { number } })),
    });
    await postrider.api.patch(`/v1/webhooks/${webhook.id}`, { state: 'active' });
    const events = await models.events.find({ type: 'killed' }).lean();
    const subscription = await models.subscriptions.findOne({ webhookId: webhook.id as string }).lean();
    if (!subscription) throw new Error('the webhook has no subscription');
    const failed = events.map((event) => {
      const { open: _open, ...delivery } = newDelivery(event, subscription, event.createdAt);
      return {
        ...delivery,
        status: 'failed' as const,
        failureReason: 'exhausted' as const,
        endedAt: new Date(),
      };
    });
    await models.deliveries.insertMany(failed);
  }

  function startWorker(): Program {
    const worker = new Program('worker', env);
    workers.push(worker);
    return worker;
  }

  async function progressOf(id: string): Promise<number> {
    const { body } = await postrider.api.get(`/v1/replays/${id}`);
    return body.done as number;
  }

  it('resends every delivery exactly once, however often that happens', async () => {
    const filter = { webhookId: webhook.id };
    const { id } = await postrider.api.make('/v1/replays', { filter, rate: 6 });
    // Early, so that most of it is still to come wherever a kill is late.
    for (const killedAt of [6, 12]) {
      const worker = startWorker();
      await waitFor(`${killedAt} resends`, async () => (await progressOf(id)) >= killedAt, 120_000);
      await worker.kill();
      // Killed at any point, what is counted is what is there, once MongoDB has done what it was told last.
      await waitFor('what is counted to be there', async () => {
        const before = await progressOf(id);
        const made = await countDeliveries(postrider, { resendOf: { $ne: null } });
        if ((await progressOf(id)) !== before) return false;
        expect(made).toBe(before);
        return true;
      });
    }
    expect(await progressOf(id)).toBeLessThan(count);
    startWorker();
    const over = await replayThat(postrider, id, ({ status }) => status !== 'running', 120_000);
    expect(over).toMatchObject({ status: 'succeeded', count, done: count, skipped: 0 });
    await waitFor(
      'all are delivered',
      async () => (await countDeliveries(postrider, { status: 'succeeded' })) === count,
      120_000,
    );
    const resends = await postrider.ctx.models.deliveries.find({ resendOf: { $ne: null } }).lean();
    expect(new Set(resends.map(({ resendOf }) => resendOf)).size).toBe(count);
    expect(resends).toHaveLength(count);
    expect(new Set(numbersOf(receiver.arrivals)).size).toBe(count);
  }, 600_000);

  it('does a page once, whoever does it at the same time', async () => {
    const { ctx, api } = postrider;
    const { id } = await api.make('/v1/replays', { filter: { webhookId: webhook.id }, rate: 1_000 });
    // The workflow's own turn is one more that competes.
    await Promise.all(Array.from({ length: 8 }, async () => takeTurn(ctx, id)));
    const over = await replayThat(postrider, id, ({ status }) => status !== 'running');
    expect(over).toMatchObject({ status: 'succeeded', done: count, count });
    const all = await ctx.models.deliveries.find({ resendOf: { $ne: null } }).lean();
    expect(all).toHaveLength(2 * count);
    expect(new Set(all.map(({ _id }) => _id)).size).toBe(2 * count);
  });
});
