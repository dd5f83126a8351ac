import { beforeAll, describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import type { Loose } from '../support/api.js';
import { productionKey } from '../support/postrider.js';
import { Receiver } from '../support/receiver.js';
import { postrider, postriderForAll, receiver, receiverForAll } from '../support/running.js';

const data = { account: { id: 7, name: 'Ada' }, items: [{ sku: 'a' }] };

function headersOf({ request }: Loose): Record<string, string> {
  return Object.fromEntries(request.headers.map(({ name, value }: Loose) => [name, value]));
}

function headerNames({ request }: Loose): string[] {
  return request.headers.map(({ name }: Loose) => name);
}

postriderForAll();
receiverForAll();

beforeAll(async () => {
  await postrider.api.make('/v1/event-types', { name: 'account.made', samplePayload: data });
});

async function webhookWith(more: object = {}): Promise<Loose> {
  return postrider.api.make('/v1/webhooks', {
    url: receiver.url('/hook?tenant=1'),
    eventTypes: ['account.made'],
    ...more,
  });
}

async function preview({ id }: Loose, body: object = {}): Promise<Loose> {
  return postrider.api.make(`/v1/webhooks/${id}/preview`, body);
}

describe('a preview of a webhook', () => {
  it('is the request that a test then sends, but for its ids and time; and sends nothing', async () => {
    const webhook = await webhookWith({
      headers: [{ name: 'x-team', value: 'books' }],
      payloadTemplate: { account: '{account.id}', who: 'for {account.name}' },
    });
    const shown = await preview(webhook);
    expect(receiver.arrivals).toEqual([]);
    expect(shown.eventType).toBe('account.made');
    expect(shown.missing).toEqual([]);

    const { attempt } = await postrider.api.make(`/v1/webhooks/${webhook.id}/test`);
    const varying = ['webhook-id', 'webhook-timestamp', 'webhook-signature', 'postrider-delivery-id'];
    const steady = ({ request }: Loose) => ({
      ...request,
      headers: request.headers.filter(({ name }: Loose) => !varying.includes(name as string)),
    });
    expect(steady(shown)).toEqual(steady(attempt));
    expect(shown.request.body).toBe('{"account":7,"who":"for Ada"}');
  });

  it('shows the same of settings that no webhook has yet, and makes none', async () => {
    const settings = {
      url: receiver.url('/hook'),
      headers: [
        { name: 'x-team', value: 'books' },
        { name: 'x-api-key', value: 'a-secret-of-theirs' },
      ],
      auth: { type: 'basic', username: 'ada', password: 'a-password-of-theirs' },
      payloadTemplate: { account: '{account.id}', phone: '{account.phone}' },
    };
    const body = { ...settings, eventType: 'account.made' };
    const before = (await postrider.api.get('/v1/webhooks?limit=200')).body.data.length;
    const shown = await postrider.api.make('/v1/webhook-previews', body);
    expect(shown.missing).toEqual(['account.phone']);
    expect(shown.request.body).toBe('{"account":7,"phone":null}');
    expect(JSON.stringify(shown)).not.toMatch(/of-theirs/);
    expect((await postrider.api.get('/v1/webhooks?limit=200')).body.data.length).toBe(before);
    const made = await preview(await webhookWith(settings));
    expect(headerNames(shown)).toEqual(headerNames(made));
    const refused = await postrider.api.post('/v1/webhook-previews', { ...body, url: 'ftp://example.com' });
    expect([refused.status, refused.body.errors[0].path]).toEqual([422, 'url']);
  });

  it('carries a signature that its receiver would accept', async () => {
    const webhook = await webhookWith();
    const shown = await preview(webhook);
    const verify = () => {
      new Webhook(webhook.signingSecret as string).verify(shown.request.body as string, headersOf(shown));
    };
    expect(verify).not.toThrow();
  });

  it('lists each placeholder that found nothing, once', async () => {
    const webhook = await webhookWith({
      payloadTemplate: { a: '{account.phone}', b: 'x{account.phone}{items.1.sku}', c: '{items.0.sku}' },
    });
    const { missing, request } = await preview(webhook);
    expect(missing).toEqual(['account.phone', 'items.1.sku']);
    expect(JSON.parse(request.body as string)).toEqual({ a: null, b: 'x', c: 'a' });
  });

  it('tries settings that are not saved', async () => {
    const webhook = await webhookWith({ headers: [{ name: 'x-api-key', value: 'api-key-3d4e' }] });
    const before = (await postrider.api.get(`/v1/webhooks/${webhook.id}`)).body;
    const shown = await preview(webhook, {
      url: 'https://example.com/other',
      method: 'PUT',
      format: 'form',
      payloadTemplate: { id: '{account.id}' },
      headers: [
        { name: 'X-Api-Key', value: '***' },
        { name: 'x-new', value: '1' },
      ],
      auth: { type: 'bearer', token: 'bearer-token-3d4e' },
      data: { account: { id: 8 } },
    });
    expect(shown.request).toMatchObject({ method: 'PUT', url: 'https://example.com/other', body: 'id=8' });
    expect(headersOf(shown)).toMatchObject({
      'content-type': 'application/x-www-form-urlencoded',
      'X-Api-Key': '***',
      'x-new': '1',
      authorization: '***',
    });
    expect(JSON.stringify(shown)).not.toContain('3d4e');
    expect((await postrider.api.get(`/v1/webhooks/${webhook.id}`)).body).toEqual(before);
  });

  it('takes a template away again with null', async () => {
    const webhook = await webhookWith({ payloadTemplate: { id: '{account.id}' } });
    const { request } = await preview(webhook, { payloadTemplate: null });
    expect(JSON.parse(request.body as string)).toMatchObject({ type: 'account.made', data });
  });

  it('shows OAuth as a masked authorization, and fetches no token', async () => {
    const tokens = await Receiver.start();
    const auth = {
      type: 'oauth2_client_credentials',
      tokenUrl: tokens.url(),
      clientId: 'c',
      clientSecret: 'client-secret-9a8b',
    };
    const shown = await preview(await webhookWith({ auth }));
    await tokens.stop();
    expect(headersOf(shown)['authorization']).toBe('***');
    expect(JSON.stringify(shown)).not.toContain('9a8b');
    expect(tokens.arrivals).toEqual([]);
  });

  it('shows the full URL under its external system', async () => {
    const system = {
      name: 'Books',
      baseUrl: 'https://books.example.com/api',
      origins: ['https://b.example.com'],
    };
    const { id: externalSystemId } = await postrider.api.make('/v1/external-systems', system);
    const webhook = await webhookWith({ url: '/in', externalSystemId });
    expect((await preview(webhook)).request.url).toBe('https://books.example.com/api/in');
    const other = await preview(webhook, { url: 'https://b.example.com/x' });
    expect(other.request.url).toBe('https://b.example.com/x');
  });

  it('refuses settings that could not be saved, each by its path', async () => {
    const webhook = await webhookWith();
    const cases: [body: object, path: string][] = [
      [{ url: 'ftp://example.com' }, 'url'],
      [{ method: 'GET' }, 'method'],
      [{ headers: [{ name: 'host', value: 'x' }] }, 'headers.0.name'],
      [{ headers: [{ name: 'x-key', value: '***' }] }, 'headers.0.value'],
      [{ externalSystemId: 'ext_nothing' }, 'externalSystemId'],
      [{ auth: { type: 'magic' } }, 'auth.type'],
      [{ eventType: 'nothing' }, 'eventType'],
      [{ state: 'off' }, 'state'],
    ];
    for (const [body, path] of cases) {
      const answer = await postrider.api.post(`/v1/webhooks/${webhook.id}/preview`, body);
      expect([answer.status, answer.body.errors[0].path]).toEqual([422, path]);
    }
  });

  it('is for those who may send, since its signature is real', async () => {
    const webhook = await webhookWith();
    for (const [role, status] of [
      ['viewer', 403],
      ['publisher', 403],
      ['operator', 200],
    ] as const) {
      const { key } = await postrider.api.make('/v1/api-keys', { name: role, role });
      const answer = await postrider.as(key as string).post(`/v1/webhooks/${webhook.id}/preview`);
      expect(answer.status).toBe(status);
    }
    const elsewhere = postrider.as(productionKey);
    expect((await elsewhere.post(`/v1/webhooks/${webhook.id}/preview`)).status).toBe(404);
  });
});
