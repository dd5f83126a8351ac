import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Secret } from '../../src/config/secret.js';
import { createHttpClient } from '../../src/http/client.js';
import type { HttpClient } from '../../src/http/exchange.js';
import { parseCidrs } from '../../src/http/guard.js';
import { requestAccessToken } from '../../src/oauth/token-request.js';
import type { OAuthClient, TokenAnswer } from '../../src/oauth/token-request.js';
import { serve } from '../http/server.js';
import type { TestServer } from '../http/server.js';

const secrets = { clientSecret: 'client+secret:1', password: 'pass_word' };
let http: HttpClient;
let server: TestServer;
let seen: { method: string | undefined; headers: IncomingHttpHeaders; form: URLSearchParams };
let answer: (response: ServerResponse) => void;

beforeAll(() => {
  http = createHttpClient({ allow: parseCidrs('127.0.0.0/8') });
});

beforeEach(async () => {
  server = await serve((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      seen = { method: request.method, headers: request.headers, form: new URLSearchParams(body) };
      answer(response);
    });
  });
});

afterEach(async () => {
  await server.close();
});

afterAll(async () => {
  await http.close();
});

function client(parts: Partial<OAuthClient> = {}): OAuthClient {
  return {
    type: 'oauth2_client_credentials',
    tokenUrl: server.url,
    clientId: 'client id',
    clientSecret: new Secret(secrets.clientSecret),
    clientAuth: 'basic',
    ...parts,
  } as OAuthClient;
}

async function ask(json: unknown, status = 200, of: Partial<OAuthClient> = {}): Promise<TokenAnswer> {
  answer = (response) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(typeof json === 'string' ? json : JSON.stringify(json));
  };
  const given = await requestAccessToken(http, client(of));
  for (const secret of Object.values(secrets)) expect(JSON.stringify(given)).not.toContain(secret);
  return given;
}

const granted = { access_token: 'tok-1', token_type: 'Bearer', expires_in: 3_600 };

describe('a token request', () => {
  it('asks by client credentials, with scope and audience, the client in a form-encoded Basic header', async () => {
    const given = await ask(granted, 200, { scope: 'a b', audience: 'https://api.example' });
    expect(given).toMatchObject({ ok: true, expiresInS: 3_600 });
    expect(given.ok && given.accessToken.reveal()).toBe('tok-1');
    expect(seen.method).toBe('POST');
    expect(Object.fromEntries(seen.form)).toEqual({
      grant_type: 'client_credentials',
      scope: 'a b',
      audience: 'https://api.example',
    });
    const credentials = seen.headers.authorization?.replace(/^Basic /, '') ?? '';
    expect(Buffer.from(credentials, 'base64').toString()).toBe('client+id:client%2Bsecret%3A1');
    expect(seen.headers).toMatchObject({
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'application/json',
      'user-agent': expect.stringMatching(/^Postrider\//),
    });
  });

  it('names the client in the body where it is asked to', async () => {
    await ask(granted, 200, { clientAuth: 'body' });
    expect(seen.headers.authorization).toBeUndefined();
    expect(Object.fromEntries(seen.form)).toEqual({
      grant_type: 'client_credentials',
      client_id: 'client id',
      client_secret: 'client+secret:1',
    });
  });

  it('asks by password', async () => {
    await ask(granted, 200, {
      type: 'oauth2_password',
      username: 'jörg',
      password: new Secret(secrets.password),
    });
    expect(Object.fromEntries(seen.form)).toEqual({
      grant_type: 'password',
      username: 'jörg',
      password: 'pass_word',
    });
  });
});

describe('an answer with a token', () => {
  it.each<[string, object, number | undefined]>([
    ['no token_type', { access_token: 't' }, undefined],
    ['a misspelt token_type', { access_token: 't', token_type: 'BearerToken', expires_in: 60 }, 60],
    ['expires_in as text', { access_token: 't', expires_in: '3599' }, 3_599],
    ['expires_in with a fraction', { access_token: 't', expires_in: 59.9 }, 59],
    ['expires_in of 0', { access_token: 't', expires_in: 0 }, 0],
    ['expires_in without end', { access_token: 't', expires_in: 1e15 }, 365 * 86_400],
    ['expires_in below 0', { access_token: 't', expires_in: -1 }, undefined],
    ['expires_in of null', { access_token: 't', expires_in: null }, undefined],
    ['expires_in that is no number', { access_token: 't', expires_in: 'soon' }, undefined],
    ['more fields', { access_token: 't', refresh_token: 'r', scope: 's' }, undefined],
  ])('is taken with %s', async (_, json, expiresInS) => {
    const given = await ask(json);
    expect(given.ok && given.accessToken.reveal()).toBe('t');
    expect(given.ok && given.expiresInS).toBe(expiresInS);
  });

  it.each<[string, unknown, string]>([
    ['no token', {}, 'no usable access_token'],
    ['a token with a line break', { access_token: 'a\r\nx: y' }, 'no usable access_token'],
    ['a token with a space', { access_token: 'a b' }, 'no usable access_token'],
    ['an empty token', { access_token: '' }, 'no usable access_token'],
    ['a token of 20 KB', { access_token: 'x'.repeat(20_000) }, 'no usable access_token'],
    ['a token that is no text', { access_token: 7 }, 'no usable access_token'],
    ['another kind of token', { access_token: 't', token_type: 'mac' }, 'not a bearer token'],
    ['an error', { error: 'invalid_scope' }, 'invalid_scope'],
    ['HTML', '<html>login</html>', 'no usable access_token'],
    ['a list', [], 'no usable access_token'],
    ['more than 64 KiB', { access_token: 't', more: 'x'.repeat(70_000) }, 'no usable access_token'],
  ])('is refused with %s', async (_, json, reason) => {
    expect(await ask(json)).toEqual({
      ok: false,
      status: 200,
      message: `token endpoint answered 200 without a token: ${reason}`,
    });
  });
});

describe('an answer without a token', () => {
  it('is told with its status and its error code', async () => {
    expect(await ask({ error: 'invalid_client', error_description: 'secret details' }, 401)).toEqual({
      ok: false,
      status: 401,
      message: 'token endpoint answered 401 (invalid_client)',
    });
  });

  it.each<[unknown, number]>([
    ['', 500],
    ['<html>', 502],
    [{ error: 'Something <b>long</b> and strange' }, 400],
    [{ error: secrets.password }, 400],
    [{ error: { code: 1 } }, 400],
    [null, 302],
  ])('is told with its status alone where the body %j has no error code', async (json, status) => {
    const password = {
      type: 'oauth2_password' as const,
      username: 'u',
      password: new Secret(secrets.password),
    };
    expect(await ask(json, status, password)).toMatchObject({
      ok: false,
      message: `token endpoint answered ${status}`,
    });
  });

  it('is told with what went wrong where the token server cannot be reached', async () => {
    const given = await ask({}, 200, { tokenUrl: 'http://nobody.invalid/token' });
    expect(given).toEqual({
      ok: false,
      message: expect.stringMatching(/^token endpoint: dns: the host name cannot/),
    });
    const blocked = await ask({}, 200, { tokenUrl: 'http://10.0.0.1/token' });
    expect(blocked).toMatchObject({ ok: false, message: expect.stringContaining('blocked_address') });
  });
});
