import { describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { Secret } from '../../src/config/secret.js';
import { headerOf } from '../../src/http/exchange.js';
import { buildRequest } from '../../src/request/build.js';
import { contentTypes } from '../../src/request/format.js';
import type { RequestAuth, RequestParts } from '../../src/request/build.js';
import { newSigningSecret } from '../../src/request/signature.js';
import { version } from '../../src/version.js';

const signingSecret = newSigningSecret();
const sentAt = new Date();

function parts(changes: Partial<RequestParts> = {}): RequestParts {
  return {
    webhook: { url: 'https://example.com/hook?q=1', method: 'PUT', headers: [] },
    auth: { type: 'none' },
    event: { id: 'evt_1', type: 'invoice.paid' },
    deliveryId: 'del_1',
    attempt: 3,
    sentAt,
    body: { contentType: 'application/json', text: '{"a":1}' },
    signingSecrets: [signingSecret],
    ...changes,
  };
}

describe('a request', () => {
  it('carries what Postrider says of itself and of the delivery', () => {
    const { send } = buildRequest(parts());
    expect(send).toMatchObject({ method: 'PUT', url: 'https://example.com/hook?q=1', body: '{"a":1}' });
    expect(Object.fromEntries(send.headers)).toEqual({
      'content-type': 'application/json',
      'user-agent': `Postrider/${version}`,
      'webhook-id': 'evt_1',
      'webhook-timestamp': String(Math.floor(sentAt.getTime() / 1_000)),
      'webhook-signature': expect.stringMatching(/^v1,/),
      'postrider-delivery-id': 'del_1',
      'postrider-attempt': '3',
      'postrider-event-type': 'invoice.paid',
    });
  });

  it('is signed so that the reference library accepts it', () => {
    const { send } = buildRequest(parts());
    const headers = Object.fromEntries(send.headers) as Record<string, string>;
    expect(new Webhook(signingSecret.reveal()).verify(send.body, headers)).toEqual({ a: 1 });
  });

  it('names the type of a form', () => {
    const { send } = buildRequest(parts({ body: { contentType: contentTypes.form, text: 'a=1' } }));
    expect(headerOf(send.headers, 'content-type')).toBe('application/x-www-form-urlencoded');
  });

  it.each([
    ['order-7', 'order-7'],
    ['größe 1', 'gr%C3%B6%C3%9Fe 1'],
    ['a\r\nx-injected: 1', 'a%0D%0Ax-injected: 1'],
    ['\ud800', '%EF%BF%BD'],
  ])('carries the correlation id %j as a safe header', (correlationId, value) => {
    const { send } = buildRequest(parts({ event: { id: 'evt_1', type: 't', correlationId } }));
    expect(headerOf(send.headers, 'postrider-correlation-id')).toBe(value);
  });
});

describe('the auth of a request', () => {
  it.each<[RequestAuth, string, string]>([
    [{ type: 'bearer', token: new Secret('tok-1') }, 'authorization', 'Bearer tok-1'],
    [
      { type: 'basic', username: 'jörg', password: new Secret('p:w') },
      'authorization',
      `Basic ${Buffer.from('jörg:p:w').toString('base64')}`,
    ],
    [{ type: 'header', name: 'X-Tenant', value: new Secret('t-1') }, 'x-tenant', 't-1'],
  ])('of type $type goes out, and is masked in the record', (auth, name, value) => {
    const { send, record } = buildRequest(parts({ auth }));
    expect(headerOf(send.headers, name)).toBe(value);
    expect(headerOf(record.headers, name)).toBe('***');
    expect(JSON.stringify(record)).not.toContain(value);
  });

  it('takes the place of a header of the same name', () => {
    const headers = [{ name: 'Authorization', value: 'mine', secret: false }];
    const { send, record } = buildRequest(
      parts({
        webhook: { ...parts().webhook, headers },
        auth: { type: 'bearer', token: new Secret('tok-1') },
      }),
    );
    expect(headerOf(send.headers, 'authorization')).toBe('Bearer tok-1');
    expect(headerOf(record.headers, 'authorization')).toBe('***');
  });
});

describe('the headers of the webhook', () => {
  const headers = [
    { name: 'X-B', value: 'b' },
    { name: 'x-a', value: 'a', secret: true },
    { name: 'X-Api-Key', value: 'k' },
    { name: 'Idempotency-Key', value: 'i', secret: false },
  ];

  it('go out in their order, after those of Postrider', () => {
    const { send } = buildRequest(parts({ webhook: { ...parts().webhook, headers } }));
    expect(send.headers.slice(-4)).toEqual([
      ['X-B', 'b'],
      ['x-a', 'a'],
      ['X-Api-Key', 'k'],
      ['Idempotency-Key', 'i'],
    ]);
  });

  it('are masked in the record where they are secret, and all else is the same', () => {
    const { send, record } = buildRequest(parts({ webhook: { ...parts().webhook, headers } }));
    expect(record.headers.slice(-4)).toEqual([
      ['X-B', 'b'],
      ['x-a', '***'],
      ['X-Api-Key', '***'],
      ['Idempotency-Key', 'i'],
    ]);
    expect(record.headers.slice(0, -4)).toEqual(send.headers.slice(0, -4));
    expect({ ...record, headers: [] }).toEqual({ ...send, headers: [] });
  });
});
