import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Loose } from '../support/api.js';
import { postrider, postriderForAll, receiver, receiverForEach } from '../support/running.js';
import { subscribe } from '../support/subscribe.js';
import { waitFor } from '../support/wait.js';
import { arrived, dataOf, publishKeys } from './stage.js';

const byAccount = { orderingKey: 'account.id' };

/** Whether the receiver takes what has this number. */
let takes: (n: number) => boolean;

postriderForAll();
receiverForEach();

beforeEach(() => {
  takes = () => true;
  receiver.always((arrival, response) => {
    response.writeHead(takes(dataOf(arrival).n) ? 200 : 500).end('ok');
  });
});

async function ask(id: string | undefined, what: 'cancel' | 'send-now' | 'resend'): Promise<Loose> {
  return postrider.api.post(`/v1/deliveries/${id}/${what}`);
}

async function states(ids: readonly string[]): Promise<unknown[]> {
  const over = await Promise.all(ids.map(async (id) => postrider.over(id)));
  return over.map(({ status, failureReason }) => failureReason ?? status);
}

async function lanesOf(webhookId: string, query = ''): Promise<Loose[]> {
  return (await postrider.api.get(`/v1/webhooks/${webhookId}/lanes${query}`)).body.data;
}

/** A webhook whose lane of `a` waits for an hour, since its first delivery failed, with those of `keys` in it. */
async function blocked(keys: readonly string[], webhook: object = {}) {
  takes = (n) => n !== 0;
  const hook = await subscribe(postrider.api, {
    url: receiver.url(),
    ordered: byAccount,
    retrySchedule: ['1h', '1h'],
    ...webhook,
  });
  const ids = await publishKeys(postrider.api, hook.type, keys);
  await waitForRetry(ids[0]);
  return { ...hook, ids };
}

async function waitForRetry(id: string | undefined): Promise<void> {
  await postrider.delivery(id ?? '', ({ nextAttemptAt }: Loose) => nextAttemptAt !== null);
}

async function change(webhookId: string, changes: object): Promise<void> {
  expect((await postrider.api.patch(`/v1/webhooks/${webhookId}`, changes)).status).toBe(200);
}

describe('a lane that waits', () => {
  it('tells its length, its first delivery and why that waits; each delivery tells which one it waits for', async () => {
    const { webhookId, ids } = await blocked(['a', 'a', 'b', 'a']);
    const [first, second, other, third] = ids;
    await postrider.over(other ?? '');
    const lanes = await waitFor('the end of the other lane', async () => {
      const found = await lanesOf(webhookId);
      return found.length === 1 && found;
    });
    expect(lanes).toMatchObject([
      {
        key: 'a',
        length: 3,
        lengthComplete: true,
        waits: 'next_attempt',
        head: { id: first, attemptCount: 1 },
      },
    ]);
    expect(await lanesOf(webhookId, '?key=a')).toEqual(lanes);
    expect(await lanesOf(webhookId, '?key=b')).toEqual([]);
    const orders = await Promise.all(
      [first, second, third].map(async (id) => (await postrider.api.get(`/v1/deliveries/${id}`)).body),
    );
    expect(orders.map(({ order }) => order.waitsFor as string)).toEqual([null, first, second]);
    expect(orders.map(({ order }) => order.key as string)).toEqual(['a', 'a', 'a']);
    expect(orders.map(({ status }) => status as string)).toEqual(['waiting', 'waiting', 'waiting']);
    const workflow = postrider.ctx.temporal.current.client.getHandle(lanes[0].workflowId);
    const shown = await waitFor('the wait in Temporal', async () => {
      const { raw } = await workflow.describe();
      return raw.pendingActivities?.find(({ lastFailure }) => lastFailure);
    });
    expect(shown.lastFailure?.message).toBe('attempt 1: HTTP 500');
  });

  it('goes on when its first delivery is sent now; another cannot be sent before its turn', async () => {
    const { ids } = await blocked(['a', 'a']);
    const [first, second] = ids;
    expect(await ask(second, 'send-now')).toMatchObject({ status: 409, body: { code: 'not_its_turn' } });
    takes = () => true;
    expect((await ask(first, 'send-now')).status).toBe(202);
    expect(await states(ids)).toEqual(['succeeded', 'succeeded']);
    expect(arrived(receiver)).toEqual([0, 0, 1]);
  });

  it('loses what is cancelled, wherever it stands, and goes on', async () => {
    const { ids } = await blocked(['a', 'a', 'a', 'a']);
    const [first, second, third] = ids;
    expect((await ask(third, 'cancel')).status).toBe(202);
    expect(await postrider.over(third ?? '')).toMatchObject({ status: 'cancelled', attemptCount: 0 });
    expect((await postrider.api.get(`/v1/deliveries/${second}`)).body.order.waitsFor).toBe(first);
    expect((await ask(first, 'cancel')).status).toBe(202);
    expect(await states(ids)).toEqual(['cancelled', 'succeeded', 'cancelled', 'succeeded']);
    expect(arrived(receiver)).toEqual([0, 1, 3]);
  });

  it('is held by a pause of its webhook, and goes on in order when it is resumed', async () => {
    const { type, webhookId } = await subscribe(postrider.api, { url: receiver.url(), ordered: byAccount });
    await change(webhookId, { state: 'paused' });
    const ids = await publishKeys(postrider.api, type, ['a', 'a', 'b', 'b']);
    await postrider.delivery(ids[0] ?? '', ({ held }: Loose) => held);
    await postrider.delivery(ids[2] ?? '', ({ held }: Loose) => held);
    expect((await lanesOf(webhookId)).map(({ waits }) => waits as string)).toEqual(['paused', 'paused']);
    expect(receiver.arrivals).toEqual([]);
    await change(webhookId, { state: 'active' });
    expect(new Set(await states(ids))).toEqual(new Set(['succeeded']));
    expect([arrived(receiver, 'a'), arrived(receiver, 'b')]).toEqual([
      [0, 1],
      [2, 3],
    ]);
  });

  it('is cancelled when its webhook is switched off, and when it is deleted', async () => {
    const off = await blocked(['a', 'a', 'a']);
    const deleted = await blocked(['a', 'a', 'a']);
    await change(off.webhookId, { state: 'off' });
    expect((await postrider.api.delete(`/v1/subscriptions/${deleted.subscriptionId}`)).status).toBe(204);
    expect((await postrider.api.delete(`/v1/webhooks/${deleted.webhookId}`)).status).toBe(204);
    expect(new Set(await states([...off.ids, ...deleted.ids]))).toEqual(new Set(['cancelled']));
    expect(arrived(receiver)).toEqual([0, 0]);
    await waitFor('no lane', async () => (await lanesOf(off.webhookId)).length === 0);
  });

  it('stays as it is when its webhook is ordered otherwise, or no longer: that holds for later events', async () => {
    const { type, webhookId, ids } = await blocked(['a', 'a']);
    await change(webhookId, { ordered: { orderingKey: 'n' } });
    const [byNumber] = await publishKeys(postrider.api, type, ['a'], 10);
    expect(await postrider.over(byNumber ?? '')).toMatchObject({ status: 'succeeded', order: { key: '10' } });
    await change(webhookId, { ordered: null });
    const [free] = await publishKeys(postrider.api, type, ['a'], 20);
    expect(await postrider.over(free ?? '')).toMatchObject({ status: 'succeeded', order: null });
    const lanes = await waitFor('the end of the other lane', async () => {
      const found = await lanesOf(webhookId);
      return found.length === 1 && found;
    });
    expect(lanes).toMatchObject([{ key: 'a', length: 2 }]);
    takes = () => true;
    await ask(ids[0], 'send-now');
    expect(await states(ids)).toEqual(['succeeded', 'succeeded']);
    expect(arrived(receiver)).toEqual([0, 10, 20, 0, 1]);
  });
});

describe('a failing delivery of a lane', () => {
  it('is parked where the webhook says so, the others go on; a resend goes to the end of the lane', async () => {
    takes = (n) => n !== 1;
    const ordered = { ...byAccount, onFailure: 'park' };
    const { type } = await subscribe(postrider.api, { url: receiver.url(), ordered, retrySchedule: ['1h'] });
    const ids = await publishKeys(postrider.api, type, ['a', 'a', 'a']);
    expect(await states(ids)).toEqual(['succeeded', 'parked', 'succeeded']);
    expect(arrived(receiver)).toEqual([0, 1, 2]);
    takes = () => true;
    const resent = await ask(ids[1], 'resend');
    expect(resent).toMatchObject({ status: 201, body: { order: { key: 'a' }, resendOf: ids[1] } });
    expect(await states([resent.body.id])).toEqual(['succeeded']);
  });

  it('is skipped after as many attempts as the webhook says', async () => {
    takes = (n) => n !== 0;
    const { type } = await subscribe(postrider.api, {
      url: receiver.url(),
      ordered: { onFailure: { skipAfter: 2 } },
      retrySchedule: ['10ms', '1h'],
    });
    const ids = await publishKeys(postrider.api, type, ['a', 'a']);
    expect(await states(ids)).toEqual(['skipped', 'succeeded']);
    expect(arrived(receiver)).toEqual([0, 0, 1]);
  });

  it('is repeated by a replay in the order of its lane', async () => {
    takes = () => false;
    const ordered = { ...byAccount, onFailure: 'park' };
    const { type, webhookId } = await subscribe(postrider.api, { url: receiver.url(), ordered });
    const ids = await publishKeys(postrider.api, type, ['a', 'b', 'a', 'b', 'a', 'b']);
    expect(new Set(await states(ids))).toEqual(new Set(['parked']));
    takes = () => true;
    const before = receiver.arrivals.length;
    await postrider.api.make('/v1/replays', { filter: { webhookId, status: 'failed' } });
    await receiver.received(before + ids.length);
    const repeated = receiver.arrivals.slice(before).map(dataOf);
    const numbers = (key: string) => repeated.flatMap(({ account, n }) => (account.id === key ? n : []));
    expect(numbers('a')).toEqual([0, 2, 4]);
    expect(numbers('b')).toEqual([1, 3, 5]);
  });
});

describe('an ordering key', () => {
  it('that the data has not, or that is null, is a lane of its own; what is the same as text is the same key', async () => {
    const { type, webhookId } = await subscribe(postrider.api, {
      url: receiver.url(),
      ordered: byAccount,
      state: 'paused',
    });
    const data = [
      {},
      { account: null },
      { account: { id: 7 } },
      { account: { id: '7' } },
      'text',
      { account: { id: { b: 1, a: 2 } } },
    ];
    const events = data.map((one) => ({ type, data: one }));
    await postrider.api.make('/v1/events/batch', { events });
    const lanes = await lanesOf(webhookId);
    expect(new Map(lanes.map(({ key, length }) => [key as string, length as number]))).toEqual(
      new Map([
        [null, 3],
        ['7', 2],
        ['{"a":2,"b":1}', 1],
      ]),
    );
    expect(await lanesOf(webhookId, '?key=7')).toHaveLength(1);
    await change(webhookId, { state: 'off' });
  });

  it.each([
    [{ orderingKey: 'account..id' }, 'ordered.orderingKey'],
    [{ orderingKey: '{account}' }, 'ordered.orderingKey'],
    [{ onFailure: 'wait' }, 'ordered.onFailure'],
    [{ onFailure: { skipAfter: 0 } }, 'ordered.onFailure'],
    [{ by: 'account.id' }, 'ordered.by'],
  ])('and what else is said of the order is refused where it is not valid: %j', async (ordered, path) => {
    const answer = await postrider.api.post('/v1/webhooks', { url: receiver.url(), ordered });
    expect(answer.status).toBe(422);
    expect(answer.body.errors.map((error: Loose) => error.path as string)).toEqual([
      expect.stringContaining(path),
    ]);
  });
});
