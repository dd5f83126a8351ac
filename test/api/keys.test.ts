import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { request } from 'undici';
import { productionKey, rootKey, sandboxKey, type TestPostrider } from '../support/postrider.js';
import { startTestApi } from './api-process.js';
import { problemOf } from './problems.js';

let postrider: TestPostrider;

beforeAll(async () => {
  postrider = await startTestApi();
});

afterAll(async () => postrider.stop());

describe('a key', () => {
  it('is shown once, acts at once, and is refused as soon as it is revoked', async () => {
    const made = await postrider.api.make('/v1/api-keys', { name: 'short-lived', role: 'viewer' });
    expect(made).toMatchObject({ name: 'short-lived', role: 'viewer', environment: 'sandbox' });
    expect(made.key.length).toBeGreaterThanOrEqual(32);
    const { body: list } = await postrider.api.get('/v1/api-keys');
    expect(JSON.stringify(list)).not.toContain(made.key);
    const client = postrider.as(made.key);
    expect((await client.get('/v1/webhooks')).status).toBe(200);
    expect((await postrider.api.delete(`/v1/api-keys/${made.id}`)).status).toBe(204);
    problemOf(await client.get('/v1/webhooks'), 'unauthorized');
    problemOf(await postrider.api.delete(`/v1/api-keys/${made.id}`), 'not_found');
  });

  it('is kept as a hash alone', async () => {
    const made = await postrider.api.make('/v1/api-keys', { name: 'hashed', role: 'viewer' });
    const stored = await postrider.ctx.models.apiKeys.findById(made.id).lean();
    expect(JSON.stringify(stored)).not.toContain(made.key);
    expect(stored?.hash).toMatch(/^[\w-]{43}$/);
  });

  it('of an admin makes keys for its own environment only', async () => {
    const elsewhere = { name: 'x', role: 'viewer', environment: 'production' };
    expect(problemOf(await postrider.api.post('/v1/api-keys', elsewhere), 'invalid')).toEqual([
      'environment',
    ]);
    const foreign = { name: 'x', role: 'viewer', organizationId: 'org_other' };
    expect(problemOf(await postrider.api.post('/v1/api-keys', foreign), 'invalid')).toEqual([
      'organizationId',
    ]);
  });

  it('that the configuration gives cannot be revoked here, because another start would make it again', async () => {
    const { body: me } = await postrider.api.get('/v1/me');
    problemOf(await postrider.api.delete(`/v1/api-keys/${me.key.id}`), 'conflict');
    problemOf(await postrider.as(productionKey).delete(`/v1/api-keys/${me.key.id}`), 'not_found');
    expect((await postrider.api.get('/v1/me')).status).toBe(200);
  });

  it('is told whose it is and what it may', async () => {
    expect((await postrider.api.get('/v1/me')).body).toMatchObject({
      role: 'admin',
      organization: { id: 'org_default', name: 'default' },
      environment: 'sandbox',
    });
    const { key } = await postrider.api.make('/v1/api-keys', { name: 'p', role: 'publisher' });
    const { body } = await postrider.as(key).get('/v1/me');
    expect(body.permissions.toSorted()).toEqual(['history', 'publish']);
    expect((await postrider.as(rootKey).get('/v1/me')).body).toMatchObject({ key: null, role: 'root' });
  });

  it('is refused with headers that name somebody else, rather than act for its own', async () => {
    const client = postrider.as(sandboxKey, { 'postrider-environment': 'production' });
    problemOf(await client.get('/v1/webhooks'), 'invalid_header');
    const same = { 'postrider-organization': 'org_default', 'postrider-environment': 'sandbox' };
    expect((await postrider.as(sandboxKey, same).get('/v1/webhooks')).status).toBe(200);
  });

  it.each(['bearer', 'BEARER', 'Bearer '])('is taken whatever the case of the scheme: %s', async (scheme) => {
    const client = postrider.as(undefined, { authorization: `${scheme} ${sandboxKey}` });
    expect((await client.get('/v1/me')).status).toBe(200);
  });
});

describe('a key that is given', () => {
  const given = 'any text of 32 characters or more: "é", 鍵';
  let other: TestPostrider;

  beforeAll(async () => {
    other = await startTestApi({ POSTRIDER_SANDBOX_KEY: given });
  });

  afterAll(async () => other.stop());

  it('may hold spaces, quotes and letters beyond ASCII, sent as UTF-8', async () => {
    const sent = Buffer.from(given).toString('latin1');
    const headers = { authorization: `Bearer ${sent}` };
    const { statusCode, body } = await request(`${other.url}/v1/me`, { headers });
    expect({ statusCode, body: await body.json() }).toMatchObject({
      statusCode: 200,
      body: { environment: 'sandbox' },
    });
  });
});

describe('the root key', () => {
  it('makes organizations, and keys for each of their environments', async () => {
    const root = postrider.as(rootKey);
    const organization = await root.make('/v1/organizations', { name: 'Acme' });
    expect(organization).toMatchObject({ id: expect.stringMatching(/^org_/), name: 'Acme' });
    const { body: list } = await root.get('/v1/organizations');
    expect(list.data.map(({ name }: { name: string }) => name)).toEqual(['Acme', 'default']);
    const { key } = await root.make('/v1/api-keys', {
      name: 'first',
      role: 'admin',
      organizationId: organization.id,
      environment: 'production',
    });
    expect((await postrider.as(key).get('/v1/me')).body).toMatchObject({
      organization: { id: organization.id, name: 'Acme' },
      environment: 'production',
    });
    problemOf(await postrider.as(key).get('/v1/organizations'), 'forbidden');
  });

  it('must say for whom it acts, where a call needs that', async () => {
    const root = postrider.as(rootKey);
    problemOf(await root.get('/v1/webhooks'), 'invalid_header');
    problemOf(
      await postrider.as(rootKey, { 'postrider-environment': 'sandbox' }).get('/v1/webhooks'),
      'invalid_header',
    );
    for (const [organization, environment] of [
      ['org_default', 'staging'],
      ['org_nobody', 'sandbox'],
    ]) {
      const headers = {
        'postrider-organization': `${organization}`,
        'postrider-environment': `${environment}`,
      };
      problemOf(await postrider.as(rootKey, headers).get('/v1/webhooks'), 'invalid_header');
    }
  });

  it('makes a key for all organizations, which names whom it acts for in each call', async () => {
    const root = postrider.as(rootKey);
    const organization = await root.make('/v1/organizations', { name: 'Globex' });
    const { key, ...made } = await root.make('/v1/api-keys', { name: 'backend', role: 'admin' });
    expect(made).toMatchObject({ organizationId: null, environment: null });
    const sandbox = { 'postrider-organization': organization.id, 'postrider-environment': 'sandbox' };
    const production = { ...sandbox, 'postrider-environment': 'production' };
    await postrider.as(key, sandbox).make('/v1/event-types', { name: 'globex.only' });
    expect((await postrider.as(key, sandbox).get('/v1/event-types/globex.only')).status).toBe(200);
    problemOf(await postrider.as(key, production).get('/v1/event-types/globex.only'), 'not_found');
    problemOf(await postrider.api.get('/v1/event-types/globex.only'), 'not_found');
    problemOf(await postrider.as(key).get('/v1/event-types'), 'invalid_header');
    problemOf(await postrider.as(key, sandbox).get('/v1/organizations'), 'forbidden');
    const { body: me } = await postrider.as(key, production).get('/v1/me');
    expect(me).toMatchObject({ organization: { id: organization.id }, environment: 'production' });
    const { body: keys } = await root.get('/v1/api-keys');
    expect(keys.data.map(({ name }: { name: string }) => name)).toEqual(['backend']);
    expect((await root.delete(`/v1/api-keys/${made.id}`)).status).toBe(204);
    problemOf(await postrider.as(key, sandbox).get('/v1/event-types'), 'unauthorized');
  });

  it('names organization and environment of a new key together, and an organization that is there', async () => {
    const root = postrider.as(rootKey);
    const key = { name: 'k', role: 'viewer' };
    const half = await root.post('/v1/api-keys', { ...key, organizationId: 'org_default' });
    expect(problemOf(half, 'invalid')).toEqual(['environment']);
    const other = await root.post('/v1/api-keys', { ...key, environment: 'sandbox' });
    expect(problemOf(other, 'invalid')).toEqual(['organizationId']);
    const nobody = await root.post('/v1/api-keys', {
      ...key,
      organizationId: 'org_nobody',
      environment: 'sandbox',
    });
    expect(problemOf(nobody, 'invalid')).toEqual(['organizationId']);
  });
});
