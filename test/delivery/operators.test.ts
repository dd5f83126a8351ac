import { beforeAll, describe, expect, it } from '@jest/globals';
import type { WorkflowClient } from '@temporalio/client';
import type { Loose } from '../support/api.js';
import { postrider, postriderForAll, receiver, receiverForEach } from '../support/running.js';
import { subscribe } from '../support/subscribe.js';
import { waitFor } from '../support/wait.js';

/** What an operator sees in the Temporal UI, read through the same API. */
let client: WorkflowClient;

// Those of deliveries that have their own from the first attempt; of groups see test/dispatch.
postriderForAll({ env: { POSTRIDER_DISPATCH: 'workflow' } });
receiverForEach();

beforeAll(async () => {
  ({ client } = await postrider.ctx.temporal.connected());
});

async function statusOf(id: string): Promise<string> {
  // Until it is over, its workflow may not have been started yet.
  await postrider.over(id);
  const workflow = client.getHandle(`delivery/${id}`);
  await workflow.result().catch(() => undefined);
  return (await workflow.describe()).status.name;
}

describe('the workflow of a delivery', () => {
  it.each([
    [200, 'COMPLETED'],
    [400, 'FAILED'],
    [500, 'FAILED'],
  ])('that got %i has %s', async (status, workflowStatus) => {
    receiver.always(status);
    const { publish } = await subscribe(postrider.api, { url: receiver.url(), retrySchedule: [] });
    expect(await statusOf(await publish())).toBe(workflowStatus);
  });

  it('says in its failure what the last attempt came to', async () => {
    receiver.next(503).always(404);
    const { publish } = await subscribe(postrider.api, { url: receiver.url(), retrySchedule: ['10ms'] });
    const workflow = client.getHandle(`delivery/${await publish()}`);
    await postrider.over(workflow.workflowId.replace('delivery/', ''));
    await expect(workflow.result()).rejects.toMatchObject({
      cause: { cause: { type: 'exhausted', message: 'exhausted, attempt 2: HTTP 404' } },
    });
  });

  it('is found by delivery, webhook, event, event type, organization and environment', async () => {
    const { publish, webhookId, type } = await subscribe(postrider.api, { url: receiver.url() });
    const id = await publish();
    const { eventId, workflowId } = await postrider.over(id);
    const { body: me } = await postrider.api.get('/v1/me');
    for (const query of [
      `PostriderDeliveryIds = '${id}'`,
      `PostriderWebhookIds = '${webhookId}'`,
      `PostriderEventId = '${eventId}'`,
      `PostriderEventType = '${type}'`,
      `PostriderEventType = '${type}' AND PostriderOrganizationIds = '${me.organization.id}'`,
      `PostriderEventType = '${type}' AND PostriderEnvironment = 'sandbox'`,
    ]) {
      const found = await waitFor(query, async () => {
        const ids: string[] = [];
        for await (const workflow of client.list({ query })) ids.push(workflow.workflowId);
        return ids.length > 0 && ids;
      });
      expect(found).toEqual([workflowId]);
    }
  });

  it('says where it goes: host and name, and no path', async () => {
    const { publish } = await subscribe(postrider.api, {
      name: 'Bücher GmbH',
      url: receiver.url('/secret/path?key=7'),
    });
    const id = await publish();
    await postrider.over(id);
    const description = await client.getHandle(`delivery/${id}`).describe();
    expect(await description.staticSummary()).toBe(`127.0.0.1:${receiver.port} (Bücher GmbH)`);
  });

  it('starts however long the name of its webhook is', async () => {
    const { publish } = await subscribe(postrider.api, { name: '長'.repeat(200), url: receiver.url() });
    const id = await publish();
    expect(await postrider.over(id)).toMatchObject({ status: 'succeeded' });
    const description = await client.getHandle(`delivery/${id}`).describe();
    expect(await description.staticSummary()).toMatch(/^127\.0\.0\.1:\d+ \(長{100,}…$/);
  });

  it('that waits shows the attempt, its failure and the next time', async () => {
    receiver.always(502);
    const { publish } = await subscribe(postrider.api, {
      url: receiver.url(),
      retrySchedule: ['10ms', '1h'],
    });
    const id = await publish();
    const delivery = await postrider.delivery(
      id,
      ({ attemptCount, status }: Loose) => attemptCount === 2 && status === 'waiting',
    );
    const pending = await waitFor('the pending activity', async () => {
      const { raw } = await client.getHandle(`delivery/${id}`).describe();
      const [activity] = raw.pendingActivities ?? [];
      return activity?.lastFailure?.message?.startsWith('attempt 2') === true && activity;
    });
    expect(pending).toMatchObject({ attempt: 3, lastFailure: { message: 'attempt 2: HTTP 502' } });
    const next = Number(pending.nextAttemptScheduleTime?.seconds) * 1_000;
    expect(Math.abs(next - Date.parse(delivery.nextAttemptAt as string))).toBeLessThan(30_000);
  });
});
