import { beforeEach, describe, expect, it } from '@jest/globals';
import proto from '@temporalio/proto';
import type { Loose } from '../support/api.js';
import { postrider, postriderForAll, receiver, receiverForEach } from '../support/running.js';
import { subscribe } from '../support/subscribe.js';
import { allOver, holdNext, publishMany } from './stage.js';

/** Of a group's result. */
const nothing = { succeeded: 0, failed: 0, cancelled: 0, goingOn: 0, passedOver: 0 };
const { EVENT_TYPE_ACTIVITY_TASK_SCHEDULED: scheduled, EVENT_TYPE_MARKER_RECORDED: marked } =
  proto.temporal.api.enums.v1.EventType;

postriderForAll({
  env: { POSTRIDER_DISPATCH: 'auto', POSTRIDER_GROUP_FROM: '5', POSTRIDER_GROUP_SIZE: '3' },
});
receiverForEach();

let fast: { type: string; webhookId: string };

beforeEach(async () => {
  fast = await fastWebhook();
});

/** A webhook whose endpoint has been seen to be fast, whatever this machine adds to its answers. */
async function fastWebhook(fields: object = {}): Promise<{ type: string; webhookId: string }> {
  const webhook = await subscribe(postrider.api, { url: receiver.url(), retrySchedule: ['10ms'], ...fields });
  for (let proof = 0; proof < 3; proof += 1) postrider.ctx.pace.observe(webhook.webhookId, true, 1);
  return webhook;
}

/** What the groups of some deliveries came to, and how many activities and local activities Temporal has on record for each. */
async function groupsOf(deliveries: readonly Loose[]) {
  const ids = [...new Set(deliveries.map(({ workflowId }) => workflowId as string))].filter((id) =>
    id.startsWith('group/'),
  );
  return Promise.all(
    ids.map(async (id) => {
      const handle = postrider.ctx.temporal.current.client.getHandle(id);
      const result = (await handle.result()) as Record<string, number>;
      const types = ((await handle.fetchHistory()).events ?? []).map(({ eventType }) => eventType);
      return {
        result,
        activities: types.filter((type) => type === scheduled).length,
        local: types.filter((type) => type === marked).length,
      };
    }),
  );
}

describe('a group', () => {
  it('to endpoints that are fast is sent inside the first task of its workflow', async () => {
    const over = await allOver(postrider, await publishMany(postrider, fast.type, 6));
    expect(over.map(({ status }) => status as string)).toEqual(Array(6).fill('succeeded'));
    const inTask = { result: { ...nothing, succeeded: 3 }, activities: 0, local: 1 };
    expect(await groupsOf(over)).toEqual([inTask, inTask]);
    expect(receiver.arrivals).toHaveLength(6);
  });

  it('leaves endpoints of which that is not known to an activity, and each delivery arrives once', async () => {
    await postrider.api.make('/v1/webhooks', {
      name: 'unknown',
      url: receiver.url('/unknown'),
      eventTypes: [fast.type],
    });
    const ids = await publishMany(postrider, fast.type, 3);
    expect(ids).toHaveLength(6);
    const groups = await groupsOf(await allOver(postrider, ids));
    expect(groups).toHaveLength(2);
    for (const { result, activities } of groups) {
      expect({ result, activities }).toEqual({ result: { ...nothing, succeeded: 3 }, activities: 1 });
    }
    const arrived = receiver.arrivals.map(({ headers }) => String(headers['postrider-delivery-id']));
    expect(arrived.toSorted()).toEqual(ids.toSorted());
  });

  it('goes to an activity as a whole where one of its webhooks has a limit, for which it may have to wait', async () => {
    const limited = await fastWebhook({ maxConcurrency: 2 });
    const over = await allOver(postrider, await publishMany(postrider, limited.type, 6));
    const inActivity = { result: { ...nothing, succeeded: 3 }, activities: 1, local: 0 };
    expect(await groupsOf(over)).toEqual([inActivity, inActivity]);
  });

  it('has what is not over after its first attempt go on in a workflow of its own', async () => {
    receiver.next(500);
    const over = await allOver(postrider, await publishMany(postrider, fast.type, 6));
    expect(over.map(({ status }) => status as string)).toEqual(Array(6).fill('succeeded'));
    expect(over.filter(({ workflowId, id }) => workflowId === `delivery/${id}`)).toEqual([
      expect.objectContaining({ attemptCount: 2 }),
    ]);
    const groups = await groupsOf(over);
    expect(groups.map(({ result }) => result)).toContainEqual({ ...nothing, succeeded: 2, goingOn: 1 });
    expect(groups.map(({ activities }) => activities)).toEqual([0, 0]);
  });
});

describe('an endpoint that was fast and hangs', () => {
  it('holds six groups inside their tasks at most, and holds up no other', async () => {
    const answer = holdNext(receiver, 24);
    const hanging = await publishMany(postrider, fast.type, 24);
    await receiver.received(24);
    const other = await fastWebhook();
    const [quiet = ''] = await publishMany(postrider, other.type, 1);
    expect(await postrider.over(quiet)).toMatchObject({ status: 'succeeded', attemptCount: 1 });
    for (const id of hanging) answer(id, 200);
    const groups = await groupsOf(await allOver(postrider, hanging));
    expect(groups).toHaveLength(8);
    expect(groups.filter(({ activities }) => activities > 0).length).toBeGreaterThanOrEqual(2);
    expect(groups.filter(({ activities }) => activities === 0).length).toBeLessThanOrEqual(6);
  });
});
