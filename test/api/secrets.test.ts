import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { KeyRing, type Sealed } from '../../src/crypto/key-ring.js';
import type { Api } from '../support/api.js';
import { startTestPostrider, type TestPostrider } from '../support/postrider.js';
import { problemOf } from './problems.js';

let postrider: TestPostrider;
let api: Api;
let logged = '';

const url = 'https://example.com/hook';
const secret = (name: string) => `${name}-that-nobody-may-see`;
const oauth = { tokenUrl: 'https://example.com/token', clientId: 'client', clientSecret: secret('client') };
const kinds: [auth: Record<string, unknown>, hidden: string[]][] = [
  [{ type: 'header', name: 'x-api', value: secret('header') }, ['value']],
  [{ type: 'bearer', token: secret('bearer') }, ['token']],
  [{ type: 'basic', username: 'user', password: secret('basic') }, ['password']],
  [{ type: 'oauth2_client_credentials', ...oauth }, ['clientSecret']],
  [
    { type: 'oauth2_password', ...oauth, username: 'user', password: secret('user') },
    ['clientSecret', 'password'],
  ],
];

beforeAll(async () => {
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      logged += chunk.toString();
      done();
    },
  });
  postrider = await startTestPostrider({
    env: { POSTRIDER_ROLE: 'api', POSTRIDER_ENCRYPTION_KEYS: KeyRing.generate('test') },
    logger: pino({ level: 'debug' }, sink),
  });
  ({ api } = postrider);
});

afterAll(async () => postrider.stop());

describe.each(kinds)('auth %j', (auth, hidden) => {
  it.each([
    ['/v1/webhooks', { url }],
    ['/v1/external-systems', { name: 'system', baseUrl: 'https://example.com' }],
  ])('of %s goes in and never comes out', async (path, fields) => {
    const masked = { ...auth, ...Object.fromEntries(hidden.map((field) => [field, '***'])) };
    const made = await api.make(path, { ...fields, auth });
    const answers = [
      made,
      (await api.get(`${path}/${made.id}`)).body,
      (await api.patch(`${path}/${made.id}`, { name: 'other' })).body,
      (await api.patch(`${path}/${made.id}`, { auth: masked })).body,
      (await api.get(path)).body.data[0],
    ];
    for (const answer of answers) {
      expect(answer.auth).toMatchObject(masked);
      expect(JSON.stringify(answer)).not.toContain('nobody-may-see');
    }
    const model =
      path === '/v1/webhooks' ? postrider.ctx.models.webhooks : postrider.ctx.models.externalSystems;
    const stored = await (model as typeof postrider.ctx.models.webhooks).findById(made.id).lean();
    expect(JSON.stringify(stored)).not.toContain('nobody-may-see');
    const sealed = stored?.auth as unknown as Record<string, string>;
    for (const field of hidden) {
      // The mask that was sent back has kept what was stored.
      expect(postrider.ctx.keyRing.open(sealed[field] as Sealed, made.id as string).reveal()).toBe(
        auth[field],
      );
    }
  });

  it('cannot be kept where none of its kind is stored', async () => {
    const masked = { ...auth, ...Object.fromEntries(hidden.map((field) => [field, '***'])) };
    const made = await api.make('/v1/webhooks', { url });
    for (const answer of [
      await api.post('/v1/webhooks', { url, auth: masked }),
      await api.patch(`/v1/webhooks/${made.id}`, { auth: masked }),
    ]) {
      expect(problemOf(answer, 'invalid')).toEqual([`auth.${hidden[0]}`]);
    }
  });
});

describe('the headers of a webhook', () => {
  const headers = [
    { name: 'X-Plain', value: 'seen' },
    { name: 'X-Api-Key', value: secret('key') },
    { name: 'X-Said', value: secret('said'), secret: true },
    { name: 'X-Token-Count', value: 'seen too', secret: false },
  ];
  const shown = [
    { name: 'X-Plain', value: 'seen', secret: false },
    { name: 'X-Api-Key', value: '***', secret: true },
    { name: 'X-Said', value: '***', secret: true },
    { name: 'X-Token-Count', value: 'seen too', secret: false },
  ];

  it('are secret where they say so, or by their names', async () => {
    const made = await api.make('/v1/webhooks', { url, headers });
    expect(made.headers).toEqual(shown);
    expect((await api.get(`/v1/webhooks/${made.id}`)).body.headers).toEqual(shown);
    const kept = await api.patch(`/v1/webhooks/${made.id}`, { headers: shown });
    expect(kept.body.headers).toEqual(shown);
    const stored = await postrider.ctx.models.webhooks.findById(made.id).lean();
    expect(JSON.stringify(stored)).not.toContain('nobody-may-see');
    const [, sealed] = stored?.headers ?? [];
    expect(postrider.ctx.keyRing.open((sealed?.value ?? '') as Sealed, made.id as string).reveal()).toBe(
      secret('key'),
    );
  });

  it('cannot be kept under another name', async () => {
    const made = await api.make('/v1/webhooks', { url, headers });
    const renamed = [{ name: 'X-Other', value: '***', secret: true }];
    const answer = await api.patch(`/v1/webhooks/${made.id}`, { headers: renamed });
    expect(problemOf(answer, 'invalid')).toEqual(['headers.0.value']);
  });
});

describe('the signing secret of a webhook', () => {
  it('is shown when it is made, and never again', async () => {
    const made = await api.make('/v1/webhooks', { url });
    expect(made.signingSecret).toMatch(/^whsec_/);
    const rotated = await api.post(`/v1/webhooks/${made.id}/rotate-secret`);
    expect(rotated.body.signingSecret).toMatch(/^whsec_/);
    expect(rotated.body.signingSecret).not.toBe(made.signingSecret);
    const later = [await api.get(`/v1/webhooks/${made.id}`), await api.get('/v1/webhooks')];
    later.push(await api.patch(`/v1/webhooks/${made.id}`, { name: 'other' }));
    for (const { body } of later) expect(JSON.stringify(body)).not.toContain('whsec_');
    const stored = await postrider.ctx.models.webhooks.findById(made.id).lean();
    expect(JSON.stringify(stored)).not.toContain('whsec_');
  });
});

it('no log holds a secret', () => {
  expect(logged).not.toMatch(/nobody-may-see|whsec_|key-of-the-tests/);
});
