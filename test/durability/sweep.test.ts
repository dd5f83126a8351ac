import { describe, expect, it } from '@jest/globals';
import type { Loose } from '../support/api.js';
import { postrider, postriderForAll, receiver, receiverForEach } from '../support/running.js';
import { subscribe } from '../support/subscribe.js';
import { waitFor } from '../support/wait.js';

/** Overdue by more than the sweep waits for. */
const longAgo = () => new Date(Date.now() - 600_000);

postriderForAll();
receiverForEach();

/** A delivery that waits an hour for its next attempt. */
async function waiting(): Promise<string> {
  receiver.next(500);
  const { publish } = await subscribe(postrider.api, { url: receiver.url(), retrySchedule: ['1h'] });
  const id = await publish();
  await postrider.delivery(id, ({ status }: Loose) => status === 'waiting');
  return id;
}

/** As a Temporal that lost its data: the workflow is not known any more. */
async function forgetWorkflow(id: string): Promise<void> {
  const { client, connection } = postrider.ctx.temporal.current;
  await connection.workflowService.deleteWorkflowExecution({
    namespace: postrider.ctx.temporal.namespace,
    workflowExecution: { workflowId: `delivery/${id}` },
  });
  await waitFor('the workflow to be gone', async () =>
    client
      .getHandle(`delivery/${id}`)
      .describe()
      .then(
        () => false,
        () => true,
      ),
  );
}

async function terminate(id: string): Promise<void> {
  await postrider.ctx.temporal.current.client.getHandle(`delivery/${id}`).terminate('by an operator');
}

/** As if so much time had passed that the delivery is long overdue. */
async function makeOverdue(id: string): Promise<void> {
  await postrider.ctx.models.deliveries.updateOne({ _id: id }, { $set: { nextAttemptAt: longAgo() } });
}

describe('the sweep', () => {
  it('starts a delivery again whose workflow Temporal does not know, and it goes on where it was', async () => {
    const id = await waiting();
    await forgetWorkflow(id);
    await makeOverdue(id);
    expect(await postrider.over(id)).toMatchObject({ status: 'succeeded', attemptCount: 2 });
    expect(receiver.arrivals.map(({ headers }) => headers['postrider-attempt'])).toEqual(['1', '2']);
  });

  it('ends a delivery whose workflow an operator has terminated', async () => {
    const id = await waiting();
    await terminate(id);
    await makeOverdue(id);
    expect(await postrider.over(id)).toMatchObject({ status: 'cancelled', attemptCount: 1 });
  });

  it('ends a delivery whose workflow was terminated before its first attempt', async () => {
    const { models, dispatcher } = postrider.ctx;
    const id = await waiting();
    await terminate(id);
    // As it is where the workflow never got to run: this process knows that it was started, and nothing more.
    expect(dispatcher.hasTaken(id)).toBe(true);
    await models.deliveries.updateOne(
      { _id: id },
      {
        $set: { status: 'pending', attempts: [], attemptCount: 0, nextAttemptAt: null, createdAt: longAgo() },
      },
    );
    expect(await postrider.over(id)).toMatchObject({ status: 'cancelled', attemptCount: 0 });
  });

  it('leaves a delivery alone whose workflow runs', async () => {
    const id = await waiting();
    await makeOverdue(id);
    const other = await waiting();
    await terminate(other);
    await makeOverdue(other);
    // The other one has been seen to, so this one has been looked at.
    await postrider.over(other);
    expect((await postrider.api.get(`/v1/deliveries/${id}`)).body).toMatchObject({
      status: 'waiting',
      attemptCount: 1,
    });
    expect(receiver.arrivals).toHaveLength(2);
  });

  it('holds nothing back for a delivery that cannot be started', async () => {
    const { models } = postrider.ctx;
    const sound = await waiting();
    const record = await models.deliveries.findById(sound, { _id: 0 }).lean();
    const poisoned = `${sound}-poisoned`;
    await models.deliveries.collection.insertOne({
      ...record,
      _id: poisoned,
      workflowId: `delivery/${poisoned}`,
      status: 'pending',
      createdAt: longAgo(),
      // Longer than Temporal lets a search attribute be.
      eventType: 'x'.repeat(5_000),
    } as object);
    await forgetWorkflow(sound);
    await makeOverdue(sound);
    expect(await postrider.over(sound)).toMatchObject({ status: 'succeeded' });
    expect(await models.deliveries.findById(poisoned).lean()).toMatchObject({ status: 'pending' });
    await models.deliveries.deleteOne({ _id: poisoned });
  });

  it('sends a held delivery that has lost its workflow once its webhook is resumed', async () => {
    const hook = await subscribe(postrider.api, { url: receiver.url(), state: 'paused' });
    const id = await hook.publish();
    await postrider.delivery(id, ({ held }: Loose) => held === true);
    await forgetWorkflow(id);
    await postrider.api.patch(`/v1/webhooks/${hook.webhookId}`, { state: 'active' });
    expect(await postrider.over(id)).toMatchObject({ status: 'succeeded', attemptCount: 1 });
  });
});
