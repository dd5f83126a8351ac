import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Api } from '../support/api.js';
import type { TestPostrider } from '../support/postrider.js';
import { startTestApi } from './api-process.js';
import { problemOf } from './problems.js';

let postrider: TestPostrider;
let api: Api;
const url = 'https://example.com/hook';

beforeAll(async () => {
  postrider = await startTestApi();
  ({ api } = postrider);
  await api.make('/v1/event-types', { name: 'known' });
});

afterAll(async () => postrider.stop());

async function countBoth(): Promise<[number, number]> {
  const { webhooks, subscriptions } = postrider.ctx.models;
  return [await webhooks.countDocuments(), await subscriptions.countDocuments()];
}

describe('a webhook that is not valid', () => {
  it.each([
    [{}, ['url']],
    [{ url: 'example.com' }, ['url']],
    [{ url: 'ftp://example.com' }, ['url']],
    [{ url: 'https://' }, ['url']],
    [{ url: 'https://user:pass@example.com' }, ['url']],
    [{ url: `https://example.com/${'x'.repeat(2_048)}` }, ['url']],
    [{ url, name: '' }, ['name']],
    [{ url, name: ' ' }, ['name']],
    [{ url, name: 'two\nlines' }, ['name']],
    [{ url, name: 'x'.repeat(201) }, ['name']],
    [{ url, method: 'GET' }, ['method']],
    [{ url, format: 'xml' }, ['format']],
    [{ url, timeoutMs: 0 }, ['timeoutMs']],
    [{ url, timeoutMs: 60_001 }, ['timeoutMs']],
    [{ url, state: 'on' }, ['state']],
    [{ url, retrySchedule: ['5s', 'soon'] }, ['retrySchedule.1']],
    [{ url, headers: [{ name: 'x y', value: '1' }] }, ['headers.0.name']],
    [{ url, headers: [{ name: 'webhook-id', value: '1' }] }, ['headers.0.name']],
    [{ url, headers: [{ name: 'x-a', value: 'a\r\nb: c' }] }, ['headers.0.value']],
    [{ url, auth: {} }, ['auth.type']],
    [{ url, auth: { type: 'magic' } }, ['auth.type']],
    [{ url, auth: { type: 'bearer' } }, ['auth.token']],
    [{ url, auth: { type: 'bearer', token: 't', extra: 1 } }, ['auth.extra']],
    [{ url, externalSystemId: 'ext_unknown' }, ['externalSystemId']],
    [{ url, eventTypes: [] }, ['eventTypes']],
    [{ url, eventTypes: ['known', 'unknown'] }, ['eventTypes.1']],
    [{ url, filter: { a: 1 } }, ['eventTypes']],
    [{ url, eventTypes: ['known'], filter: { a: { $where: '1' } } }, ['filter.a.$where']],
    [{ url, name: 5, surprise: 1, method: 'GET' }, ['name', 'method', 'surprise']],
  ])('%j is refused by its paths, and neither half of it is made', async (body, paths) => {
    const before = await countBoth();
    expect(problemOf(await api.post('/v1/webhooks', body), 'invalid')).toEqual(paths);
    expect(await countBoth()).toEqual(before);
  });

  it('is told in words', async () => {
    const { body } = await api.post('/v1/webhooks', {
      name: 5,
      timeoutMs: 1.5,
      method: 'GET',
      auth: {},
      headers: 'x',
    });
    const messages = body.errors as { path: string; message: string }[];
    expect(Object.fromEntries(messages.map(({ path, message }) => [path, message]))).toEqual({
      name: 'must be a string',
      url: 'is required',
      method: 'must be one of POST, PUT',
      headers: 'must be an array',
      'auth.type': 'is required',
      timeoutMs: 'must be a whole number',
    });
    expect(body.detail).toBe('name: must be a string (and 5 more)');
  });
});

describe('a change of a webhook that is not valid', () => {
  it('changes nothing', async () => {
    const made = await api.make('/v1/webhooks', { url, name: 'as it was' });
    const { body: before } = await api.get(`/v1/webhooks/${made.id}`);
    for (const change of [
      { name: 'new', url: 'nowhere' },
      { name: 'new', state: 'on' },
      { name: 'new', id: 'x' },
    ]) {
      problemOf(await api.patch(`/v1/webhooks/${made.id}`, change), 'invalid');
    }
    expect((await api.get(`/v1/webhooks/${made.id}`)).body).toEqual(before);
  });
});

describe('what something else refers to', () => {
  it('is not deleted, and what refers to it is named', async () => {
    const system = await api.make('/v1/external-systems', { name: 's', baseUrl: 'https://example.com/api' });
    const webhook = await api.make('/v1/webhooks', {
      url: '/hook',
      externalSystemId: system.id,
      eventTypes: ['known'],
    });
    const inUse = [
      [`/v1/external-systems/${system.id}`, webhook.id],
      [`/v1/webhooks/${webhook.id}`, webhook.subscriptionId],
      ['/v1/event-types/known', webhook.subscriptionId],
    ];
    for (const [path, user] of inUse) {
      const answer = await api.delete(`${path}`);
      problemOf(answer, 'in_use');
      expect(answer.body.detail).toContain(user);
    }
    expect((await api.delete(`/v1/subscriptions/${webhook.subscriptionId}`)).status).toBe(204);
    expect((await api.delete(`/v1/webhooks/${webhook.id}`)).status).toBe(204);
    problemOf(await api.get(`/v1/webhooks/${webhook.id}`), 'not_found');
    problemOf(await api.patch(`/v1/webhooks/${webhook.id}`, { name: 'back' }), 'not_found');
    expect((await api.delete(`/v1/external-systems/${system.id}`)).status).toBe(204);
  });

  it('is made once under one name', async () => {
    const answer = await api.post('/v1/event-types', { name: 'known' });
    expect(problemOf(answer, 'already_exists')).toEqual(['name']);
  });
});
