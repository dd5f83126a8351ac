import { describe, expect, it } from '@jest/globals';
import { WebhookUrl } from '../../src/request/webhook-url.js';

function message(url: unknown): string | undefined {
  const parsed = WebhookUrl.safeParse(url);
  return parsed.success ? undefined : parsed.error.issues.map((issue) => issue.message).join('; ');
}

describe('the URL of a webhook', () => {
  it.each([
    'https://example.com',
    'http://example.com:8080/a/b?c=d&e={f}#g',
    'HTTPS://EXAMPLE.COM/',
    'http://127.0.0.1:1/',
    'http://[::1]:1/',
    'https://bücher.example/größe',
    'http://localhost/a:b@c',
  ])('is %s, kept as it was given', (url) => {
    expect(WebhookUrl.parse(url)).toBe(url);
  });

  it.each([
    '',
    'example.com',
    '/path',
    'ftp://example.com',
    'javascript:alert(1)',
    ' https://example.com',
    'http:/x',
    'file:///etc/passwd',
  ])('must begin with http:// or https://, unlike %j', (url) => {
    expect(message(url)).toBe('must begin with http:// or https://');
  });

  it.each([
    'http://',
    'http:///path',
    'http://?q',
    'https://exa mple.com/',
    'http://example.com:99999/',
    'http://[::1/',
    'http://example.com/a\nb',
    'http://example.com/a b',
    'http://exam\tple.com/',
    'http://\\example.com',
    'http://%/',
  ])('must be a URL that can be parsed, unlike %j', (url) => {
    expect(message(url)).toBe('must be a URL that can be parsed');
  });

  it.each(['http://user@example.com/', 'http://user:pass@example.com/', 'http://:pass@example.com/'])(
    'holds no credentials, unlike %s',
    (url) => {
      expect(message(url)).toBe('must not hold a user name or password: use auth');
    },
  );

  it('has at most 2,048 characters', () => {
    const base = 'https://example.com/';
    expect(message(base + 'x'.repeat(2_048 - base.length))).toBeUndefined();
    expect(message(base + 'x'.repeat(2_049 - base.length))).toBe('must be at most 2048 characters');
  });
});
