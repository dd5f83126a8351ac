import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { sandboxKey, type TestPostrider } from '../support/postrider.js';
import { startTestApi } from './api-process.js';
import { problemOf } from './problems.js';

let postrider: TestPostrider;

beforeAll(async () => {
  postrider = await startTestApi();
  await postrider.api.make('/v1/event-types', { name: 'any' });
});

afterAll(async () => postrider.stop());

/** Sends bytes over a connection of its own, and gives all that comes back. */
async function exchange(text: string): Promise<string> {
  const { port } = new URL(postrider.url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), '127.0.0.1', () => socket.write(text));
    let answer = '';
    socket.on('data', (bytes) => (answer += bytes.toString()));
    socket.on('end', () => resolve(answer));
    socket.on('error', reject);
  });
}

describe('a request that is not well-formed', () => {
  it.each([
    ['no HTTP', 'hello\r\n\r\n', 400, 'invalid_request'],
    ['a header without a name', 'GET / HTTP/1.1\r\nhost: x\r\n: 1\r\n\r\n', 400, 'invalid_request'],
    [
      'two lengths',
      'POST /v1/events HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n',
      400,
      'invalid_request',
    ],
    [
      'a huge URL',
      `GET /v1/webhooks?search=${'x'.repeat(20_000)} HTTP/1.1\r\nhost: x\r\n\r\n`,
      431,
      'headers_too_large',
    ],
  ])('%s: a problem document, and the end of the connection', async (_what, text, status, code) => {
    const answer = await exchange(text);
    const [head = '', body = ''] = answer.split('\r\n\r\n');
    expect(head).toContain(`HTTP/1.1 ${status} `);
    expect(head).toContain('application/problem+json');
    expect(JSON.parse(body)).toMatchObject({ status, code, errors: [] });
  });
});

it('what is refused before it has come in whole gets its answer, and not a reset connection', async () => {
  const head = 'POST /v1/events HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n';
  for (let repeat = 0; repeat < 20; repeat += 1) {
    expect(await exchange(`${head}${'z'.repeat(5_000_000)}`)).toMatch(/^HTTP\/1\.1 400 /);
  }
});

describe('a body', () => {
  it('may be compressed, and its limit counts what is unpacked', async () => {
    const headers = { 'content-encoding': 'gzip' };
    const small = gzipSync(JSON.stringify({ type: 'any', data: 'x'.repeat(200_000) }));
    expect((await postrider.api.call('POST', '/v1/events', small, headers)).status).toBe(202);
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024, ' '));
    problemOf(await postrider.api.call('POST', '/v1/events', bomb, headers), 'payload_too_large');
  });

  it('needs no media type, and may begin with a byte order mark', async () => {
    const bytes = Buffer.from('\ufeff{"type":"any","data":"é"}');
    const answer = await fetch(`${postrider.url}/v1/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${sandboxKey}` },
      body: bytes,
    });
    expect(answer.status).toBe(202);
  });

  it('keeps keys that JavaScript gives a meaning of its own', async () => {
    const data =
      '{"__proto__":{"admin":true},"constructor":{"prototype":1},"toString":"x","":0,"a.b":1,"$set":{"x":1},"\\u0000":1}';
    const { body } = await postrider.api.call('POST', '/v1/events', `{"type":"any","data":${data}}`);
    const { body: event } = await postrider.api.get(`/v1/events/${body.id}`);
    expect(JSON.stringify(event.data)).toBe(data);
    expect(({} as Record<string, unknown>)['admin']).toBeUndefined();
  });

  it('keeps 64 levels, and strings that are no Unicode', async () => {
    const data = `${'['.repeat(62)}"\\ud800"${']'.repeat(62)}`;
    const { body } = await postrider.api.call('POST', '/v1/events', `{"type":"any","data":${data}}`);
    const { body: event } = await postrider.api.get(`/v1/events/${body.id}`);
    expect(JSON.stringify(event.data)).toBe(data);
    const deeper = `{"type":"any","data":${'['.repeat(64)}${']'.repeat(64)}}`;
    const [path] = problemOf(await postrider.api.call('POST', '/v1/events', deeper), 'invalid');
    expect(path).toBe(`data${'.0'.repeat(63)}`);
  });

  it('lists a hundred errors at most', async () => {
    const many = Object.fromEntries(Array.from({ length: 50_000 }, (_, index) => [`x${index}`, 1]));
    expect(problemOf(await postrider.api.post('/v1/webhooks', many), 'invalid')).toHaveLength(100);
    const wrong = `{"events":[${'0,'.repeat(4_000_000)}0]}`;
    const paths = problemOf(await postrider.api.call('POST', '/v1/events/batch', wrong), 'invalid');
    expect(paths).toEqual(['events']);
  });
});

describe('an answer', () => {
  it('is not kept by caches, and says nothing of what runs here', async () => {
    for (const path of ['/v1/me', '/v1/webhooks', '/healthz', '/v1/nothing']) {
      const { headers } = await postrider.api.get(path);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('x-powered-by')).toBeNull();
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('content-security-policy')).toContain("script-src 'self';");
    }
  });

  it('to HEAD is that to GET without its body', async () => {
    const answer = await postrider.api.call('HEAD', '/v1/me');
    expect(answer.status).toBe(200);
    expect(answer.body).toBeUndefined();
  });
});
