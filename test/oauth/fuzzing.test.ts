import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { Socket } from 'node:net';
import { Secret } from '../../src/config/secret.js';
import { createHttpClient } from '../../src/http/client.js';
import { exchangeErrorCodes, type HttpClient } from '../../src/http/exchange.js';
import { parseCidrs } from '../../src/http/guard.js';
import { requestAccessToken, type TokenAnswer } from '../../src/oauth/token-request.js';
import { serveTcp, type TestServer } from '../http/server.js';
import type { Loose } from '../support/api.js';
import { startTestPostrider, type TestPostrider } from '../support/postrider.js';
import { Receiver } from '../support/receiver.js';
import { answers, echo } from './answers.js';

/** The same inputs each time, so that a run can be repeated; `FUZZ_SEED` gives others, and what fails prints its own. */
const seed = Number(process.env['FUZZ_SEED'] ?? 7);

const clientSecret = 'planted_client_secret';
const password = 'planted_password';
const client = {
  type: 'oauth2_password',
  clientId: 'client',
  clientSecret: new Secret(clientSecret),
  clientAuth: 'basic',
  username: 'user',
  password: new Secret(password),
} as const;
const planted = [clientSecret, password, Buffer.from(`client:${clientSecret}`).toString('base64')];

let server: TestServer;
/** What the token endpoint answers at each path, in latin1. */
const answerAt = new Map<string, string>();

beforeAll(async () => {
  server = await serveTcp(answer);
});

afterAll(async () => server.close());

/** Reads one request, then answers with the bytes of its path and closes. */
function answer(socket: Socket): void {
  let request = '';
  socket.on('data', (chunk: Buffer) => {
    request += chunk.toString('latin1');
    const [head = '', form] = request.split('\r\n\r\n');
    const length = Number(/content-length: (\d+)/i.exec(head)?.[1]);
    if (form === undefined || form.length < length) return;
    const [, path = ''] = head.split(' ');
    const [, credentials = ''] = /authorization: Basic (\S+)/i.exec(head) ?? [];
    const sent = `${credentials} ${Buffer.from(credentials, 'base64').toString()} ${form}`;
    socket.end((answerAt.get(path) ?? '').replaceAll(echo, sent), 'latin1');
  });
}

function tokenUrl(path: string): string {
  return new URL(path, server.url).href;
}

/** What may be told where there is no token: a status or an error code, and a word; never anything else that was received. */
const told = new RegExp(
  `^token endpoint(: (${exchangeErrorCodes.join('|')}): [\\w ,()]+` +
    `| answered \\d{3}( without a token: [\\w ]+| \\([a-z0-9_]+\\))?)$`,
);

describe('whatever bytes a token endpoint answers', () => {
  let http: HttpClient;

  beforeAll(() => {
    http = createHttpClient({ allow: parseCidrs('127.0.0.0/8') });
  });

  afterAll(async () => http.close());

  it('are a token that can be sent, or say why there is none, without anything that was sent', async () => {
    await fc.assert(
      fc.asyncProperty(answers, async (answered) => {
        answerAt.set('/token', answered);
        const given = await requestAccessToken(http, { ...client, tokenUrl: tokenUrl('/token') });
        if (given.ok) {
          expect(given.accessToken.reveal()).toMatch(/^[\x21-\x7e]{1,16384}$/);
          const { expiresInS = 0 } = given;
          expect(expiresInS).toBe(Math.min(Math.max(Math.floor(expiresInS), 0), 365 * 86_400));
        } else {
          expect(given.message).toMatch(told);
          for (const secret of planted) expect(given.message).not.toContain(secret);
        }
      }),
      { numRuns: 500, seed },
    );
  });
});

describe('a delivery that needs a token', () => {
  let postrider: TestPostrider;
  let receiver: Receiver;
  let http: HttpClient;

  beforeAll(async () => {
    http = createHttpClient({ allow: parseCidrs('127.0.0.0/8') });
    receiver = await Receiver.start();
    postrider = await startTestPostrider();
  });

  afterAll(async () => {
    await postrider.stop();
    await receiver.stop();
    await http.close();
  });

  it('is sent with it, or is a failed attempt with token_failed, and no record holds a secret', async () => {
    const expected = new Map<string, TokenAnswer>();
    await postrider.api.make('/v1/event-types', { name: 'fuzzed' });
    for (const [index, answered] of fc.sample(answers, { numRuns: 30, seed }).entries()) {
      const path = `/token/${index}`;
      answerAt.set(path, answered);
      const { clientSecret: _secret, password: _password, ...auth } = client;
      const { id } = await postrider.api.make('/v1/webhooks', {
        name: path,
        url: receiver.url(),
        retrySchedule: [],
        timeoutMs: 60_000,
        eventTypes: ['fuzzed'],
        auth: { ...auth, tokenUrl: tokenUrl(path), clientSecret, password },
      });
      expected.set(String(id), await requestAccessToken(http, { ...client, tokenUrl: tokenUrl(path) }));
    }
    const { deliveries } = await postrider.api.make('/v1/events', { type: 'fuzzed', data: {} });
    for (const { id } of deliveries as Loose[]) {
      const { webhookId, status, attempts } = await postrider.over(String(id));
      const token = expected.get(String(webhookId));
      const outcome = token?.ok
        ? { status: 'succeeded', errorCode: null }
        : { status: 'failed', errorCode: 'token_failed' };
      expect({ status, errorCode: attempts[0].errorCode }).toEqual(outcome);
      expect(attempts).toHaveLength(1);
      if (!token?.ok) expect(attempts[0].errorMessage).toMatch(told);
    }
    const succeeded = [...expected.values()].filter(({ ok }) => ok);
    expect(receiver.arrivals).toHaveLength(succeeded.length);
    expect(succeeded.length).toBeGreaterThan(0);
    expect(succeeded.length).toBeLessThan(expected.size);
    const { accessTokens, deliveries: records } = postrider.ctx.models;
    const kept = await Promise.all([accessTokens.find().lean(), records.find().lean()]);
    for (const secret of planted) expect(JSON.stringify(kept)).not.toContain(secret);
  });
});
