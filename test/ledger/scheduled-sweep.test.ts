import { beforeAll, expect, it } from '@jest/globals';
import { ScheduleClient, ScheduleOverlapPolicy } from '@temporalio/client';
import { ensureSweepSchedule, sweepScheduleId } from '../../src/temporal/sweep-schedule.js';
import type { Loose } from '../support/api.js';
import { postrider, postriderForAll, receiver, receiverForAll } from '../support/running.js';
import { subscribe } from '../support/subscribe.js';
import { waitFor } from '../support/wait.js';

const longMs = 120_000;

let schedules: ScheduleClient;

postriderForAll();
receiverForAll();

beforeAll(async () => {
  const { temporal } = postrider.ctx;
  const { connection } = await temporal.connected();
  schedules = new ScheduleClient({ connection, namespace: temporal.namespace });
  await waitFor('the schedule', async () => describeSchedule().catch(() => undefined), longMs);
});

async function describeSchedule() {
  return schedules.getHandle(sweepScheduleId).describe();
}

/** Has the schedule run now, again and again, until `accept` says so: a run may be skipped while another is under way. */
async function sweepUntil(what: string, accept: () => Promise<boolean>): Promise<void> {
  await waitFor(
    what,
    async () => {
      await schedules.getHandle(sweepScheduleId).trigger();
      return waitFor(what, accept, 2_000).catch(() => false);
    },
    longMs,
  );
}

async function repaired(repair: string): Promise<number> {
  return (await postrider.api.get('/v1/ledger')).body.repaired[repair];
}

async function stateOf(id: string): Promise<string> {
  return postrider.ctx.dispatcher.stateOf(`delivery/${id}`);
}

/** As a Temporal that lost its data: the workflow is not known any more. */
async function forgetWorkflow(id: string): Promise<void> {
  const { connection } = postrider.ctx.temporal.current;
  await connection.workflowService.deleteWorkflowExecution({
    namespace: postrider.ctx.temporal.namespace,
    workflowExecution: { workflowId: `delivery/${id}` },
  });
  await waitFor('the workflow to be gone', async () => (await stateOf(id)) === 'unknown', longMs);
}

/** As if it had not changed for so long that it is nobody's. */
async function makeQuiet(id: string, changes: object = {}): Promise<void> {
  const updatedAt = new Date(Date.now() - 120_000);
  await postrider.ctx.models.deliveries.updateOne({ _id: id }, { $set: { updatedAt, ...changes } });
}

it('is on a schedule once, which never runs twice at a time, and stays paused where an operator has paused it', async () => {
  const { temporal } = postrider.ctx;
  const connection = await temporal.connected();
  expect((await describeSchedule()).policies.overlap).toBe(ScheduleOverlapPolicy.SKIP);
  const handle = schedules.getHandle(sweepScheduleId);
  await handle.pause('maintenance');
  await Promise.all([
    ensureSweepSchedule(connection, temporal.namespace, true),
    ensureSweepSchedule(connection, temporal.namespace, false),
  ]);
  const { state, spec } = await describeSchedule();
  expect(state).toMatchObject({ paused: true, note: 'maintenance' });
  expect(spec.intervals).toHaveLength(1);
  await handle.unpause();
});

it('starts a delivery again that waits for hours, or is held, and has lost its workflow', async () => {
  receiver.next(500);
  const hook = await subscribe(postrider.api, { url: receiver.url(), retrySchedule: ['10h'] });
  const waiting = await hook.publish();
  await postrider.delivery(waiting, ({ status }: Loose) => status === 'waiting');
  const paused = await subscribe(postrider.api, { url: receiver.url(), state: 'paused' });
  const held = await paused.publish();
  await postrider.delivery(held, (delivery: Loose) => delivery.held === true);
  const before = await repaired('revived');
  for (const id of [waiting, held]) {
    await forgetWorkflow(id);
    await makeQuiet(id);
  }
  await sweepUntil('both workflows', async () =>
    (await Promise.all([waiting, held].map(stateOf))).every((state) => state === 'running'),
  );
  await waitFor('the count', async () => (await repaired('revived')) === before + 2);
  expect((await postrider.api.get(`/v1/deliveries/${waiting}`)).body).toMatchObject({
    status: 'waiting',
    attemptCount: 1,
  });
  // Counted after the ledger of the hour.
  await waitFor('the metric', async () => {
    const metrics = await (await fetch(`${postrider.url}/metrics`)).text();
    return /^postrider_repaired_deliveries_total\{repair="revived"\} [1-9]/m.test(metrics);
  });
});

it('ends a delivery that waits for hours whose workflow was terminated', async () => {
  receiver.next(500);
  const hook = await subscribe(postrider.api, { url: receiver.url(), retrySchedule: ['10h'] });
  const id = await hook.publish();
  await postrider.delivery(id, ({ status }: Loose) => status === 'waiting');
  const before = await repaired('ended');
  await postrider.ctx.temporal.current.client.getHandle(`delivery/${id}`).terminate('by an operator');
  await makeQuiet(id);
  await sweepUntil('its end', async () => {
    const { body } = await postrider.api.get(`/v1/deliveries/${id}`);
    return body.status === 'cancelled';
  });
  await waitFor('the count', async () => (await repaired('ended')) === before + 1);
});

it('lets a delivery go that is held by nothing any more', async () => {
  const { models } = postrider.ctx;
  const hook = await subscribe(postrider.api, { url: receiver.url(), state: 'paused' });
  const id = await hook.publish();
  await postrider.delivery(id, ({ held }: Loose) => held === true);
  await makeQuiet(id);
  // As if the resume had got lost on its way to the deliveries.
  await models.webhooks.updateOne({ _id: hook.webhookId }, { $set: { state: 'active', settleAt: null } });
  await sweepUntil('its end', async () => {
    const { body } = await postrider.api.get(`/v1/deliveries/${id}`);
    return body.status === 'succeeded';
  });
  await waitFor('the count', async () => (await repaired('settled')) > 0);
});
