import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Loose } from '../support/api.js';
import { postrider, postriderForAll, receiver, receiverForAll } from '../support/running.js';
import { countDeliveries, failDeliveries, replayThat } from './stage.js';

const isOver = ({ status }: Loose) => !['running', 'paused'].includes(status as string);

postriderForAll();
receiverForAll();

beforeEach(() => {
  receiver.always(500);
});

describe('a replay of what was picked', () => {
  it('resends these alone, whatever state they ended in, and counts what it passes over', async () => {
    const { api } = postrider;
    const { webhook, deliveryIds } = await failDeliveries(postrider, receiver.url('/picked'), {
      type: 'picked',
      count: 6,
    });
    receiver.always(200);
    const succeeded = await api.make(`/v1/deliveries/${deliveryIds[0]}/resend`);
    await postrider.over(succeeded.id);
    await api.patch(`/v1/webhooks/${webhook.id}`, { state: 'paused' });
    const held = await api.make('/v1/events', { type: 'picked', data: { number: 6 } });
    await postrider.delivery(held.deliveries[0].id, (delivery: Loose) => delivery.held);
    const picked = [deliveryIds[1], deliveryIds[2], succeeded.id, deliveryIds[1]];
    const filter = { deliveryIds: [...picked, held.deliveries[0].id, 'del_not_there'] };
    const dry = await api.make('/v1/replays', { filter, dryRun: true });
    expect(dry).toEqual({ count: 3, countComplete: true, skipped: 2 });

    const made = await api.make('/v1/replays', { filter });
    expect(made.filter).toEqual({ deliveryIds: [...new Set(filter.deliveryIds)] });
    const over = await replayThat(postrider, made.id, isOver);
    expect(over).toMatchObject({ status: 'succeeded', count: 3, done: 3, skipped: 2 });
    const resends = await postrider.ctx.models.deliveries
      .find({ resendOf: { $ne: null }, _id: { $ne: succeeded.id as string } })
      .lean();
    expect(resends.map(({ resendOf }) => resendOf).toSorted()).toEqual(picked.slice(0, 3).toSorted());
    const failedAlone = await api.make('/v1/replays', {
      filter: { ...filter, status: 'failed' },
      dryRun: true,
    });
    expect(failedAlone).toMatchObject({ count: 2, skipped: 3 });
  });

  it('goes through many pages, and never picks another tenant’s', async () => {
    const { api } = postrider;
    const { deliveryIds } = await failDeliveries(postrider, receiver.url('/pages'), {
      type: 'pages',
      count: 30,
    });
    await postrider.ctx.models.deliveries.updateOne(
      { _id: deliveryIds[0] ?? '' },
      { $set: { environment: 'production' } },
    );
    const made = await api.make('/v1/replays', { filter: { deliveryIds }, rate: 10 });
    const over = await replayThat(postrider, made.id, isOver);
    expect(over).toMatchObject({ status: 'succeeded', count: 29, done: 29, skipped: 1 });
    expect(await countDeliveries(postrider, { resendOf: { $in: deliveryIds } })).toBe(29);
  });

  it('is made once under one key, however often and at once it is asked for', async () => {
    const { api } = postrider;
    const { deliveryIds } = await failDeliveries(postrider, receiver.url('/once'), {
      type: 'once',
      count: 3,
    });
    const body = { filter: { deliveryIds }, idempotencyKey: 'clicked twice' };
    const answers = await Promise.all(Array.from({ length: 5 }, async () => api.post('/v1/replays', body)));
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201]);
    const [first] = answers;
    expect(new Set(answers.map(({ body: { id } }) => id as string)).size).toBe(1);
    await replayThat(postrider, first?.body.id, isOver);
    expect(await api.make('/v1/replays', body)).toMatchObject({
      id: first?.body.id,
      status: 'succeeded',
      idempotencyKey: 'clicked twice',
    });
    expect(await countDeliveries(postrider, { resendOf: { $in: deliveryIds } })).toBe(3);
    const other = await api.post('/v1/replays', { ...body, rate: 7 });
    expect([other.status, other.body.code]).toEqual([409, 'idempotency_key_reused']);
  });

  it.each([
    ['none', { filter: { deliveryIds: [] } }, 'filter.deliveryIds'],
    ['too many', { filter: { deliveryIds: Array<string>(1_001).fill('del_1') } }, 'filter.deliveryIds'],
    ['what is no id', { filter: { deliveryIds: [1] } }, 'filter.deliveryIds.0'],
    ['an open state', { filter: { deliveryIds: ['del_1'], status: 'waiting' } }, 'filter.status'],
    ['a key for a dry run', { filter: {}, dryRun: true, idempotencyKey: 'k' }, 'idempotencyKey'],
    ['an empty key', { filter: {}, idempotencyKey: '' }, 'idempotencyKey'],
  ])('refuses %s and names the field', async (_, body, path) => {
    const answer = await postrider.api.post('/v1/replays', body);
    expect([answer.status, answer.body.errors[0].path]).toEqual([422, path]);
  });
});
