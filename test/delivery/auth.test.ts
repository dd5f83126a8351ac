import { describe, expect, it } from '@jest/globals';
import type { Arrival } from '../support/receiver.js';
import {
  oauth,
  oauthServerForEach,
  postrider,
  postriderForAll,
  receiver,
  receiverForEach,
} from '../support/running.js';
import { subscribe } from '../support/subscribe.js';

const client = { clientId: 'post rider+1', clientSecret: 'p:a/s s+wörd' };
const user = { username: 'books@example.com', password: 'user pass:1' };

postriderForAll();
receiverForEach();
oauthServerForEach({ ...client, ...user });

/** The one request of a delivery that succeeds. */
async function arrivalOf(webhook: object): Promise<Arrival | undefined> {
  const { publish } = await subscribe(postrider.api, { url: receiver.url(), ...webhook });
  const delivery = await postrider.over(await publish());
  expect(delivery.status).toBe('succeeded');
  return receiver.arrivals[0];
}

describe('a request proves who sends it', () => {
  it('not at all', async () => {
    const arrival = await arrivalOf({ auth: { type: 'none' } });
    expect(arrival?.headers.authorization).toBeUndefined();
  });

  it('by a header of any name', async () => {
    const arrival = await arrivalOf({ auth: { type: 'header', name: 'X-Api-Key', value: 'k-1234' } });
    expect(arrival?.headers['x-api-key']).toBe('k-1234');
  });

  it('by a bearer token', async () => {
    const arrival = await arrivalOf({ auth: { type: 'bearer', token: 'tok-1234' } });
    expect(arrival?.headers.authorization).toBe('Bearer tok-1234');
  });

  it('by user name and password', async () => {
    const arrival = await arrivalOf({ auth: { type: 'basic', username: 'ada', password: 'lövelace:1' } });
    const credentials = Buffer.from('ada:lövelace:1').toString('base64');
    expect(arrival?.headers.authorization).toBe(`Basic ${credentials}`);
  });

  it.each(['basic', 'body'] as const)(
    'by OAuth client credentials, the client authenticated by %s',
    async (clientAuth) => {
      const arrival = await arrivalOf({
        auth: {
          type: 'oauth2_client_credentials',
          tokenUrl: oauth.tokenUrl,
          ...client,
          clientAuth,
          scope: 'invoices:write customers',
          audience: 'https://books.example.com',
        },
      });
      expect(arrival && oauth.accepts(arrival)).toBe(true);
      expect(oauth.requests).toHaveLength(1);
      expect(tokenForm()).toEqual({
        grant_type: 'client_credentials',
        scope: 'invoices:write customers',
        audience: 'https://books.example.com',
        ...(clientAuth === 'body' ? { client_id: client.clientId, client_secret: client.clientSecret } : {}),
      });
      expectClientIn(clientAuth);
    },
  );

  it.each(['basic', 'body'] as const)(
    'by an OAuth password grant, the client authenticated by %s',
    async (clientAuth) => {
      const arrival = await arrivalOf({
        auth: { type: 'oauth2_password', tokenUrl: oauth.tokenUrl, ...client, ...user, clientAuth },
      });
      expect(arrival && oauth.accepts(arrival)).toBe(true);
      expect(tokenForm()).toEqual({
        grant_type: 'password',
        ...user,
        ...(clientAuth === 'body' ? { client_id: client.clientId, client_secret: client.clientSecret } : {}),
      });
      expectClientIn(clientAuth);
    },
  );

  it("by its external system's auth, under its base URL", async () => {
    const system = await postrider.api.make('/v1/external-systems', {
      name: 'ERP',
      baseUrl: receiver.url('/api/v2'),
      auth: { type: 'header', name: 'X-Erp-Token', value: 'erp-1' },
    });
    const arrival = await arrivalOf({ url: '/invoices?notify=1', externalSystemId: system.id });
    expect(arrival?.url).toBe('/api/v2/invoices?notify=1');
    expect(arrival?.headers['x-erp-token']).toBe('erp-1');
  });

  it("by a token of its external system's OAuth client, which its webhooks share", async () => {
    const system = await postrider.api.make('/v1/external-systems', {
      name: 'ERP',
      baseUrl: receiver.url(),
      auth: { type: 'oauth2_client_credentials', tokenUrl: oauth.tokenUrl, ...client },
    });
    const hooks = await Promise.all(
      ['/a', '/b'].map(async (url) => subscribe(postrider.api, { url, externalSystemId: system.id })),
    );
    for (const hook of hooks) {
      expect((await postrider.over(await hook.publish())).status).toBe('succeeded');
    }
    expect(receiver.arrivals.map((arrival) => oauth.accepts(arrival))).toEqual([true, true]);
    expect(oauth.issued).toHaveLength(1);
  });

  it('with a credential that the record of the attempt does not show', async () => {
    const { publish } = await subscribe(postrider.api, {
      url: receiver.url(),
      auth: { type: 'bearer', token: 'tok-1234' },
      headers: [
        { name: 'X-Tenant', value: 'north' },
        { name: 'X-Partner-Token', value: 'pt-1' },
        { name: 'X-Shop', value: 'sh-1', secret: true },
      ],
    });
    const delivery = await postrider.over(await publish());
    expect(delivery.attempts[0].request.headers).toEqual(
      expect.arrayContaining([
        { name: 'authorization', value: '***' },
        { name: 'X-Tenant', value: 'north' },
        { name: 'X-Partner-Token', value: '***' },
        { name: 'X-Shop', value: '***' },
      ]),
    );
    expect(receiver.arrivals[0]?.headers).toMatchObject({
      'x-tenant': 'north',
      'x-partner-token': 'pt-1',
      'x-shop': 'sh-1',
    });
  });
});

function tokenForm(): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(oauth.requests[0]?.body ?? ''));
}

function expectClientIn(place: 'basic' | 'body'): void {
  const { authorization } = oauth.requests[0]?.headers ?? {};
  if (place === 'basic') expect(authorization).toMatch(/^Basic /);
  else expect(authorization).toBeUndefined();
}
