import { describe, expect, it } from '@jest/globals';
import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import type { Loose } from '../support/api.js';
import { postrider, postriderForAll } from '../support/running.js';

const body = '{"paid":true}';

const header = (value: string) => ({ 'x-hub-signature-256': value });

postriderForAll();

async function make(verification: object): Promise<Loose> {
  return postrider.api.make('/v1/sources', { kind: 'callback', verification });
}

/** Sends, and gives the status with what was recorded: every request is, with the same status. */
async function send(source: Loose, headers: Record<string, string>, sent: string = body): Promise<number> {
  const answer = await fetch(source.url, { method: 'POST', body: sent, headers });
  const { body: list } = await postrider.api.get(`/v1/received?sourceId=${source.id}&limit=1`);
  expect(list.data[0]).toMatchObject({
    verified: answer.status === 200,
    responseStatus: answer.status,
    body: sent,
  });
  if (answer.status !== 200) expect(((await answer.json()) as Loose).code).toBe('verification_failed');
  return answer.status;
}

describe('the verification of a source', () => {
  it('by a header takes its exact value alone, and never shows it', async () => {
    const source = await make({ type: 'header', header: 'X-Hook-Auth', value: 'open sesame' });
    expect(source.verification).toEqual({ type: 'header', header: 'X-Hook-Auth', value: '***' });
    expect(await send(source, { 'x-hook-auth': 'open sesame' })).toBe(200);
    expect(await send(source, { 'x-hook-auth': 'open sesam' })).toBe(401);
    expect(await send(source, { 'x-hook-auth': 'OPEN SESAME' })).toBe(401);
    expect(await send(source, {})).toBe(401);
    const { body: list } = await postrider.api.get(`/v1/received?sourceId=${source.id}`);
    expect(JSON.stringify(list).toLowerCase()).not.toContain('sesam');
    const { body: unverified } = await postrider.api.get(`/v1/received?sourceId=${source.id}&verified=false`);
    expect(unverified.data).toHaveLength(3);
  });

  it.each(['hex', 'base64'] as const)(
    'by HMAC-SHA256 takes a signature in %s of these bytes',
    async (encoding) => {
      const secret = 'a secret of ours';
      const source = await make({ type: 'hmac_sha256', header: 'x-hub-signature-256', secret, encoding });
      const sign = (text: string, key = secret) => createHmac('sha256', key).update(text).digest(encoding);
      expect(await send(source, header(sign(body)))).toBe(200);
      expect(await send(source, header(`sha256=${sign(body)}`))).toBe(200);
      expect(await send(source, header(sign(body, 'another')))).toBe(401);
      expect(await send(source, header(sign(`${body} `)))).toBe(401);
      expect(await send(source, header(sign(body).slice(0, -2)))).toBe(401);
      expect(await send(source, header(`${sign(body)}00`))).toBe(401);
      expect(await send(source, header('sha256='))).toBe(401);
      expect(await send(source, {})).toBe(401);
      const wrong = encoding === 'hex' ? 'base64' : 'hex';
      const other = createHmac('sha256', secret).update(body).digest(wrong);
      expect(await send(source, header(other))).toBe(401);
    },
  );

  it('by Standard Webhooks takes a fresh signature alone', async () => {
    const secret = `whsec_${Buffer.from('0123456789abcdef01234567').toString('base64')}`;
    const source = await make({ type: 'standard_webhooks', secret });
    const signed = (at: Date, text = body, key = secret) => ({
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
      'webhook-signature': new Webhook(key).sign('msg_1', at, text),
    });
    const now = new Date();
    const ago = (seconds: number) => new Date(now.getTime() - seconds * 1_000);
    expect(await send(source, signed(now))).toBe(200);
    expect(await send(source, signed(now, 'not JSON at all'), 'not JSON at all')).toBe(200);
    expect(await send(source, signed(ago(240)))).toBe(200);
    expect(await send(source, signed(ago(310)))).toBe(401);
    // By the time that a busy machine sends it, it has to be as far ahead still.
    expect(await send(source, signed(ago(-600)))).toBe(401);
    expect(await send(source, signed(now), `${body}!`)).toBe(401);
    expect(await send(source, signed(now, body, `whsec_${Buffer.alloc(24).toString('base64')}`))).toBe(401);
    const { 'webhook-id': _id, ...rest } = signed(now);
    expect(await send(source, rest)).toBe(401);
    expect(await send(source, { ...signed(now), 'webhook-signature': 'v1' })).toBe(401);
    expect(await send(source, { ...signed(now), 'webhook-timestamp': 'NaN' })).toBe(401);
  });

  it('keeps its secret in a change that gives the mask, and takes a new one', async () => {
    const source = await make({ type: 'header', header: 'x-auth', value: 'first' });
    const path = `/v1/sources/${source.id}`;
    const kept = await postrider.api.patch(path, {
      verification: { type: 'header', header: 'x-other', value: '***' },
    });
    expect(kept.body.verification.header).toBe('x-other');
    expect(await send(source, { 'x-other': 'first' })).toBe(200);
    await postrider.api.patch(path, { verification: { type: 'header', header: 'x-other', value: 'second' } });
    expect(await send(source, { 'x-other': 'first' })).toBe(401);
    expect(await send(source, { 'x-other': 'second' })).toBe(200);
    const refused = await postrider.api.patch(path, {
      verification: { type: 'standard_webhooks', secret: '***' },
    });
    expect(refused.status).toBe(422);
    await postrider.api.patch(path, { verification: { type: 'none' } });
    expect(await send(source, {})).toBe(200);
  });

  it('keeps secrets and tokens encrypted at rest', async () => {
    const source = await make({ type: 'hmac_sha256', header: 'x-sig', secret: 'not to be found' });
    const stored = await postrider.ctx.models.sources.findById(source.id).lean();
    const text = JSON.stringify(stored);
    expect(text).not.toContain('not to be found');
    expect(text).not.toContain(source.url.split('/in/')[1]);
  });
});
