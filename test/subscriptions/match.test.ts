import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Loose } from '../support/api.js';
import { productionKey } from '../support/postrider.js';
import { postrider, postriderForAll } from '../support/running.js';

let webhookId: string;

postriderForAll();

beforeAll(async () => {
  const { api } = postrider;
  for (const name of ['task.created', 'task.finished']) await api.make('/v1/event-types', { name });
  webhookId = (await api.make('/v1/webhooks', { url: 'https://example.com' })).id as string;
});

async function subscriptionWith(more: object = {}): Promise<string> {
  const { id } = await postrider.api.make('/v1/subscriptions', {
    eventTypes: ['task.created'],
    webhookId,
    ...more,
  });
  return id as string;
}

async function match(id: string, body: object): Promise<Loose> {
  return postrider.api.make(`/v1/subscriptions/${id}/match`, body);
}

const high = { priority: 'High', tags: ['a', 'b'] };

describe('matching a payload against a subscription', () => {
  it('tells that it passes', async () => {
    const id = await subscriptionWith({ filter: { priority: 'High' } });
    expect(await match(id, { data: high })).toEqual({ matches: true, reasons: [] });
    expect(await match(id, { data: high, eventType: 'task.created' })).toEqual({
      matches: true,
      reasons: [],
    });
    expect(await match(await subscriptionWith(), { data: null })).toEqual({ matches: true, reasons: [] });
  });

  it('tells which rules fail', async () => {
    const id = await subscriptionWith({
      filter: { priority: { $in: ['High', 'Urgent'] }, flow: 'Delivery' },
    });
    const { matches, reasons } = await match(id, { data: { priority: 'Low' } });
    expect(matches).toBe(false);
    expect(reasons).toHaveLength(1);
    expect(reasons[0].reason).toBe('filter');
    expect(reasons[0].rules).toEqual([
      expect.objectContaining({
        path: 'priority',
        operator: '$in',
        expected: ['High', 'Urgent'],
        actual: 'Low',
      }),
      expect.objectContaining({ path: 'flow', operator: '$eq', expected: 'Delivery' }),
    ]);
    expect(reasons[0].rules[1]).not.toHaveProperty('actual');
    for (const { message } of reasons[0].rules) expect(reasons[0].message).toContain(message);
  });

  it('tells what failed in each alternative', async () => {
    const id = await subscriptionWith({
      filter: { $or: [{ priority: 'High' }, { flow: 'Urgent', size: 3 }] },
    });
    const { reasons } = await match(id, { data: { priority: 'Low', flow: 'Slow', size: 3 } });
    const [{ operator, alternatives }] = reasons[0].rules;
    expect(operator).toBe('$or');
    expect(alternatives.map((failed: Loose[]) => failed.map(({ path }) => path))).toEqual([
      ['priority'],
      ['flow'],
    ]);
  });

  it('tells all that stands in the way, not only the first', async () => {
    const { api } = postrider;
    const hook = await api.make('/v1/webhooks', { url: 'https://example.com', state: 'off' });
    const id = await subscriptionWith({ webhookId: hook.id, active: false, filter: { priority: 'High' } });
    const body = { data: {}, eventType: 'task.finished' };
    const reasons = (await match(id, body)).reasons.map(({ reason }: Loose) => reason);
    expect(reasons).toEqual(['event_type', 'subscription_off', 'webhook_off', 'filter']);
  });

  it('counts a paused webhook as one that takes events', async () => {
    const hook = await postrider.api.make('/v1/webhooks', { url: 'https://example.com', state: 'paused' });
    const id = await subscriptionWith({ webhookId: hook.id });
    expect((await match(id, { data: {} })).matches).toBe(true);
  });

  it('says the same as publishing does', async () => {
    const { api } = postrider;
    await api.make('/v1/event-types', { name: 'task.same' });
    const filter = { 'tags.0': 'a', $nor: [{ priority: 'Low' }] };
    const hook = await api.make('/v1/webhooks', { url: 'https://example.com', state: 'paused' });
    const id = await subscriptionWith({ eventTypes: ['task.same'], webhookId: hook.id, filter });
    for (const data of [high, { tags: ['b'] }, { tags: ['a'], priority: 'Low' }, [], 'text', null]) {
      const published = await api.make('/v1/events', { type: 'task.same', data });
      const { matches, reasons } = await match(id, { data, eventType: 'task.same' });
      expect(matches).toBe(published.deliveries.length === 1);
      const { notMatched } = (await api.get(`/v1/events/${published.id}`)).body;
      const told = notMatched.find(({ subscriptionId }: Loose) => subscriptionId === id);
      expect(told?.rules).toEqual(reasons[0]?.rules);
    }
  });

  it('refuses what is not a question', async () => {
    const id = await subscriptionWith();
    for (const [body, path] of [
      [{}, 'data'],
      [{ data: {}, eventType: 7 }, 'eventType'],
      [{ data: {}, type: 'task.created' }, 'type'],
    ] as const) {
      const answer = await postrider.api.post(`/v1/subscriptions/${id}/match`, body);
      expect([answer.status, answer.body.errors[0].path]).toEqual([422, path]);
    }
    const elsewhere = postrider.as(productionKey);
    expect((await elsewhere.post(`/v1/subscriptions/${id}/match`, { data: {} })).status).toBe(404);
  });
});
