import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Guesses } from '../../src/api/guesses.js';
import type { ApiAnswer, Loose } from '../support/api.js';
import { sandboxKey, type TestPostrider } from '../support/postrider.js';
import { startTestApi } from './api-process.js';
import { problemOf } from './problems.js';

let postrider: TestPostrider;

beforeAll(async () => {
  postrider = await startTestApi();
});

afterAll(async () => postrider.stop());

const sameOrigin = { 'sec-fetch-site': 'same-origin' };

describe('who tries keys', () => {
  it('is refused unheard after many that were wrong, by bearer and by sign-in; a key that was right goes on', async () => {
    const fresh = await postrider.api.make('/v1/api-keys', { name: 'not used before', role: 'viewer' });
    const answers: ApiAnswer<Loose>[] = [];
    while (answers.length < 1_000 && !(answers.at(-1)?.status === 429 && answers.length % 2 === 0)) {
      const wrong = `wrong-key-number-${answers.length}-0123456789abcdef`;
      answers.push(
        answers.length % 2 === 0
          ? await postrider.as(wrong).get('/v1/me')
          : await postrider.as(undefined, sameOrigin).post('/session', { key: wrong }),
      );
      // As if all came in the same second, however slow the machine is.
      if (answers.length === 60) {
        for (let more = 0; more < 200; more += 1) postrider.ctx.guesses.sawWrong('127.0.0.1', []);
      }
    }
    const slowed = answers.filter(({ status }) => status === 429);
    expect(answers.slice(0, 60).map(({ status }) => status)).toEqual(Array(60).fill(401));
    expect(slowed).toHaveLength(2);
    for (const answer of slowed) {
      problemOf(answer, 'too_many_wrong_keys');
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    }
    expect((await postrider.api.get('/v1/me')).status).toBe(200);
    expect((await postrider.as(undefined, sameOrigin).post('/session', { key: sandboxKey })).status).toBe(
      200,
    );
    // A right key that has not been seen cannot be told from a guess while its address is slowed down.
    problemOf(await postrider.as(fresh.key).get('/v1/me'), 'too_many_wrong_keys');
  });
});

describe('wrong keys of an address', () => {
  it('may be 60 at once, and one a second after that', () => {
    let now = 1_000_000;
    const guesses = new Guesses(() => now);
    for (let tried = 0; tried < 60; tried += 1) {
      expect(guesses.waitS('192.0.2.1', ['x'])).toBe(0);
      guesses.sawWrong('192.0.2.1', [`wrong ${tried}`]);
    }
    expect(guesses.waitS('192.0.2.1', ['x'])).toBe(1);
    expect(guesses.waitS('::ffff:192.0.2.1', ['x'])).toBe(1);
    expect(guesses.waitS('192.0.2.2', ['x'])).toBe(0);
    now += 1_000;
    expect(guesses.waitS('192.0.2.1', ['x'])).toBe(0);
  });

  it('count once each: a client that repeats a revoked key holds up nobody', () => {
    const guesses = new Guesses(() => 0);
    for (let tried = 0; tried < 100; tried += 1) guesses.sawWrong('192.0.2.1', ['revoked']);
    expect(guesses.waitS('192.0.2.1', ['other'])).toBe(0);
  });

  it('count for a whole network of IPv6, and not for a key that was right, until it is revoked', () => {
    const guesses = new Guesses(() => 0);
    guesses.sawRight('known');
    for (let tried = 0; tried < 100; tried += 1) guesses.sawWrong(`2001:db8:1:2::${tried + 1}`, []);
    expect(guesses.waitS('2001:db8:1:2:ffff::1', ['other'])).toBeGreaterThan(0);
    expect(guesses.waitS('2001:db8:1:3::1', ['other'])).toBe(0);
    expect(guesses.waitS('2001:db8:1:2:ffff::1', ['known'])).toBe(0);
    guesses.sawWrong('198.51.100.1', ['known']);
    expect(guesses.waitS('2001:db8:1:2:ffff::1', ['known'])).toBeGreaterThan(0);
  });

  it('are remembered of 10,000 addresses at most', () => {
    const guesses = new Guesses(() => 0);
    for (let tried = 0; tried < 100; tried += 1) guesses.sawWrong('192.0.2.1', []);
    for (let other = 0; other < 9_999; other += 1) guesses.sawWrong(`host-${other}`, []);
    expect(guesses.waitS('192.0.2.1', [])).toBeGreaterThan(0);
    guesses.sawWrong('one more', []);
    expect(guesses.waitS('192.0.2.1', [])).toBe(0);
  });
});

describe('a key that is used', () => {
  it('tells when it was used last, written at most once a minute', async () => {
    const { apiKeys } = postrider.ctx.models;
    const made = await apiKeys.findOne({ name: 'first sandbox key' }).lean();
    const id = made?._id ?? '';
    await apiKeys.updateOne({ _id: id }, { lastUsedAt: null });
    const client = postrider.api;
    const lastUsed = async (): Promise<unknown> => {
      const { body } = await client.get('/v1/api-keys');
      return (body.data as { id: string; lastUsedAt: unknown }[]).find((key) => key.id === id)?.lastUsedAt;
    };
    const first = await lastUsed();
    expect(Date.now() - Date.parse(String(first))).toBeLessThan(60_000);
    expect(await lastUsed()).toBe(first);
    const longAgo = new Date(Date.now() - 120_000);
    await apiKeys.updateOne({ _id: id }, { lastUsedAt: longAgo });
    expect(Date.parse(String(await lastUsed()))).toBeGreaterThan(longAgo.getTime() + 60_000);
  });
});

describe('what every answer says to browsers', () => {
  it.each(['/', '/v1/me', '/openapi.json', '/healthz', '/nothing-here'])('at %s', async (path) => {
    const answer = await fetch(`${postrider.url}${path}`, { headers: { origin: 'https://evil.example' } });
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
    expect(answer.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(answer.headers.get('strict-transport-security')).toMatch(/^max-age=\d+/);
    expect(answer.headers.get('x-powered-by')).toBeNull();
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('is closed to scripts of other origins: a preflight allows nothing', async () => {
    const answer = await fetch(`${postrider.url}/v1/webhooks`, {
      method: 'OPTIONS',
      headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
    });
    expect(answer.headers.get('vary') ?? '').not.toContain('Origin');
    for (const name of answer.headers.keys()) expect(name).not.toMatch(/^access-control-/);
  });
});

describe('a secret in a URL', () => {
  it.each(['key', 'api_key', 'access_token', 'token'])('opens nothing: ?%s=', async (name) => {
    const answer = await postrider.as(undefined).get(`/v1/me?${name}=${sandboxKey}`);
    problemOf(answer, 'unauthorized');
  });
});
