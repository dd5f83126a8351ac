import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Api, Loose } from '../support/api.js';
import type { TestPostrider } from '../support/postrider.js';
import { startTestApi } from './api-process.js';
import { problemOf } from './problems.js';

let postrider: TestPostrider;
let api: Api;

beforeAll(async () => {
  postrider = await startTestApi();
  ({ api } = postrider);
  await api.make('/v1/event-types', { name: 'counted' });
  await api.make('/v1/event-types', { name: 'other', category: 'Z' });
});

afterAll(async () => postrider.stop());

/** Every row of a list, page by page. */
async function readAll(path: string, limit: number, between?: () => Promise<unknown>): Promise<Loose[]> {
  const rows: Loose[] = [];
  let cursor: string | null = null;
  do {
    const more: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const { status, body }: { status: number; body: Loose } = await api.get(
      `${path}${path.includes('?') ? '&' : '?'}limit=${limit}${more}`,
    );
    expect(status).toBe(200);
    expect(body.data.length).toBeLessThanOrEqual(limit);
    rows.push(...body.data);
    cursor = body.nextCursor;
    if (cursor !== null) await between?.();
  } while (cursor !== null);
  return rows;
}

async function publish(count: number, fields: Record<string, unknown> = {}): Promise<Loose[]> {
  const events = Array.from({ length: count }, (_, index) => ({
    type: 'counted',
    data: { index },
    ...fields,
  }));
  return (await api.make('/v1/events/batch', { events })).data;
}

function forged(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** The ids of the events that a query finds. */
async function eventsOf(query: string): Promise<string[]> {
  return (await api.get(`/v1/events?${query}`)).body.data.map(({ id }: Loose) => id);
}

describe('a list', () => {
  it('gives each row once, newest first, whatever comes in between the pages', async () => {
    const before = (await publish(45)).map(({ id }) => id as string).toReversed();
    const rows = await readAll('/v1/events?type=counted', 10, async () => publish(3));
    expect(rows.map(({ id }) => id)).toEqual(before);
  });

  it('in the other direction gives what came in as well', async () => {
    const rows = await readAll('/v1/events?type=counted&sort=createdAt', 20);
    const times = rows.map(({ createdAt }) => createdAt as string);
    expect(times).toEqual(times.toSorted());
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
    const { body } = await api.get('/v1/events?type=counted&limit=200');
    expect(rows.map(({ id }) => id)).toEqual(body.data.map(({ id }: Loose) => id).toReversed());
  });

  it('has 50 rows, and 200 at most', async () => {
    await publish(160);
    expect((await api.get('/v1/events')).body.data).toHaveLength(50);
    expect((await api.get('/v1/events?limit=200')).body.data).toHaveLength(200);
    for (const limit of ['0', '201', '-1', '1.5', 'x']) {
      expect(problemOf(await api.get(`/v1/events?limit=${limit}`), 'invalid')).toEqual(['limit']);
    }
  });

  it('without rows is empty, and the last page has no cursor', async () => {
    expect((await api.get('/v1/events?type=never')).body).toEqual({ data: [], nextCursor: null });
    const { body } = await api.get('/v1/event-types?limit=2');
    expect(body.data).toHaveLength(2);
    expect(body.nextCursor).toBeNull();
  });

  it('refuses a cursor that it did not give', async () => {
    const { body } = await api.get('/v1/events?limit=1');
    const cursors = [
      'x',
      forged([]),
      forged(['-createdAt,-_id', []]),
      forged(['-createdAt,-_id', ['text', 'evt_1']]),
      forged(['-createdAt,-_id', [{ $gt: 1 }, 'evt_1']]),
      forged(['-createdAt,-_id', [{ $date: 'never' }, 'evt_1']]),
      forged({ $where: '1' }),
    ];
    for (const cursor of cursors) {
      expect(problemOf(await api.get(`/v1/events?cursor=${cursor}`), 'invalid')).toEqual(['cursor']);
    }
    const otherSort = await api.get(`/v1/events?sort=createdAt&cursor=${body.nextCursor}`);
    expect(problemOf(otherSort, 'invalid')).toEqual(['cursor']);
  });

  it.each(['data', '-', 'createdAt,createdAt', 'createdAt,-createdAt', '--createdAt', '$where', 'attempts'])(
    'cannot be sorted by %s',
    async (sort) => {
      expect(problemOf(await api.get(`/v1/deliveries?sort=${sort}`), 'invalid')).toEqual(['sort']);
    },
  );
});

describe('the filters of a list', () => {
  it('from is inclusive, to is not, and both take any offset', async () => {
    const [{ id }] = (await publish(1)) as [Loose];
    const { body: event } = await api.get(`/v1/events/${id}`);
    const at = new Date(event.createdAt as string);
    const later = new Date(at.getTime() + 1).toISOString();
    const shifted = encodeURIComponent(
      new Date(at.getTime() + 2 * 3_600_000).toISOString().replace('Z', '+02:00'),
    );
    expect(await eventsOf(`from=${event.createdAt}&to=${later}`)).toEqual([id]);
    expect(await eventsOf(`from=${shifted}`)).toEqual([id]);
    expect(await eventsOf(`from=${later}`)).toEqual([]);
    expect(await eventsOf(`from=${event.createdAt}&to=${event.createdAt}`)).toEqual([]);
    expect(problemOf(await api.get('/v1/events?from=2026-01-31'), 'invalid')).toEqual(['from']);
  });

  it('find events by key and correlation, all together', async () => {
    const [{ id }] = (await publish(1, { idempotencyKey: 'order 7/é', correlationId: 'corr-1' })) as [Loose];
    await publish(1, { correlationId: 'corr-1' });
    expect(await eventsOf(`idempotencyKey=${encodeURIComponent('order 7/é')}`)).toEqual([id]);
    expect(await eventsOf('correlationId=corr-1')).toHaveLength(2);
    expect(
      await eventsOf(`correlationId=corr-1&type=counted&idempotencyKey=${encodeURIComponent('order 7/é')}`),
    ).toEqual([id]);
    expect(await eventsOf('correlationId=corr-1&type=other')).toEqual([]);
  });

  it('find deliveries by everything that they are of', async () => {
    const webhook = await api.make('/v1/webhooks', { url: 'https://example.com/x', eventTypes: ['other'] });
    const event = await api.make('/v1/events', { type: 'other', data: 1, correlationId: 'corr-2' });
    const [{ id }] = event.deliveries;
    await api.make('/v1/events', { type: 'other', data: 2 });
    const one = { eventId: event.id, correlationId: 'corr-2' };
    const both = {
      status: 'pending',
      webhookId: webhook.id,
      subscriptionId: webhook.subscriptionId,
      eventType: 'other',
    };
    const found = async (query: object) => {
      const text = new URLSearchParams(query as Record<string, string>).toString();
      return (await api.get(`/v1/deliveries?${text}`)).body.data.map((row: Loose) => row.id);
    };
    for (const [name, value] of Object.entries(one)) expect(await found({ [name]: value })).toEqual([id]);
    for (const [name, value] of Object.entries(both)) expect(await found({ [name]: value })).toHaveLength(2);
    expect(await found({ ...one, ...both })).toEqual([id]);
    expect(await found({ ...both, status: 'failed' })).toEqual([]);
  });
});

describe('webhooks', () => {
  const made = [
    { name: 'Delta', url: 'https://b.example.com/a', method: 'PUT', state: 'paused', format: 'form' },
    { name: 'alpha', url: 'https://C.example.com/1' },
    { name: 'Charlie', url: 'http://a.example.com/100%25', state: 'off' },
    { name: 'bravo', url: 'https://b.example.com/', method: 'PUT' },
    { name: 'alpha', url: 'https://d.example.com/[x].*', format: 'form' },
  ];

  beforeAll(async () => {
    for (const webhook of made) await api.make('/v1/webhooks', webhook);
  });

  it.each(['name', 'url', 'method', 'format', 'state', 'createdAt', 'updatedAt'])(
    'are sorted by %s both ways, page by page as in one',
    async (field) => {
      for (const sort of [field, `-${field}`, `${field},-createdAt`, `-state,${field}`]) {
        if (new Set(sort.replaceAll('-', '').split(',')).size < sort.split(',').length) continue;
        const { body } = await api.get(`/v1/webhooks?limit=200&sort=${sort}`);
        const pages = await readAll(`/v1/webhooks?sort=${sort}`, 2);
        expect(pages).toEqual(body.data);
        expect(pages).toHaveLength(made.length + 1);
      }
      const { body } = await api.get(`/v1/webhooks?sort=${field}`);
      const values = body.data.map((row: Loose) => String(row[field]).toLowerCase());
      expect(values).toEqual(values.toSorted());
      const { body: down } = await api.get(`/v1/webhooks?sort=-${field}`);
      expect(down.data.map((row: Loose) => String(row[field]).toLowerCase())).toEqual(values.toReversed());
    },
  );

  it.each([
    ['ALPHA', 2],
    ['b.example', 2],
    ['100%', 1],
    ['[x].*', 1],
    ['.*', 1],
    ['^', 0],
    [' bravo ', 1],
    ['', 6],
  ])('are found by %j in name or URL', async (text, count) => {
    const { body } = await api.get(`/v1/webhooks?search=${encodeURIComponent(text)}`);
    expect(body.data).toHaveLength(count);
  });

  it('are not found by what no name and no URL can hold', async () => {
    expect(problemOf(await api.get('/v1/webhooks?search=a%00b'), 'invalid')).toEqual(['search']);
  });

  it('with the longest name and URL have a next page too', async () => {
    const url = `https://example.com/${'ю'.repeat(2_000)}`;
    for (const name of ['z1', 'z2'])
      await api.make('/v1/webhooks', { name: `${name}${'я'.repeat(198)}`, url });
    const rows = await readAll(`/v1/webhooks?sort=-url,-name`, 1);
    expect(rows).toHaveLength(made.length + 3);
  });
});

describe('rows without a value', () => {
  it.each([
    ['/v1/subscriptions', 'name', [null, null, 'a', 'b']],
    ['/v1/event-types', 'category', [null, null, 'A', 'Z']],
  ])('of %s come first by %s, and last downwards', async (path, field, expected) => {
    if (path === '/v1/subscriptions') {
      const { body } = await api.get('/v1/webhooks?limit=1');
      for (const { id } of (await api.get(path)).body.data) await api.delete(`${path}/${id}`);
      for (const name of ['b', null, 'a', null]) {
        await api.make(path, { name, eventTypes: ['counted'], webhookId: body.data[0].id });
      }
    } else {
      await api.make(path, { name: 'third', category: 'A' });
      await api.make(path, { name: 'fourth' });
    }
    for (const limit of [1, 2, 3]) {
      const up = await readAll(`${path}?sort=${field}`, limit);
      expect(up.map((row) => row[field])).toEqual(expected);
      const down = await readAll(`${path}?sort=-${field}`, limit);
      expect(down.map((row) => row[field])).toEqual(expected.toReversed());
    }
  });
});
