import { describe, expect, it } from '@jest/globals';
import { parseSetCookie } from 'cookie';
import { keyHash } from '../../src/api/key-hash.js';
import { freePort } from '../../src/stack/free-ports.js';
import type { ApiAnswer, Loose } from '../support/api.js';
import { productionKey, rootKey, sandboxKey, startTestPostrider } from '../support/postrider.js';
import { postrider, postriderForAll } from '../support/running.js';
import { problemOf } from './problems.js';

postriderForAll();

const sameOrigin = { 'sec-fetch-site': 'same-origin' };
const sandbox = { 'postrider-environment': 'sandbox' };
const production = { 'postrider-environment': 'production' };

/** Signs in, beside what the cookie holds already, and gives the cookie to go on with. */
async function signIn(key: string, cookie?: string): Promise<string> {
  const answer = await postrider
    .as(undefined, { ...sameOrigin, ...(cookie === undefined ? {} : { cookie }) })
    .post('/session', { key });
  expect(answer.status).toBe(200);
  return cookieOf(answer);
}

function cookieOf(answer: ApiAnswer<Loose>): string {
  return answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
}

async function environmentsOf(cookie: string): Promise<unknown[]> {
  const { body } = await postrider.as(undefined, { cookie }).get('/session');
  return body.accesses.map(({ environment }: Loose) => environment);
}

describe('a session', () => {
  it('is a cookie that no script and no other site gets, and tells neither key nor token', async () => {
    const answer = await postrider.as(undefined, sameOrigin).post('/session', { key: sandboxKey });
    const cookie = parseSetCookie(answer.headers.getSetCookie()[0] ?? '');
    expect(cookie).toMatchObject({
      name: 'postrider_session',
      httpOnly: true,
      sameSite: 'strict',
      path: '/',
    });
    expect(cookie.secure).not.toBe(true);
    expect(cookie.domain).toBeUndefined();
    const token = cookie.value ?? '';
    expect(token.length).toBeGreaterThanOrEqual(43);
    expect(JSON.stringify(answer.body)).not.toContain(token);
    expect(JSON.stringify(answer.body)).not.toContain(sandboxKey);
    expect(answer.body.accesses).toEqual([
      expect.objectContaining({ environment: 'sandbox', organizationId: 'org_default', role: 'admin' }),
    ]);
    const stored = await postrider.ctx.models.sessions.findById(keyHash(token)).lean();
    expect(JSON.stringify(stored)).not.toContain(token);
    expect(JSON.stringify(stored)).not.toContain(keyHash(sandboxKey));
  });

  it('over https is bound to this very host', async () => {
    const secure = await startTestPostrider({
      env: { POSTRIDER_PORT: String(await freePort()), POSTRIDER_PUBLIC_URL: 'https://postrider.example' },
    });
    try {
      const response = await fetch(`http://localhost:${secure.ctx.config.port}/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: 'https://postrider.example' },
        body: JSON.stringify({ key: sandboxKey }),
      });
      const cookie = parseSetCookie(response.headers.getSetCookie()[0] ?? '');
      expect(cookie).toMatchObject({ name: '__Host-postrider_session', secure: true, path: '/' });
      expect(cookie.domain).toBeUndefined();
    } finally {
      await secure.stop();
    }
  });

  it('needs a key that exists', async () => {
    problemOf(
      await postrider.as(undefined, sameOrigin).post('/session', { key: 'x'.repeat(40) }),
      'unauthorized',
    );
    expect(await environmentsOf('postrider_session=made-up')).toEqual([]);
  });

  it('holds a key for each environment; a call names which it means', async () => {
    const cookie = await signIn(productionKey, await signIn(sandboxKey));
    expect(await environmentsOf(cookie)).toEqual(['sandbox', 'production']);
    for (const headers of [sandbox, production]) {
      const { body } = await postrider.as(undefined, { cookie, ...headers }).get('/v1/me');
      expect(body.environment).toBe(headers['postrider-environment']);
    }
    problemOf(await postrider.as(undefined, { cookie }).get('/v1/me'), 'invalid_header');
  });

  it('gives no access to an environment that it has no key for', async () => {
    const cookie = await signIn(sandboxKey);
    problemOf(await postrider.as(undefined, { cookie, ...production }).get('/v1/me'), 'unauthorized');
  });

  it('changes its token with each sign-in, and the one before opens nothing more', async () => {
    const first = await signIn(sandboxKey);
    await signIn(productionKey, first);
    expect(await environmentsOf(first)).toEqual([]);
  });

  it('with the root key acts for whom the headers name', async () => {
    const cookie = await signIn(rootKey);
    const client = postrider.as(undefined, { cookie, ...sandbox, 'postrider-organization': 'org_default' });
    expect((await client.get('/v1/me')).body).toMatchObject({ role: 'root', environment: 'sandbox' });
    expect((await postrider.as(undefined, { cookie }).get('/v1/organizations')).status).toBe(200);
  });

  it('with the root key names an environment before an organization is chosen', async () => {
    const cookie = await signIn(rootKey);
    const client = postrider.as(undefined, { cookie, ...sandbox, ...sameOrigin });
    expect((await client.get('/v1/organizations')).status).toBe(200);
    expect((await client.post('/v1/organizations', { name: 'South' })).status).toBe(201);
    problemOf(await client.get('/v1/webhooks'), 'invalid_header');
  });

  it('loses the access of a key at once when it is revoked', async () => {
    const made = await postrider.api.make('/v1/api-keys', { name: 'soon gone', role: 'viewer' });
    const cookie = await signIn(made.key);
    const client = postrider.as(undefined, { cookie, ...sandbox });
    expect((await client.get('/v1/webhooks')).status).toBe(200);
    await postrider.api.delete(`/v1/api-keys/${made.id}`);
    problemOf(await client.get('/v1/webhooks'), 'unauthorized');
    expect(await environmentsOf(cookie)).toEqual([]);
  });

  it('may what its role may, and no more', async () => {
    const made = await postrider.api.make('/v1/api-keys', { name: 'a viewer', role: 'viewer' });
    const cookie = await signIn(made.key);
    const client = postrider.as(undefined, { cookie, ...sandbox, ...sameOrigin });
    problemOf(await client.post('/v1/event-types', { name: 'x' }), 'forbidden');
  });

  it.each(['idleUntil', 'endsAt'])('is over after its %s', async (field) => {
    const cookie = await signIn(sandboxKey);
    const _id = keyHash(cookie.slice(cookie.indexOf('=') + 1));
    await postrider.ctx.models.sessions.updateOne({ _id }, { [field]: new Date(Date.now() - 1) });
    expect(await environmentsOf(cookie)).toEqual([]);
  });

  it('ends with signing out', async () => {
    const cookie = await signIn(sandboxKey);
    const answer = await postrider.as(undefined, { cookie, ...sameOrigin }).delete('/session');
    expect(answer.status).toBe(204);
    expect(parseSetCookie(answer.headers.getSetCookie()[0] ?? '')).toMatchObject({ value: '', maxAge: 0 });
    expect(await environmentsOf(cookie)).toEqual([]);
  });
});

describe('a call with a session that changes something', () => {
  it.each([
    ['without a word of where it comes from', {}],
    ['from another site', { 'sec-fetch-site': 'cross-site' }],
    ['from another host of the same site', { 'sec-fetch-site': 'same-site' }],
    ['from an address that was typed in', { 'sec-fetch-site': 'none' }],
    ['from another origin', { origin: 'https://evil.example' }],
    ['from a page without an origin', { origin: 'null' }],
  ])('is refused %s', async (_, headers) => {
    const cookie = await signIn(sandboxKey);
    const client = postrider.as(undefined, { cookie, ...sandbox, ...headers });
    problemOf(await client.post('/v1/event-types', { name: 'forged' }), 'cross_site');
    problemOf(await client.delete('/session'), 'cross_site');
    problemOf(await client.post('/session', { key: productionKey }), 'cross_site');
    expect(await environmentsOf(cookie)).toEqual(['sandbox']);
  });

  it('is refused without postrider-environment, which no form can send', async () => {
    const cookie = await signIn(sandboxKey);
    const client = postrider.as(undefined, { cookie, ...sameOrigin });
    problemOf(await client.post('/v1/event-types', { name: 'forged' }), 'cross_site');
  });

  it.each([
    ['Sec-Fetch-Site', () => sameOrigin],
    ['Origin', () => ({ origin: new URL(postrider.url).origin })],
  ])('is done where %s says that it comes from here', async (name, headers) => {
    const cookie = await signIn(sandboxKey);
    const client = postrider.as(undefined, { cookie, ...sandbox, ...headers() });
    expect((await client.post('/v1/event-types', { name: `by.${name}` })).status).toBe(201);
  });

  it('needs nothing of this with a key, whatever cookie is there', async () => {
    const cookie = await signIn(productionKey);
    const answer = await postrider.as(sandboxKey, { cookie }).post('/v1/event-types', { name: 'by.key' });
    expect(answer.status).toBe(201);
  });
});
