import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApi } from '../api/api-process.js';
import { problemOf } from '../api/problems.js';
import { routes } from '../../src/api/routes.js';
import type { Loose } from '../support/api.js';
import { rootKey, type TestPostrider } from '../support/postrider.js';
import { Receiver } from '../support/receiver.js';

let postrider: TestPostrider;
let receiver: Receiver;

beforeAll(async () => {
  // Without a worker what is under way stays so.
  [postrider, receiver] = await Promise.all([startTestApi({ POSTRIDER_AUDIT_DAYS: '10' }), Receiver.start()]);
});

afterAll(async () => {
  await Promise.all([postrider.stop(), receiver.stop()]);
});

async function entries(query = '', api = postrider.api): Promise<Loose[]> {
  const { status, body } = await api.get(`/v1/audit?limit=200&${query}`);
  expect(status).toBe(200);
  return body.data;
}

async function delivery(): Promise<string> {
  const type = `some.type.${Math.random().toString(36).slice(2)}`;
  await postrider.api.make('/v1/event-types', { name: type });
  await postrider.api.make('/v1/webhooks', { url: receiver.url(), eventTypes: [type] });
  const { deliveries } = await postrider.api.make('/v1/events', { type, data: {} });
  return deliveries[0].id;
}

async function webhook(fields: object = {}): Promise<string> {
  return (await postrider.api.make('/v1/webhooks', { name: 'Books', url: receiver.url(), ...fields })).id;
}

const named = (name: string): string => `${name}.${Math.random().toString(36).slice(2)}`;
const make = async (path: string, body: unknown): Promise<string> => {
  const made = await postrider.api.make(path, body);
  return (made.id ?? made.name) as string;
};
const source = async () => make('/v1/sources', { name: 'Bank' });
const system = async () => make('/v1/external-systems', { name: 'ERP', baseUrl: receiver.url() });
const eventType = async () => make('/v1/event-types', { name: named('type') });
const replay = async () => make('/v1/replays', { filter: {} });
const apiKey = async () => make('/v1/api-keys', { name: 'a key', role: 'viewer' });
const subscription = async () =>
  make('/v1/subscriptions', { eventTypes: [await eventType()], webhookId: await webhook() });

/** How each audited route is called, by the path of what it is called on; and the id of what its entry is of, where it has no id in its path. */
const calls: Record<string, () => Promise<{ path: string; body?: unknown; root?: true }>> = {
  'POST /v1/webhooks': async () => ({ path: '/v1/webhooks', body: { url: receiver.url() } }),
  'PATCH /v1/webhooks/:id': async () => ({
    path: `/v1/webhooks/${await webhook()}`,
    body: { state: 'paused' },
  }),
  'DELETE /v1/webhooks/:id': async () => ({ path: `/v1/webhooks/${await webhook()}` }),
  'POST /v1/webhooks/:id/rotate-secret': async () => ({
    path: `/v1/webhooks/${await webhook()}/rotate-secret`,
  }),
  'POST /v1/subscriptions': async () => ({
    path: '/v1/subscriptions',
    body: { eventTypes: [await eventType()], webhookId: await webhook() },
  }),
  'PATCH /v1/subscriptions/:id': async () => ({
    path: `/v1/subscriptions/${await subscription()}`,
    body: { active: false },
  }),
  'DELETE /v1/subscriptions/:id': async () => ({ path: `/v1/subscriptions/${await subscription()}` }),
  'POST /v1/event-types': async () => ({ path: '/v1/event-types', body: { name: named('made') } }),
  'PATCH /v1/event-types/:name': async () => ({
    path: `/v1/event-types/${await eventType()}`,
    body: { label: 'A label' },
  }),
  'DELETE /v1/event-types/:name': async () => ({ path: `/v1/event-types/${await eventType()}` }),
  'POST /v1/catalogues/:name/import': async () => {
    const { body } = await postrider.api.get('/v1/catalogues');
    return { path: `/v1/catalogues/${body.data[0].name}/import` };
  },
  'POST /v1/external-systems': async () => ({
    path: '/v1/external-systems',
    body: { name: 'ERP', baseUrl: receiver.url() },
  }),
  'PATCH /v1/external-systems/:id': async () => ({
    path: `/v1/external-systems/${await system()}`,
    body: { name: 'Other' },
  }),
  'DELETE /v1/external-systems/:id': async () => ({ path: `/v1/external-systems/${await system()}` }),
  'POST /v1/sources': async () => ({ path: '/v1/sources', body: {} }),
  'PATCH /v1/sources/:id': async () => ({
    path: `/v1/sources/${await source()}`,
    body: { correlation: { path: 'order.id' } },
  }),
  'DELETE /v1/sources/:id': async () => ({ path: `/v1/sources/${await source()}` }),
  'POST /v1/api-keys': async () => ({ path: '/v1/api-keys', body: { name: 'made', role: 'viewer' } }),
  'DELETE /v1/api-keys/:id': async () => ({ path: `/v1/api-keys/${await apiKey()}` }),
  'POST /v1/organizations': async () => ({
    path: '/v1/organizations',
    body: { name: 'An organization' },
    root: true,
  }),
  'POST /v1/replays': async () => ({ path: '/v1/replays', body: { filter: {} } }),
  'POST /v1/replays/:id/pause': async () => ({ path: `/v1/replays/${await replay()}/pause` }),
  'POST /v1/replays/:id/resume': async () => {
    const id = await replay();
    await postrider.api.post(`/v1/replays/${id}/pause`);
    return { path: `/v1/replays/${id}/resume` };
  },
  'POST /v1/replays/:id/cancel': async () => ({ path: `/v1/replays/${await replay()}/cancel` }),
  'POST /v1/deliveries/:id/cancel': async () => ({ path: `/v1/deliveries/${await delivery()}/cancel` }),
  'POST /v1/deliveries/:id/send-now': async () => ({ path: `/v1/deliveries/${await delivery()}/send-now` }),
  'POST /v1/deliveries/:id/resend': async () => {
    const id = await delivery();
    await postrider.ctx.models.deliveries.updateOne(
      { _id: id },
      { $set: { status: 'failed', endedAt: new Date() }, $unset: { open: 1 } },
    );
    return { path: `/v1/deliveries/${id}/resend` };
  },
};

const changing = routes.filter(({ key }) => !key.startsWith('GET '));
const auditedRoutes = changing.flatMap(({ key, audit }) =>
  audit && !('none' in audit) ? [{ key, audit }] : [],
);

describe('every call that is no GET', () => {
  it.each(changing)('$key: says what it is called in the audit log, or why it is not there', ({ audit }) => {
    expect(audit).toBeDefined();
    if (audit && 'none' in audit) expect(audit.none.length).toBeGreaterThan(10);
  });

  it('has a test of its entry where it is audited', () => {
    expect(Object.keys(calls).toSorted()).toEqual(auditedRoutes.map(({ key }) => key).toSorted());
  });

  it.each(auditedRoutes)('$key: leaves one entry', async ({ key, audit }) => {
    const { path, body, root } = await (calls[key] as (typeof calls)[string])();
    const api = root ? postrider.as(rootKey) : postrider.api;
    const before = new Set((await entries('', api)).map(({ id }) => id));
    const [method = ''] = key.split(' ');
    const answer = await api.call(method, path, body);
    expect(answer.status).toBeLessThan(300);
    const made = (await entries('', api)).filter(({ id }) => !before.has(id));
    expect(made).toHaveLength(1);
    const id = key.includes(':') ? path.split('/')[3] : (answer.body.id ?? answer.body.name);
    expect(made[0]).toMatchObject({
      ...audit,
      resourceId: id,
      key: root ? null : { id: 'key_default_sandbox', name: 'first sandbox key' },
      role: root ? 'root' : 'admin',
    });
    expect(made[0].changes.length).toBeGreaterThan(0);
  });
});

describe('an entry', () => {
  it('tells each field that changed, from what and to what', async () => {
    const id = await webhook({ payloadTemplate: { id: '{eventId}' } });
    const other = `${receiver.url()}/other`;
    await postrider.api.patch(`/v1/webhooks/${id}`, {
      url: other,
      retrySchedule: ['1m'],
      payloadTemplate: { $id: '{eventId}' },
      method: 'POST',
    });
    const [entry] = await entries(`resourceId=${id}`);
    expect(entry).toMatchObject({ action: 'updated', resource: 'webhook', resourceName: 'Books' });
    expect(entry.changes).toEqual([
      { field: 'url', from: receiver.url(), to: other },
      { field: 'payloadTemplate', from: { id: '{eventId}' }, to: { $id: '{eventId}' } },
      { field: 'retrySchedule', from: null, to: ['1m'] },
    ]);
  });

  it('shows that a secret changed, and never the secret', async () => {
    const id = await webhook({
      auth: { type: 'bearer', token: 'planted-secret-1' },
      headers: [
        { name: 'x-api-key', value: 'planted-secret-2' },
        { name: 'x-team', value: 'billing' },
      ],
    });
    await postrider.api.patch(`/v1/webhooks/${id}`, { auth: { type: 'bearer', token: '***' } });
    await postrider.api.patch(`/v1/webhooks/${id}`, {
      auth: { type: 'bearer', token: 'planted-secret-3' },
      headers: [{ name: 'x-api-key', value: 'planted-secret-4' }],
    });
    await postrider.api.patch(`/v1/webhooks/${id}`, {
      auth: { type: 'basic', username: 'me', password: 'planted-secret-5' },
    });
    const sourceId = await make('/v1/sources', {
      verification: { type: 'hmac_sha256', header: 'x-signature', secret: 'planted-secret-6' },
    });
    await postrider.api.patch(`/v1/sources/${sourceId}`, {
      verification: { type: 'hmac_sha256', header: 'x-signature', secret: 'planted-secret-7' },
    });
    const found = await entries(`resourceId=${id}`);
    expect(found.map(({ action }) => action)).toEqual(['updated', 'updated', 'created']);
    expect(found[1].changes).toEqual([
      { field: 'headers.x-api-key', from: '***', to: '***' },
      { field: 'headers.x-team', from: 'billing', to: null },
      { field: 'auth.token', from: '***', to: '***' },
    ]);
    expect(found[0].changes).toEqual([
      { field: 'auth.type', from: 'bearer', to: 'basic' },
      { field: 'auth.token', from: '***', to: null },
      { field: 'auth.username', from: null, to: 'me' },
      { field: 'auth.password', from: null, to: '***' },
    ]);
    const [changed] = await entries(`resourceId=${sourceId}`);
    expect(changed.changes).toEqual([{ field: 'verification.secret', from: '***', to: '***' }]);
    const stored = JSON.stringify(await postrider.ctx.models.auditEntries.find().lean());
    expect(stored).not.toContain('planted-secret');
    expect(stored).not.toContain('whsec_');
    const keyId = postrider.ctx.keyRing.seal({ reveal: () => 'x' } as never, 'x').split('.')[0];
    expect(stored).not.toContain(`"${keyId}.`);
  });

  it('of a webhook made with its subscription comes with one of the subscription', async () => {
    const name = await eventType();
    const made = await postrider.api.make('/v1/webhooks', { url: receiver.url(), eventTypes: [name] });
    expect(await entries(`resourceId=${made.id}`)).toMatchObject([
      { action: 'created', resource: 'webhook' },
    ]);
    expect(await entries(`resourceId=${made.subscriptionId}`)).toMatchObject([
      { action: 'created', resource: 'subscription' },
    ]);
  });

  it('is kept as long as the configuration says', async () => {
    await webhook();
    const [entry] = await postrider.ctx.models.auditEntries.find().sort({ _id: -1 }).limit(1).lean();
    expect(entry && entry.expiresAt.getTime() - entry.createdAt.getTime()).toBe(10 * 86_400_000);
  });

  it('keeps of a long value the beginning', async () => {
    const name = await eventType();
    await postrider.api.patch(`/v1/event-types/${name}`, { samplePayload: { long: 'x'.repeat(100_000) } });
    const [entry] = await entries(`resourceId=${name}`);
    expect(entry.changes[0].to).toMatch(/^\{"long":"x+…$/);
    expect(JSON.stringify(entry).length).toBeLessThan(10_000);
  });
});

describe('without an entry', () => {
  it('no change stays', async () => {
    const id = await webhook();
    const { db } = postrider.ctx.connection;
    await db?.command({ collMod: 'auditEntries', validator: { $expr: false } });
    try {
      expect((await postrider.api.patch(`/v1/webhooks/${id}`, { name: 'Changed' })).status).toBe(500);
      expect((await postrider.api.delete(`/v1/webhooks/${id}`)).status).toBe(500);
      expect((await postrider.api.post('/v1/event-types', { name: 'not.made' })).status).toBe(500);
    } finally {
      await db?.command({ collMod: 'auditEntries', validator: {} });
    }
    expect((await postrider.api.get(`/v1/webhooks/${id}`)).body.name).toBe('Books');
    expect((await postrider.api.get('/v1/event-types/not.made')).status).toBe(404);
  });

  it('nothing has changed: of what is refused, of a dry run, and of a repetition there is none', async () => {
    const id = await webhook();
    const paused = await replay();
    await postrider.api.post(`/v1/replays/${paused}/pause`);
    const before = await entries();
    problemOf(await postrider.api.patch(`/v1/webhooks/${id}`, { url: 'nonsense' }), 'invalid');
    problemOf(
      await postrider.api.patch(`/v1/webhooks/${id}`, { name: 'x' }, { 'if-match': '"another"' }),
      'precondition_failed',
    );
    expect((await postrider.api.patch(`/v1/webhooks/${id}`, { name: 'Books' })).status).toBe(200);
    expect((await postrider.api.post('/v1/replays', { filter: {}, dryRun: true })).status).toBe(200);
    expect((await postrider.api.post(`/v1/replays/${paused}/pause`)).status).toBe(202);
    expect(await entries()).toEqual(before);
  });
});

it('tells changes that came at the same time one after the other', async () => {
  const id = await webhook({ name: '0' });
  const names = Array.from({ length: 10 }, (_, index) => `${index + 1}`);
  await Promise.all(names.map(async (name) => postrider.api.patch(`/v1/webhooks/${id}`, { name })));
  const steps = (await entries(`resourceId=${id}&action=updated`)).map(({ changes }) => changes[0]);
  const next = new Map(steps.map(({ from, to }) => [from, to]));
  expect(steps).toHaveLength(10);
  let name = '0';
  for (let step = 0; step < 10; step += 1) name = next.get(name) as string;
  expect((await postrider.api.get(`/v1/webhooks/${id}`)).body.name).toBe(name);
  expect(new Set(next.values())).toEqual(new Set(names));
});

describe('the list', () => {
  it('is narrowed by resource, action and time', async () => {
    const id = await webhook();
    const [made] = await entries(`resourceId=${id}`);
    await postrider.api.delete(`/v1/webhooks/${id}`);
    expect(await entries(`resource=webhook&resourceId=${id}&action=deleted`)).toHaveLength(1);
    expect(await entries(`resource=source&resourceId=${id}`)).toEqual([]);
    expect(await entries(`resourceId=${id}&to=${made.createdAt}`)).toEqual([]);
    expect(await entries(`resourceId=${id}&from=${made.createdAt}`)).toHaveLength(2);
    problemOf(await postrider.api.get('/v1/audit?action=unknown'), 'invalid');
  });

  it('names the key as it was called, after it is gone', async () => {
    const { id, key } = await postrider.api.make('/v1/api-keys', { name: 'Anna', role: 'admin' });
    const { id: webhookId } = await postrider.as(key).make('/v1/webhooks', { url: receiver.url() });
    await postrider.api.delete(`/v1/api-keys/${id}`);
    expect((await entries(`resourceId=${webhookId}`))[0]).toMatchObject({
      key: { id, name: 'Anna' },
      role: 'admin',
    });
  });

  it('shows the root key what belongs to no organization', async () => {
    const root = postrider.as(rootKey);
    await root.make('/v1/api-keys', { name: 'for all', role: 'publisher' });
    expect((await entries('resource=api_key', root))[0]).toMatchObject({
      resourceName: 'for all',
      key: null,
    });
    expect((await entries('resource=api_key')).map(({ resourceName }) => resourceName)).not.toContain(
      'for all',
    );
  });
});
