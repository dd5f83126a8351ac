import { describe, expect, it } from '@jest/globals';
import { connect } from 'node:net';
import { once } from 'node:events';
import type { Loose } from '../support/api.js';
import { postrider, postriderForAll } from '../support/running.js';
import { waitFor } from '../support/wait.js';

postriderForAll();

async function countOf(source?: Loose): Promise<number> {
  return postrider.ctx.models.received.countDocuments(source ? { sourceId: source.id as string } : {});
}

describe('a hostile sender', () => {
  it('finds nothing at an unknown token, and leaves nothing behind', async () => {
    const before = await countOf();
    for (const token of ['x', 'A'.repeat(32), '%00', '..%2f..', '{"$ne":1}', 'A'.repeat(5_000)]) {
      const answer = await fetch(`${postrider.url}/in/${token}`, { method: 'POST', body: 'x' });
      expect(answer.status).toBe(404);
      expect(answer.headers.get('content-type')).toMatch('application/problem+json');
    }
    expect(await countOf()).toBe(before);
  });

  it('is cut off after 8 MiB of a body, and has its beginning recorded', async () => {
    const source = await postrider.api.make('/v1/sources', { kind: 'test' });
    const { port, hostname } = new URL(source.url);
    const socket = connect(Number(port), hostname);
    socket.on('error', () => undefined);
    const { pathname } = new URL(source.url);
    socket.write(`POST ${pathname} HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n`);
    const chunk = Buffer.from(`10000\r\n${'z'.repeat(64 * 1024)}\r\n`);
    let sent = 0;
    while (!socket.destroyed && sent < 64 * 1024 * 1024) {
      const isReady = socket.write(chunk);
      sent += chunk.length;
      if (!isReady) await Promise.race([once(socket, 'drain'), once(socket, 'close')]).catch(() => undefined);
    }
    socket.destroy();
    expect(sent).toBeLessThan(32 * 1024 * 1024);
    const record = await waitFor(
      'its record',
      async () =>
        (await postrider.ctx.models.received.findOne({ sourceId: source.id as string }).lean()) ?? undefined,
    );
    expect(record).toMatchObject({ truncated: true, responseStatus: 413, verified: false });
    expect(record?.body).toHaveLength(64 * 1024);
  });

  it('that hangs up in the middle of a body leaves nothing behind, and no place taken', async () => {
    const source = await postrider.api.make('/v1/sources', { kind: 'test' });
    const { port, hostname, pathname } = new URL(source.url);
    for (let round = 0; round < 60; round += 1) {
      const socket = connect(Number(port), hostname);
      socket.write(`POST ${pathname} HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\npart`);
      await once(socket, 'connect');
      socket.destroy();
    }
    // More hung up than may be read at once, so a place that was not given back would be missed.
    await waitFor('a free place', async () => (await fetch(source.url)).status === 200);
    expect(await countOf(source)).toBe(1);
  });

  it('cannot hold more than 50 open bodies of a source, nor any of another', async () => {
    const flooded = await postrider.api.make('/v1/sources', { kind: 'test' });
    const other = await postrider.api.make('/v1/sources', { kind: 'test' });
    const { port, hostname, pathname } = new URL(flooded.url);
    const open = Array.from({ length: 50 }, () => {
      const socket = connect(Number(port), hostname);
      socket.write(`POST ${pathname} HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\npart`);
      return socket;
    });
    const busy = await waitFor('no place left', async () => {
      const answer = await fetch(flooded.url);
      return answer.status === 503 && answer;
    });
    expect(busy.headers.get('retry-after')).toBe('5');
    expect(((await busy.json()) as Loose).code).toBe('source_busy');
    expect((await fetch(other.url)).status).toBe(200);
    for (const socket of open) socket.destroy();
    await waitFor('a place', async () => (await fetch(flooded.url)).status === 200);
  });

  it('cannot hold more than 100 delayed answers of a source, and what is refused is recorded', async () => {
    const flooded = await postrider.api.make('/v1/sources', { kind: 'test', respond: { delayMs: 30_000 } });
    const gone = new AbortController();
    const refused: number[] = [];
    const call = async () => {
      const answer = await fetch(flooded.url, { signal: gone.signal }).catch(() => undefined);
      if (answer) refused.push(answer.status);
    };
    const calls: Promise<void>[] = [];
    while (calls.length < 120) {
      for (let of20 = 0; of20 < 20; of20 += 1) calls.push(call());
      await waitFor('all are recorded', async () => (await countOf(flooded)) === calls.length);
    }
    await waitFor('20 refusals', () => refused.length >= 20);
    expect(refused).toEqual(Array(20).fill(503));
    const { body } = await postrider.api.get(`/v1/received?sourceId=${flooded.id}&limit=200`);
    const recorded = (body.data as Loose[]).map(({ responseStatus }) => responseStatus as number);
    expect(recorded.filter((status) => status === 503)).toHaveLength(20);
    gone.abort();
    await Promise.all(calls);
    await postrider.api.patch(`/v1/sources/${flooded.id}`, { respond: { delayMs: 1 } });
    await waitFor('a place', async () => (await fetch(flooded.url)).status === 200);
  });
});
