import { beforeAll, describe, expect, it } from '@jest/globals';
import { KeyRing } from '../../src/crypto/key-ring.js';
import type { DeliveryRecord } from '../../src/models/delivery.js';
import { replayedIdOf } from '../../src/models/ids.js';
import type { Loose } from '../support/api.js';
import { databaseUri, startTestPostrider } from '../support/postrider.js';
import { postrider, postriderForAll, receiver, receiverForAll } from '../support/running.js';
import { waitFor } from '../support/wait.js';
import { failDeliveries, replayThat } from './stage.js';

const count = 24;

const shared = {
  MONGODB_URI: databaseUri(`test-replays-steer-${process.pid}-${Date.now().toString(36)}`),
  POSTRIDER_ENCRYPTION_KEYS: KeyRing.generate('k1'),
};
let filter: object;
let deliveryIds: string[];

postriderForAll({ env: shared });
receiverForAll();

beforeAll(async () => {
  receiver.always(500);
  const failed = await failDeliveries(postrider, receiver.url(), { type: 'steered', count });
  ({ deliveryIds } = failed);
  receiver.always(200);
  filter = { webhookId: failed.webhook.id as string };
});

async function begin(rate: number): Promise<Loose> {
  return postrider.api.make('/v1/replays', { filter, rate });
}

/** The deliveries that it has made. */
async function madeBy({ id }: Loose): Promise<DeliveryRecord[]> {
  const ids = deliveryIds.map((deliveryId) => replayedIdOf(id as string, deliveryId));
  return postrider.ctx.models.deliveries
    .find({ _id: { $in: ids } })
    .sort({ createdAt: 1 })
    .lean();
}

function workflowOf(id: string) {
  return postrider.ctx.temporal.current.client.getHandle(`replay/${id}`);
}

async function itsWorkflowIsCancelled(id: string): Promise<void> {
  await waitFor(
    'its workflow to end',
    async () => (await workflowOf(id).describe()).status.name === 'CANCELLED',
    120_000,
  );
}

/** Until its workflow says that it is paused; a worker that is behind answers no question in time. */
async function itsWorkflowPauses(id: string): Promise<void> {
  await waitFor(
    'its workflow to pause',
    async () => {
      const asked = workflowOf(id).query<{ currentDetails?: string }>('__temporal_workflow_metadata');
      const metadata = await asked.catch(() => undefined);
      return metadata?.currentDetails?.endsWith('; paused');
    },
    120_000,
  );
}

describe('a replay that is under way', () => {
  it('is paused, goes on where it stopped, and is over when all is sent', async () => {
    const replay = await begin(2);
    await replayThat(postrider, replay.id, ({ done }) => done > 0);
    const paused = await postrider.api.post(`/v1/replays/${replay.id}/pause`);
    expect(paused.status).toBe(202);
    expect(paused.body.status).toBe('paused');
    await itsWorkflowPauses(replay.id);
    const { body: still } = await postrider.api.get(`/v1/replays/${replay.id}`);
    expect(still.done).toBe(paused.body.done);
    expect(still.done).toBeLessThan(count);
    expect(await madeBy(replay)).toHaveLength(still.done);
    expect((await postrider.api.post(`/v1/replays/${replay.id}/pause`)).status).toBe(202);

    const resumed = await postrider.api.post(`/v1/replays/${replay.id}/resume`);
    expect(resumed).toMatchObject({ status: 202, body: { status: 'running' } });
    const over = await replayThat(postrider, replay.id, ({ status }) => status === 'succeeded');
    expect(over).toMatchObject({ done: count, skipped: 0 });
    expect(await madeBy(replay)).toHaveLength(count);
    for (const verb of ['pause', 'resume', 'cancel']) {
      const late = await postrider.api.post(`/v1/replays/${replay.id}/${verb}`);
      expect(late.status).toBe(409);
      expect(late.body.code).toBe('replay_over');
    }
  });

  it('is cancelled at once, and counts exactly what it made', async () => {
    const replay = await begin(1);
    await replayThat(postrider, replay.id, ({ done }) => done > 0);
    const cancelled = await postrider.api.post(`/v1/replays/${replay.id}/cancel`);
    expect(cancelled).toMatchObject({ status: 202, body: { status: 'cancelled' } });
    await itsWorkflowIsCancelled(replay.id);
    const { body: over } = await postrider.api.get(`/v1/replays/${replay.id}`);
    expect(over.done).toBe(cancelled.body.done);
    expect(over.done).toBeLessThan(count);
    expect(await madeBy(replay)).toHaveLength(over.done);
  });

  it('is cancelled while it is paused', async () => {
    const replay = await begin(1);
    await postrider.api.post(`/v1/replays/${replay.id}/pause`);
    await postrider.api.post(`/v1/replays/${replay.id}/cancel`);
    await itsWorkflowIsCancelled(replay.id);
    const { body } = await postrider.api.get(`/v1/replays/${replay.id}`);
    expect(body.status).toBe('cancelled');
    expect(await madeBy(replay)).toHaveLength(body.done);
  });

  it('is cancelled by an operator in Temporal', async () => {
    const replay = await begin(1);
    await replayThat(postrider, replay.id, ({ done }) => done > 0);
    await workflowOf(replay.id).cancel();
    const over = await replayThat(postrider, replay.id, ({ status }) => status === 'cancelled');
    expect(over.endedAt).not.toBeNull();
    expect(await madeBy(replay)).toHaveLength(over.done);
  });

  it('counts as cancelled where an operator terminated its workflow', async () => {
    const replay = await begin(1);
    await replayThat(postrider, replay.id, ({ done }) => done > 0);
    await workflowOf(replay.id).terminate();
    // The sweep looks a minute after the last sign of life.
    await postrider.ctx.models.replays.updateOne({ _id: replay.id as string }, { checkAt: new Date() });
    await replayThat(postrider, replay.id, ({ status }) => status === 'cancelled');
  });

  it('keeps to its rate', async () => {
    const rate = 4;
    const begun = Date.now();
    const replay = await begin(rate);
    await replayThat(postrider, replay.id, ({ status }) => status === 'succeeded');
    const made = await madeBy(replay);
    expect(made).toHaveLength(count);
    // Page after page, a second apart, however late the first one was. Temporal's clock is not quite this one.
    const tookMs = Number(made.at(-1)?.createdAt) - begun;
    expect(tookMs).toBeGreaterThan((count / rate - 1) * 1_000 - 100);
  });

  it('is started by the sweep where Temporal was away when it was made', async () => {
    const cutOff = await startTestPostrider({
      env: {
        ...shared,
        TEMPORAL_ADDRESS: '127.0.0.1:1',
        TEMPORAL_NAMESPACE: postrider.ctx.config.temporal.namespace,
        POSTRIDER_ROLE: 'api',
      },
    });
    const made = await cutOff.api.post('/v1/replays', { filter, rate: 1_000 });
    expect(made).toMatchObject({ status: 201, body: { status: 'running', count } });
    const cancelled = await cutOff.api.make('/v1/replays', { filter, rate: 1 });
    // On a busy machine the sweep may have been faster: what was sent by then is all.
    const { done } = await cutOff.api.make(`/v1/replays/${cancelled.id}/cancel`);
    const over = await replayThat(postrider, made.body.id, ({ status }) => status === 'succeeded');
    expect(over.done).toBe(count);
    const { body } = await postrider.api.get(`/v1/replays/${cancelled.id}`);
    expect(body).toMatchObject({ status: 'cancelled', done });
    expect(await madeBy(cancelled)).toHaveLength(done);
    await cutOff.stop();
  });
});
