import { describe, expect, it } from '@jest/globals';
import { isSecretHeader, MASK, maskHeaders, WebhookHeaders } from '../../src/request/headers.js';

function issues(headers: unknown): string[] {
  const parsed = WebhookHeaders.safeParse(headers);
  return parsed.success
    ? []
    : parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
}

function named(...names: string[]): { name: string; value: string }[] {
  return names.map((name) => ({ name, value: 'v' }));
}

describe('the headers of a webhook', () => {
  it('keep their order and their case', () => {
    const headers = [
      { name: 'X-Zebra', value: 'a b\tc' },
      { name: 'authorization', value: 'Token 1', secret: false },
      { name: "x!#$%&'*+-.^_`|~9", value: '' },
    ];
    expect(WebhookHeaders.parse(headers)).toEqual(headers);
  });

  it.each(['', 'x y', 'x:', 'größe', 'x\r\ny', 'x(', 'x/y', '"x"'])('refuse the name %j', (name) => {
    expect(issues(named(name))).toEqual(['0.name: must be a header name: letters, digits and hyphens']);
  });

  it.each([
    'webhook-id',
    'webhook-timestamp',
    'Webhook-Signature',
    'postrider-attempt',
    'Postrider-Anything',

    'User-Agent',
    'content-type',
    'Content-Length',
    'HOST',
    'transfer-encoding',
    'connection',
    'keep-alive',
    'upgrade',
    'te',
    'trailer',
    'expect',
    'proxy-authorization',
    'proxy-connection',
  ])('refuse %s, which Postrider sets itself', (name) => {
    expect(issues(named(name))).toEqual(['0.name: is a header that Postrider sets itself']);
  });

  it.each(['webhook-ids', 'x-webhook-id', 'x-postrider', 'test', 'accept', 'x-host'])('take %s', (name) => {
    expect(issues(named(name))).toEqual([]);
  });

  it.each(['a\r\nb', 'a\nb', 'a\0b', ' a', 'a ', '\ta', 'é', '日本', '\u007f', ' '])(
    'refuse the value %j',
    (value) => {
      expect(issues([{ name: 'x', value }])).toEqual([
        '0.value: must be visible ASCII, with spaces or tabs only inside, and no line breaks',
      ]);
    },
  );

  it('are at most 50, of at most 8 KiB', () => {
    const names = Array.from({ length: 51 }, (_, index) => `x-${index}`);
    expect(issues(named(...names.slice(1)))).toEqual([]);
    expect(issues(named(...names))).toEqual([': must be at most 50 headers']);
    expect(issues([{ name: 'x', value: 'v'.repeat(8_192) }])).toEqual([]);
    expect(issues([{ name: 'x', value: 'v'.repeat(8_193) }])).toEqual([
      '0.value: must be at most 8192 bytes',
    ]);
  });

  it('are there once each, whatever their case', () => {
    expect(issues(named('X-Key', 'other', 'x-key'))).toEqual(['2.name: is there twice']);
  });

  it('have no unknown fields', () => {
    expect(issues([{ name: 'x', value: 'v', more: 1 }])).toHaveLength(1);
  });
});

describe('the value of a header', () => {
  it.each([
    'Authorization',
    'Cookie',
    'Set-Cookie',
    'X-Api-Key',
    'x-auth-token',
    'client-secret',
    'X-Password',
    'proxy-authorization',
    'APIKEY',
  ])('is a secret by default in %s', (name) => {
    expect(isSecretHeader(name)).toBe(true);
  });

  it.each(['x-tenant', 'accept', 'webhook-id', 'webhook-signature', 'postrider-delivery-id', 'content-type'])(
    'is none by default in %s',
    (name) => {
      expect(isSecretHeader(name)).toBe(false);
    },
  );

  it('is what the header says where it says so', () => {
    expect(isSecretHeader('x-tenant', true)).toBe(true);
    expect(isSecretHeader('idempotency-key', false)).toBe(false);
  });

  it('is masked where it is a secret, in the order of the headers', () => {
    const headers = [
      ['A', '1'],
      ['Set-Cookie', 'a=1'],
      ['set-cookie', 'b=2'],
      ['X-Plain', 'p'],
      ['my-key', 'k'],
    ] as const;
    const secrets = new Map([
      ['x-plain', true],
      ['my-key', false],
    ]);
    expect(maskHeaders(headers, secrets)).toEqual([
      ['A', '1'],
      ['Set-Cookie', MASK],
      ['set-cookie', MASK],
      ['X-Plain', MASK],
      ['my-key', 'k'],
    ]);
  });
});
