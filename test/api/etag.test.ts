import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { request } from 'undici';
import { sandboxKey, type TestPostrider } from '../support/postrider.js';
import { startTestApi } from './api-process.js';
import { problemOf } from './problems.js';

let postrider: TestPostrider;

beforeAll(async () => {
  postrider = await startTestApi();
  await postrider.api.make('/v1/event-types', { name: 'seen' });
  await postrider.api.make('/v1/webhooks', { name: 'hook', url: 'https://example.com' });
});

afterAll(async () => postrider.stop());

const kinds: [path: string, make: (webhookId: string) => object, change: object][] = [
  ['/v1/event-types', () => ({ name: 'to.change' }), { label: 'Changed' }],
  ['/v1/external-systems', () => ({ name: 'x', baseUrl: 'https://example.com' }), { name: 'Changed' }],
  ['/v1/webhooks', () => ({ url: 'https://example.com' }), { name: 'Changed' }],
  ['/v1/subscriptions', (webhookId) => ({ eventTypes: ['seen'], webhookId }), { name: 'Changed' }],
];

describe.each(kinds)('an entity tag of %s', (path, make, change) => {
  const makeOne = async () => {
    const { body: list } = await postrider.api.get('/v1/webhooks?search=hook');
    const made = await postrider.api.post(path, make(list.data[0].id as string));
    expect(made.status).toBe(201);
    return { url: `${path}/${made.body.id ?? made.body.name}`, etag: made.headers.get('etag') ?? '' };
  };

  it('is what is read, changes with each change, and guards it', async () => {
    const { url, etag } = await makeOne();
    const read = await postrider.api.get(url);
    expect(read.headers.get('etag')).toBe(etag);
    const changed = await postrider.api.patch(url, change, { 'if-match': etag });
    expect(changed.status).toBe(200);
    const next = changed.headers.get('etag') ?? '';
    expect(next).not.toBe(etag);
    for (const stale of [etag, '"other"', `W/${next}`]) {
      problemOf(await postrider.api.patch(url, change, { 'if-match': stale }), 'precondition_failed');
      problemOf(await postrider.api.delete(url, { 'if-match': stale }), 'precondition_failed');
    }
    expect((await postrider.api.get(url)).headers.get('etag')).toBe(next);
    for (const held of ['*', next, `"other", ${next}`]) {
      const { headers } = await postrider.api.get(url);
      const tag = held === '*' ? '*' : held.replace(next, headers.get('etag') ?? '');
      expect((await postrider.api.patch(url, change, { 'if-match': tag })).status).toBe(200);
    }
    expect((await postrider.api.patch(url, change)).status).toBe(200);
    const last = (await postrider.api.get(url)).headers.get('etag') ?? '';
    expect((await postrider.api.delete(url, { 'if-match': last })).status).toBe(204);
    problemOf(await postrider.api.get(url), 'not_found');
  });

  it('saves a reader that has it the body', async () => {
    const { url, etag } = await makeOne();
    // Not by fetch, which asks for an answer past all caches as soon as the header is there.
    const read = async () => {
      const headers = { authorization: `Bearer ${sandboxKey}`, 'if-none-match': etag };
      const { statusCode, body } = await request(`${postrider.url}${url}`, { headers });
      return { status: statusCode, text: await body.text() };
    };
    expect(await read()).toEqual({ status: 304, text: '' });
    await postrider.api.patch(url, change);
    expect((await read()).status).toBe(200);
    await postrider.api.delete(url);
  });

  it('lets one of two changes at once through', async () => {
    const { url, etag } = await makeOne();
    const answers = await Promise.all(
      Array.from({ length: 8 }, async () => postrider.api.patch(url, change, { 'if-match': etag })),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, ...Array<number>(7).fill(412)]);
    await postrider.api.delete(url);
  });
});

it('does not come back when a thing is made again under the same name', async () => {
  const first = await postrider.api.post('/v1/event-types', { name: 'again' });
  await postrider.api.delete('/v1/event-types/again');
  const second = await postrider.api.post('/v1/event-types', { name: 'again' });
  expect(second.headers.get('etag')).not.toBe(first.headers.get('etag'));
});

it('stands on every answer that shows something', async () => {
  for (const path of ['/v1/me', '/v1/webhooks', '/v1/event-types', '/v1/events', '/v1/deliveries']) {
    expect((await postrider.api.get(path)).headers.get('etag')).toMatch(/^(?:W\/)?".+"$/);
  }
});
