import { describe, expect, it } from '@jest/globals';
import { gzipSync } from 'node:zlib';
import type { Loose } from '../support/api.js';
import { postrider, postriderForAll } from '../support/running.js';

postriderForAll();

async function arrivedAt(source: Loose): Promise<Loose[]> {
  const { body } = await postrider.api.get(`/v1/received?sourceId=${source.id}`);
  return body.data as Loose[];
}

describe('a source', () => {
  it('has a URL that cannot be guessed, and takes any method without a key', async () => {
    const source = await postrider.api.make('/v1/sources', { name: 'Carrier', kind: 'callback' });
    expect(source).toMatchObject({
      name: 'Carrier',
      kind: 'callback',
      verification: { type: 'none' },
      respond: { status: 200, delayMs: 0, body: null },
      correlation: null,
      expiresAt: null,
    });
    expect(source.url).toMatch(/^http:\/\/localhost:\d+\/in\/[A-Za-z0-9_-]{32}$/);
    const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD'];
    for (const method of methods) {
      const answer = await fetch(`${source.url}?n=${method}`, { method });
      expect(answer.status).toBe(200);
      expect(await answer.text()).toBe('');
    }
    const arrived = await arrivedAt(source);
    expect(arrived.map(({ method }) => method as string)).toEqual(methods.toReversed());
    expect(arrived[0].query).toEqual({ n: 'HEAD' });
  });

  it('records what arrived: headers in order with secrets masked, query, body and time', async () => {
    const source = await postrider.api.make('/v1/sources', { kind: 'test' });
    const before = Date.now();
    await fetch(`${source.url}?a=1&b=2&b=3&token=t0p&__proto__=x`, {
      method: 'POST',
      headers: { authorization: 'Bearer hush', 'x-first': 'one', 'content-type': 'text/plain' },
      body: 'héllo\u0000',
    });
    const [listed] = await arrivedAt(source);
    const { body: detail } = await postrider.api.get(`/v1/received/${listed.id}`);
    expect(detail).toEqual(listed);
    expect(detail).toMatchObject({
      sourceId: source.id,
      method: 'POST',
      body: 'héllo\u0000',
      bodyEncoding: 'utf8',
      bodySize: 7,
      truncated: false,
      verified: true,
      responseStatus: 200,
      eventId: null,
      deliveryId: null,
    });
    expect(JSON.stringify(detail.query)).toBe('{"a":"1","b":["2","3"],"token":"***","__proto__":"x"}');
    expect(detail.headers).toContainEqual({ name: 'authorization', value: '***' });
    const names = detail.headers.map(({ name }: Loose) => name as string);
    expect(names.indexOf('authorization')).toBeLessThan(names.indexOf('x-first'));
    expect(Date.parse(detail.receivedAt)).toBeGreaterThanOrEqual(before - 1);
  });

  it('keeps bytes that are no text, compressed ones among them, as base64', async () => {
    const source = await postrider.api.make('/v1/sources', { kind: 'test' });
    const bytes = Buffer.from([0xff, 0x00, 0xfe, 0x80]);
    await fetch(source.url, { method: 'POST', body: bytes });
    const zipped = gzipSync('{"a":1}');
    await fetch(source.url, { method: 'POST', body: zipped, headers: { 'content-encoding': 'gzip' } });
    const [second, first] = await arrivedAt(source);
    expect(first).toMatchObject({ body: bytes.toString('base64'), bodyEncoding: 'base64', bodySize: 4 });
    expect(second).toMatchObject({ body: zipped.toString('base64'), bodyEncoding: 'base64' });
  });

  it('takes a body of 1 MiB whole, and shows its beginning in lists', async () => {
    const source = await postrider.api.make('/v1/sources', { kind: 'test' });
    const body = 'x'.repeat(1024 * 1024);
    const answer = await fetch(source.url, { method: 'POST', body });
    expect(answer.status).toBe(200);
    const [listed] = await arrivedAt(source);
    expect(listed).toMatchObject({ bodySize: body.length, truncated: true, verified: true });
    expect(listed.body).toHaveLength(8_192);
    const { body: detail } = await postrider.api.get(`/v1/received/${listed.id}`);
    expect(detail.truncated).toBe(false);
    expect(detail.body === body).toBe(true);
  });

  it('answers 413 to a larger body, and keeps its beginning with a mark', async () => {
    const source = await postrider.api.make('/v1/sources', { kind: 'test' });
    const answer = await fetch(source.url, { method: 'POST', body: 'é'.repeat(1024 * 1024) });
    expect(answer.status).toBe(413);
    expect(((await answer.json()) as Loose).code).toBe('payload_too_large');
    const [listed] = await arrivedAt(source);
    const { body: detail } = await postrider.api.get(`/v1/received/${listed.id}`);
    expect(detail).toMatchObject({
      truncated: true,
      verified: false,
      responseStatus: 413,
      bodyEncoding: 'utf8',
      bodySize: 2 * 1024 * 1024,
    });
    expect(detail.body).toHaveLength(32 * 1024);
  });

  it('answers what it was told to: a status, a delay, text or JSON', async () => {
    const source = await postrider.api.make('/v1/sources', {
      kind: 'test',
      respond: { status: 503, delayMs: 300, body: { later: true } },
    });
    const started = performance.now();
    const answer = await fetch(source.url, { method: 'POST' });
    expect(performance.now() - started).toBeGreaterThanOrEqual(295);
    expect(answer.status).toBe(503);
    expect(answer.headers.get('content-type')).toMatch('application/json');
    expect(await answer.json()).toEqual({ later: true });
    await postrider.api.patch(`/v1/sources/${source.id}`, { respond: { body: '<script>alert(1)</script>' } });
    const text = await fetch(source.url);
    expect(text.status).toBe(200);
    expect(text.headers.get('content-type')).toMatch('text/plain');
    expect(text.headers.get('x-content-type-options')).toBe('nosniff');
    expect(await text.text()).toBe('<script>alert(1)</script>');
  });

  it('answers 410 after its end and records nothing; a later end opens it again', async () => {
    const day = 24 * 3_600_000;
    const source = await postrider.api.make('/v1/sources', { kind: 'test' });
    expect(Date.parse(source.expiresAt)).toBeGreaterThan(Date.now() + 6 * day);
    await postrider.api.patch(`/v1/sources/${source.id}`, {
      expiresAt: new Date(Date.now() - 1).toISOString(),
    });
    const answer = await fetch(source.url, { method: 'POST', body: 'late' });
    expect(answer.status).toBe(410);
    expect(await arrivedAt(source)).toEqual([]);
    await postrider.api.patch(`/v1/sources/${source.id}`, { expiresAt: null });
    expect((await fetch(source.url, { method: 'POST', body: 'again' })).status).toBe(200);
    expect(await arrivedAt(source)).toHaveLength(1);
  });

  it('is changed, listed and deleted like everything else', async () => {
    const { api } = postrider;
    const source = await api.make('/v1/sources', { name: 'Zebra', kind: 'callback' });
    const read = await api.get(`/v1/sources/${source.id}`);
    expect(read.body).toEqual(source);
    const etag = read.headers.get('etag') ?? '';
    const changed = await api.patch(`/v1/sources/${source.id}`, { name: 'aardvark' }, { 'if-match': etag });
    expect(changed.body.name).toBe('aardvark');
    expect(changed.body.url).toBe(source.url);
    const late = await api.patch(`/v1/sources/${source.id}`, { name: 'bee' }, { 'if-match': etag });
    expect(late.status).toBe(412);
    const { body: list } = await api.get('/v1/sources?sort=-name&kind=callback&limit=1');
    expect(list.data).toHaveLength(1);
    await fetch(source.url, { method: 'POST' });
    expect((await api.delete(`/v1/sources/${source.id}`)).status).toBe(204);
    expect((await fetch(source.url, { method: 'POST' })).status).toBe(404);
    expect(await arrivedAt(source)).toHaveLength(1);
  });

  it.each([
    [{ kind: 'other' }, 'kind'],
    [{ unknown: 1 }, 'unknown'],
    [{ respond: { status: 199 } }, 'respond.status'],
    [{ respond: { delayMs: 30_001 } }, 'respond.delayMs'],
    [{ respond: { status: 204, body: 'x' } }, 'respond.body'],
    [{ correlation: {} }, 'correlation'],
    [{ correlation: { header: 'x-id', path: 'id' } }, 'correlation'],
    [{ correlation: { path: 'a..b' } }, 'correlation.path'],
    [{ expiresAt: 'tomorrow' }, 'expiresAt'],
    [{ verification: { type: 'header', header: 'x y', value: 'v' } }, 'verification.header'],
    [{ verification: { type: 'hmac_sha256', header: 'x' } }, 'verification.secret'],
    [{ verification: { type: 'hmac_sha256', header: 'x', secret: '***' } }, 'verification.secret'],
    [{ verification: { type: 'standard_webhooks', secret: 'whsec_%%' } }, 'verification.secret'],
  ])('refuses %j and names the field', async (body, path) => {
    const answer = await postrider.api.post('/v1/sources', body);
    expect(answer.status).toBe(422);
    expect(answer.body.errors[0].path).toBe(path);
  });
});
