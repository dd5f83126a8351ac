import { describe, expect, it } from '@jest/globals';
import { freePort } from '../../src/stack/free-ports.js';
import { productionKey } from '../support/postrider.js';
import {
  oauth,
  oauthServerForAll,
  postrider,
  postriderForAll,
  receiver,
  receiverForAll,
} from '../support/running.js';

const client = { clientId: 'postrider', clientSecret: 'client-secret-7f3a' };

postriderForAll();
oauthServerForAll(client);
receiverForAll();

async function systemWith(auth: object): Promise<string> {
  const { id } = await postrider.api.make('/v1/external-systems', {
    name: 'LMI',
    baseUrl: receiver.url('/api'),
    auth,
  });
  return id as string;
}

async function verify(id: string) {
  return postrider.api.make(`/v1/external-systems/${id}/verify`);
}

function oauthClient(more: object = {}) {
  return { type: 'oauth2_client_credentials', tokenUrl: oauth.tokenUrl, ...client, ...more };
}

describe('verifying an external system', () => {
  it('fetches a token each time, tells when it expires, and shows neither token nor secret', async () => {
    const id = await systemWith(oauthClient({ scope: 'each-time' }));
    const before = oauth.requests.length;
    const first = await verify(id);
    const second = await verify(id);
    expect(oauth.requests).toHaveLength(before + 2);
    for (const { ok, fetched, status, error, expiresAt } of [first, second]) {
      expect({ ok, fetched, status, error }).toEqual({ ok: true, fetched: true, status: 200, error: null });
      const lifeMs = new Date(expiresAt as string).getTime() - Date.now();
      expect(lifeMs).toBeGreaterThan(3_500_000);
      expect(lifeMs).toBeLessThanOrEqual(3_600_000);
    }
    for (const secret of [...oauth.issued, client.clientSecret]) {
      expect(JSON.stringify([first, second])).not.toContain(secret);
    }
  });

  it('keeps the token for the deliveries of all its webhooks', async () => {
    const { api } = postrider;
    const id = await systemWith(oauthClient({ scope: 'kept' }));
    await verify(id);
    const issued = oauth.issued.length;
    await api.make('/v1/event-types', { name: 'task.kept' });
    for (const path of ['/one', '/two']) {
      await api.make('/v1/webhooks', { url: path, externalSystemId: id, eventTypes: ['task.kept'] });
    }
    const { deliveries } = await api.make('/v1/events', { type: 'task.kept', data: {} });
    for (const delivery of deliveries) expect((await postrider.over(delivery.id)).status).toBe('succeeded');
    expect(oauth.issued).toHaveLength(issued);
    const arrivals = await receiver.received(2);
    for (const arrival of arrivals) expect(oauth.accepts(arrival)).toBe(true);
  });

  it('tells what the token server answered when it refuses', async () => {
    const answer = await verify(await systemWith(oauthClient({ clientSecret: 'wrong-secret-1234' })));
    expect(answer).toMatchObject({ ok: false, fetched: true, status: 401, expiresAt: null });
    expect(answer.error).toBe('token endpoint answered 401 (invalid_client)');
    expect(JSON.stringify(answer)).not.toContain('wrong-secret');
  });

  it('tells that the token server cannot be reached', async () => {
    const tokenUrl = `http://127.0.0.1:${await freePort()}/token`;
    const answer = await verify(await systemWith(oauthClient({ tokenUrl })));
    expect(answer).toMatchObject({ ok: false, fetched: true, status: null, expiresAt: null });
    expect(answer.error).toContain('connection');
  });

  it('leaves a token that deliveries use alone when it fails', async () => {
    const { api } = postrider;
    const id = await systemWith(oauthClient({ scope: 'left' }));
    await verify(id);
    oauth.broken = 503;
    const answer = await verify(id);
    expect(answer).toMatchObject({ ok: false, status: 503 });
    await api.make('/v1/event-types', { name: 'task.left' });
    await api.make('/v1/webhooks', { url: '/left', externalSystemId: id, eventTypes: ['task.left'] });
    const { deliveries } = await api.make('/v1/events', { type: 'task.left', data: {} });
    const over = await postrider.over(deliveries[0].id);
    oauth.broken = undefined;
    expect(over.status).toBe('succeeded');
  });

  it('says that there is nothing to fetch for auth without a token', async () => {
    const auths = [
      { type: 'none' },
      { type: 'header', name: 'x-api-key', value: 'api-key-9c1d' },
      { type: 'bearer', token: 'bearer-token-9c1d' },
      { type: 'basic', username: 'u', password: 'password-9c1d' },
    ];
    for (const auth of auths) {
      const answer = await verify(await systemWith(auth));
      expect(answer).toMatchObject({ ok: true, fetched: false, status: null, error: null, expiresAt: null });
      expect(answer.message).toContain(auth.type);
      expect(JSON.stringify(answer)).not.toContain('9c1d');
    }
  });

  it('is a 404 for what is not there, or belongs to the other environment', async () => {
    const id = await systemWith(oauthClient());
    const before = oauth.requests.length;
    for (const [key, system] of [
      [undefined, 'ext_nothing'],
      [productionKey, id],
    ] as const) {
      const api = key === undefined ? postrider.api : postrider.as(key);
      expect((await api.post(`/v1/external-systems/${system}/verify`)).status).toBe(404);
    }
    expect(oauth.requests).toHaveLength(before);
  });
});
