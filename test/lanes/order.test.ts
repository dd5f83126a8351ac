import { describe, expect, it } from '@jest/globals';
import type { Loose } from '../support/api.js';
import { postrider, postriderForAll, receiver, receiverForEach } from '../support/running.js';
import { subscribe } from '../support/subscribe.js';
import { waitFor } from '../support/wait.js';
import { arrived, dataOf, holdKey, publishKeys } from './stage.js';

const byAccount = { orderingKey: 'account.id' };

postriderForAll({ env: { POSTRIDER_DISPATCH: 'auto', POSTRIDER_GROUP_FROM: '5' } });
receiverForEach();

async function allOver(ids: readonly string[]): Promise<Loose[]> {
  return Promise.all(ids.map(async (id) => postrider.over(id)));
}

/** Fails the first requests of a delivery's number so often. */
function failing(failures: Record<number, number[]>): void {
  receiver.always((arrival, response) => {
    response.writeHead(failures[dataOf(arrival).n]?.shift() ?? 200).end('ok');
  });
}

async function noLaneIsLeft(): Promise<void> {
  await waitFor(
    'the end of the lanes',
    async () => (await postrider.ctx.models.lanes.countDocuments()) === 0,
  );
}

describe('an ordered webhook', () => {
  it('gets the events of a key one after the other, and those of others beside them', async () => {
    const { type } = await subscribe(postrider.api, { url: receiver.url(), ordered: byAccount });
    const release = holdKey(receiver, 'slow');
    const keys = Array.from({ length: 60 }, (_, n) => ['slow', 'a', 'b'][n % 3] ?? '');
    const ids = await publishKeys(postrider.api, type, keys);
    await waitFor('the other keys', () => arrived(receiver).length === 41);
    expect(arrived(receiver, 'slow')).toEqual([0]);
    release(200);
    const over = await allOver(ids);
    expect(new Set(over.map(({ status }) => status as string))).toEqual(new Set(['succeeded']));
    for (const [first, key] of ['slow', 'a', 'b'].entries()) {
      expect(arrived(receiver, key)).toEqual(Array.from({ length: 20 }, (_, n) => 3 * n + first));
    }
    expect(new Set(over.map(({ workflowId }) => workflowId as string)).size).toBe(3);
    await noLaneIsLeft();
  });

  it('without a key has one lane, in which a failing delivery holds back the others until it is over', async () => {
    const ordered = {};
    const { type, webhookId } = await subscribe(postrider.api, {
      url: receiver.url(),
      ordered,
      retrySchedule: ['10ms', '10ms'],
    });
    expect((await postrider.api.get(`/v1/webhooks/${webhookId}`)).body.ordered).toEqual({
      orderingKey: null,
      onFailure: 'block',
    });
    failing({ 1: [500, 500], 3: [500, 500, 500], 4: [400] });
    const over = await allOver(await publishKeys(postrider.api, type, ['a', 'b', 'c', 'd', 'e', 'f']));
    expect(arrived(receiver)).toEqual([0, 1, 1, 1, 2, 3, 3, 3, 4, 5]);
    expect(over.map(({ failureReason }) => failureReason as string)).toEqual([
      null,
      null,
      null,
      'exhausted',
      'rejected',
      null,
    ]);
    await noLaneIsLeft();
  });
});
