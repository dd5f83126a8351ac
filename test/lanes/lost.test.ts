import { describe, expect, it } from '@jest/globals';
import type { Loose } from '../support/api.js';
import { postrider, postriderForAll, receiver, receiverForEach } from '../support/running.js';
import { subscribe } from '../support/subscribe.js';
import { waitFor } from '../support/wait.js';
import { arrived, dataOf, publishKeys } from './stage.js';

postriderForAll();
receiverForEach();

function handleOf(workflowId: string) {
  return postrider.ctx.temporal.current.client.getHandle(workflowId);
}

/** A lane of two deliveries that waits for an hour, and the workflow that carries it. */
async function waitingLane() {
  receiver.next(500);
  const { type, webhookId } = await subscribe(postrider.api, {
    url: receiver.url(),
    ordered: {},
    retrySchedule: ['1h'],
  });
  const ids = await publishKeys(postrider.api, type, ['a', 'a']);
  const [first = ''] = ids;
  const { workflowId } = await postrider.delivery(
    first,
    ({ nextAttemptAt }: Loose) => nextAttemptAt !== null,
  );
  // Once Temporal shows the wait, nobody walks along the lane.
  await waitFor('the wait in Temporal', async () => {
    const { raw } = await handleOf(workflowId as string).describe();
    return raw.pendingActivities?.some(({ lastFailure }) => lastFailure);
  });
  return { ids, first, webhookId, workflowId: workflowId as string };
}

/** As if nobody had walked along it for so long. */
async function makeOverdue(webhookId: string): Promise<void> {
  const checkAt = new Date(Date.now() - 600_000);
  await postrider.ctx.models.lanes.updateOne({ webhookId }, { $set: { checkAt } });
}

async function carrierOf(webhookId: string): Promise<string | undefined> {
  return (await postrider.ctx.models.lanes.findOne({ webhookId }).lean())?.workflowId;
}

async function isRunning(workflowId: string): Promise<boolean> {
  return handleOf(workflowId)
    .describe()
    .then(
      ({ status }) => status.name === 'RUNNING',
      () => false,
    );
}

async function sendNow(id: string): Promise<void> {
  expect((await postrider.api.post(`/v1/deliveries/${id}/send-now`)).status).toBe(202);
}

describe('a lane', () => {
  it('whose workflow Temporal does not know is started by the sweep', async () => {
    const { ids, first, webhookId, workflowId } = await waitingLane();
    await postrider.ctx.temporal.current.connection.workflowService.deleteWorkflowExecution({
      namespace: postrider.ctx.temporal.namespace,
      workflowExecution: { workflowId },
    });
    // It is ended first, and known for a while.
    await waitFor('the workflow to be gone', async () =>
      handleOf(workflowId)
        .describe()
        .then(
          () => false,
          () => true,
        ),
    );
    await makeOverdue(webhookId);
    await waitFor('the workflow', async () => isRunning(workflowId));
    await sendNow(first);
    await Promise.all(ids.map(async (id) => postrider.over(id)));
    expect(arrived(receiver)).toEqual([0, 0, 1]);
  });

  it('whose workflow an operator has ended goes on in another one', async () => {
    const { ids, first, webhookId, workflowId } = await waitingLane();
    await handleOf(workflowId).terminate('by an operator');
    await makeOverdue(webhookId);
    const next = await waitFor('another workflow', async () => {
      const found = await carrierOf(webhookId);
      return found !== workflowId && found;
    });
    await waitFor('it to run', async () => isRunning(next));
    await sendNow(first);
    const over = await Promise.all(ids.map(async (id) => postrider.over(id)));
    expect(over.map((delivery) => delivery.workflowId as string)).toEqual([next, next]);
    expect(arrived(receiver)).toEqual([0, 0, 1]);
  });

  it('loses nothing that comes when it ends, and leaves nothing behind', async () => {
    const { type, webhookId } = await subscribe(postrider.api, { url: receiver.url(), ordered: {} });
    const carriers = new Set<string>();
    for (let n = 0; n < 15; n += 1) {
      const [id = ''] = await publishKeys(postrider.api, type, ['a'], n);
      const { workflowId } = await postrider.over(id);
      carriers.add(workflowId as string);
    }
    expect(arrived(receiver)).toEqual(Array.from({ length: 15 }, (_, n) => n));
    await waitFor('no lane', async () => (await carrierOf(webhookId)) === undefined);
    for (const workflowId of carriers) {
      await handleOf(workflowId).result();
      expect(await isRunning(workflowId)).toBe(false);
    }
  });

  it('has no long history, however much goes through it', async () => {
    const failed = new Set<number>();
    receiver.always((arrival, response) => {
      const { n } = dataOf(arrival);
      response.writeHead(failed.has(n) ? 200 : 500).end();
      failed.add(n);
    });
    const { type } = await subscribe(postrider.api, {
      url: receiver.url(),
      ordered: {},
      retrySchedule: ['10ms'],
    });
    const ids = await publishKeys(
      postrider.api,
      type,
      Array.from({ length: 60 }, () => 'a'),
    );
    const { workflowId } = await postrider.over(ids.at(-1) ?? '', 300_000);
    expect(arrived(receiver)).toEqual(Array.from({ length: 120 }, (_, index) => index >> 1));
    const handle = handleOf(workflowId as string);
    await handle.result();
    const { events } = await handle.fetchHistory();
    const started = events?.[0]?.workflowExecutionStartedEventAttributes;
    expect(started?.continuedExecutionRunId).not.toBe('');
    expect(events?.length).toBeLessThan(1_000);
  }, 400_000);
});
