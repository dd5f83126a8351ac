import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { taskQueue } from '../../src/workflows/input.js';
import { publishMany } from '../dispatch/stage.js';
import { deployment, newName, Program } from '../durability/program.js';
import type { Loose } from '../support/api.js';
import { makeNamespace, startTestPostrider, type TestPostrider } from '../support/postrider.js';
import { receiver, receiverForEach } from '../support/running.js';
import { subscribe } from '../support/subscribe.js';
import { waitFor } from '../support/wait.js';

const name = newName();

let postrider: TestPostrider;
let other: Program;

receiverForEach();

beforeAll(async () => {
  const env = deployment(name);
  await makeNamespace(process.env['TEST_TEMPORAL_ADDRESS'] ?? '', name);
  postrider = await startTestPostrider({ env });
  other = new Program('worker', env);
  await waitFor('both workers', async () => (await workers()) === 2, 120_000);
});

afterAll(async () => {
  await other.kill();
  await postrider.stop();
});

/** The processes that ask Temporal for work. */
async function workers(): Promise<number> {
  const { connection } = await postrider.ctx.temporal.connected();
  const { pollers } = await connection.workflowService.describeTaskQueue({
    namespace: name,
    taskQueue: { name: taskQueue },
    taskQueueType: 2,
  });
  return new Set((pollers ?? []).map(({ identity }) => identity)).size;
}

/** Waits for the end of all deliveries to a webhook with few questions: those of a busy machine's time are the workers'. */
async function allOver(webhookId: string): Promise<string[]> {
  const { deliveries } = postrider.ctx.models;
  await waitFor(
    'the end of all deliveries',
    async () => (await deliveries.countDocuments({ webhookId, open: true })) === 0,
    120_000,
  );
  const over = await deliveries.find({ webhookId }).lean();
  return [...new Set(over.map(({ status, attemptCount }) => `${status} ${attemptCount}`))];
}

async function attemptsHere(): Promise<number> {
  const found = /^postrider_attempts_total\{outcome="succeeded"\} (\d+)/m.exec(
    await postrider.ctx.metrics.render(),
  );
  return Number(found?.[1] ?? 0);
}

async function heldBack(webhookId: string): Promise<Loose[]> {
  const { body } = await postrider.api.get(`/v1/deliveries?webhookId=${webhookId}&status=waiting&limit=200`);
  return (body.data as Loose[]).filter(({ heldBy }) => heldBy === 'rate_limit');
}

describe('a webhook with a rate limit', () => {
  it('gets no more than that from all workers together, and nothing of its schedule is spent', async () => {
    const { type, webhookId } = await subscribe(postrider.api, {
      url: receiver.url(),
      rateLimit: 10,
      retrySchedule: [],
    });
    const before = await attemptsHere();
    const published = Date.now();
    let count = 0;
    // Which process takes what is Temporal's to say: some more, until each has had its part.
    await waitFor(
      'both processes to have sent',
      async () => {
        count += (await publishMany(postrider, type, count === 0 ? 120 : 20)).length;
        expect(await allOver(webhookId)).toEqual(['succeeded 1']);
        const here = (await attemptsHere()) - before;
        return here > 0 && here < count;
      },
      120_000,
    );
    const times = receiver.arrivals.map(({ at }) => at.getTime());
    expect(times).toHaveLength(count);
    // From before the first could leave: a busy machine may be late with it. MongoDB's clock is not quite this one.
    const seconds = (Math.max(...times) - published) / 1_000;
    expect(seconds).toBeGreaterThan((count - 1) / 10 - 0.1);
  });

  it('says of what waits until when and why, and lets it go when the limit is lifted', async () => {
    const { type, webhookId, publish } = await subscribe(postrider.api, {
      url: receiver.url(),
      rateLimit: 0.1,
    });
    await postrider.over(await publish());
    // The next moment is far off, so that all that are published have asked before it comes.
    await postrider.ctx.models.rateLimits.updateOne(
      { _id: webhookId },
      { leasedUntil: Date.now() + 600_000 },
    );
    await publishMany(postrider, type, 3);
    const waiting = await waitFor('those that wait', async () => {
      const found = await heldBack(webhookId);
      return found.length === 3 && found;
    });
    expect(waiting[0]).toMatchObject({ status: 'waiting', attemptCount: 0, held: false });
    const times = waiting
      .map(({ nextAttemptAt }) => Date.parse(nextAttemptAt as string))
      .toSorted((a, b) => a - b);
    // Each has a time of its own, ten seconds after the one before.
    for (const [index, time] of times.slice(1).entries()) {
      expect(time - (times[index] ?? 0)).toBeGreaterThan(5_000);
    }
    expect(await postrider.ctx.metrics.render()).toContain(
      'postrider_held_deliveries{held_by="rate_limit"} 3',
    );
    expect(Math.min(...times)).toBeGreaterThan(Date.now() + 300_000);
    await postrider.api.patch(`/v1/webhooks/${webhookId}`, { rateLimit: null });
    expect(await allOver(webhookId)).toEqual(['succeeded 1']);
  });

  it('keeps no place for what was cancelled', async () => {
    const { type, webhookId, publish } = await subscribe(postrider.api, {
      url: receiver.url(),
      rateLimit: 0.2,
    });
    // Their places would last for five minutes.
    await publishMany(postrider, type, 60);
    await waitFor('those that wait', async () => (await heldBack(webhookId)).length > 20);
    await postrider.api.patch(`/v1/webhooks/${webhookId}`, { state: 'off' });
    await allOver(webhookId);
    await waitFor('the end of the change', async () => {
      const webhook = await postrider.ctx.models.webhooks.findById(webhookId, { settleAt: 1 }).lean();
      return webhook?.settleAt === null;
    });
    await postrider.api.patch(`/v1/webhooks/${webhookId}`, { state: 'active' });
    expect(await postrider.over(await publish())).toMatchObject({ status: 'succeeded' });
  });

  it.each([0, 0.05, 1_001, '10'])('cannot have %s a second', async (rateLimit) => {
    const { status, body } = await postrider.api.post('/v1/webhooks', { url: receiver.url(), rateLimit });
    expect(status).toBe(422);
    expect(body.errors[0].path).toBe('rateLimit');
  });
});

describe('a webhook with a concurrency limit', () => {
  it('has no more requests under way than that, from all workers together', async () => {
    let underWay = 0;
    let most = 0;
    receiver.always((_, response) => {
      underWay += 1;
      most = Math.max(most, underWay);
      setTimeout(() => {
        underWay -= 1;
        response.writeHead(200).end();
      }, 50);
    });
    const { type, webhookId } = await subscribe(postrider.api, { url: receiver.url(), maxConcurrency: 2 });
    await publishMany(postrider, type, 40);
    expect(await allOver(webhookId)).toEqual(['succeeded 1']);
    expect(most).toBeLessThanOrEqual(2);
  });

  it('goes on when a process that held its whole share is gone', async () => {
    const { webhookId, publish } = await subscribe(postrider.api, { url: receiver.url(), maxConcurrency: 1 });
    const { concurrencyShares } = postrider.ctx.models;
    const holder = 'a process that was killed';
    await concurrencyShares.create({
      _id: webhookId,
      shares: [{ holder, count: 1, until: Date.now() + 3_600_000 }],
      expiresAt: new Date(Date.now() + 3_600_000),
    });
    const id = await publish();
    const held = await postrider.delivery(id, ({ heldBy }: Loose) => heldBy === 'concurrency');
    expect(held).toMatchObject({ status: 'waiting', attemptCount: 0 });
    // As if it had not renewed its share for so long that it is gone.
    await concurrencyShares.updateOne(
      { _id: webhookId, 'shares.holder': holder },
      { $set: { 'shares.$.until': Date.now() - 1 } },
    );
    expect(await postrider.over(id)).toMatchObject({ status: 'succeeded', attemptCount: 1, heldBy: null });
  });
});
