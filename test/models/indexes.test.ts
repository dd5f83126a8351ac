import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Model } from 'mongoose';
import { startTestApi } from '../api/api-process.js';
import { makeSamples, pathFor, type Samples } from '../api/samples.js';
import { routes } from '../../src/api/routes.js';
import { Sweep } from '../../src/dispatch/sweep.js';
import { retireEvents } from '../../src/retention/retire-events.js';
import type { Loose } from '../support/api.js';
import { rootKey, type TestPostrider } from '../support/postrider.js';
import { Receiver } from '../support/receiver.js';
import { subscribe } from '../support/subscribe.js';
import { profile, type Profiled } from './profile.js';

let postrider: TestPostrider;
let receiver: Receiver;
let samples: Samples;
let lists: { path: string; parameters: { name: string; values: string[] }[]; sorts: string[] }[];

/** The fields that a list is narrowed or sorted by. */
const searched = /^(?:name|url|type|category|correlationId|eventType|\w+Lower|(?!organization)\w+Id)$/;

/** Rows of each collection beside the one that is looked for: enough that a scan stands out. */
const rowsEach = 3_000;

beforeAll(async () => {
  postrider = await startTestApi();
  receiver = await Receiver.start();
  samples = await makeSamples(postrider.api, receiver.url());
  const ordered = await subscribe(postrider.api, {
    url: receiver.url(),
    ordered: { orderingKey: 'account' },
  });
  await ordered.publish({ data: { account: 'a key' } });
  for (const [name, model] of Object.entries(postrider.ctx.models)) {
    await multiply(name, model as Model<Record<string, unknown>>);
  }
  const { body: document } = await postrider.as(undefined).get('/openapi.json');
  lists = await Promise.all(
    listPaths(document).map(async (path) => listOf(document, path, ordered.webhookId)),
  );
});

afterAll(async () => {
  await postrider.stop();
  await receiver.stop();
});

/**
 * Copies the first record of a collection: in its own tenant and in another. What a copy may be found by is its own,
 * shared by a few, so that each filter of the first one's values finds the first one alone.
 */
async function multiply(name: string, model: Model<Record<string, unknown>>): Promise<void> {
  const [first] = await model.find().sort({ _id: 1 }).limit(1).lean();
  // A source's token is sealed for its id, so a copy could not be shown.
  if (!first || ['accessTokens', 'sources'].includes(name)) return;
  const copies = Array.from({ length: rowsEach }, (_, index) => {
    const copy: Record<string, unknown> = { ...first };
    for (const [field, value] of Object.entries(first)) {
      if (typeof value === 'string' && searched.test(field)) copy[field] = `${value}~${index % 7}`;
      if (Array.isArray(value) && typeof value[0] === 'string') copy[field] = [`${value[0]}~${index % 7}`];
      if (value instanceof Date && /^(?:created|received)At$/.test(field)) {
        copy[field] = new Date(value.getTime() - 1_000 - index);
      }
    }
    copy['_id'] = `${String(first['_id'])}~${index}`;
    for (const unique of ['hash', 'idempotencyKey', 'name', 'nameLower', 'urlLower']) {
      if (typeof first[unique] === 'string') copy[unique] = `${first[unique]}~${index}`;
    }
    if ('status' in first) copy['status'] = 'succeeded';
    if (index % 3 === 0 && 'environment' in first) copy['environment'] = 'production';
    return copy;
  });
  await model.collection.insertMany(copies);
}

function listPaths(document: Loose): string[] {
  return Object.keys(document.paths as object).filter((path) => {
    const schema = document.paths[path].get?.responses['200']?.content?.['application/json']?.schema;
    const fields = schema?.$ref ? document.components.schemas[schema.$ref.split('/').at(-1)] : schema;
    return fields?.properties?.nextCursor !== undefined && path !== '/v1/catalogues';
  });
}

/** A list with values for each of its filters, read from the row that the samples made, and its sorts both ways. */
async function listOf(document: Loose, template: string, id: string): Promise<(typeof lists)[number]> {
  const all = document.paths[template].get.parameters as Loose[];
  const parameters = all.filter((parameter) => parameter.in === 'query');
  const path = template.replace('{id}', id);
  const [, , segment = ''] = template.split('/');
  const sample = template === path ? samples[segment] : undefined;
  const row =
    sample === undefined
      ? ((await read(`${path}?limit=1`)).data[0] ?? {})
      : (await postrider.api.get(`${path}/${sample}`)).body;
  const sorts: string[] = parameters
    .filter(({ name }) => name === 'sort')
    .flatMap(({ description }) => (description as string).replace(/;.*/, '').split(', '));
  const valuesOf = (name: string): string[] => {
    if (name === 'from') return [new Date(Date.now() - 3_600_000).toISOString()];
    if (name === 'to') return [new Date(Date.now() + 1_000).toISOString()];
    if (name === 'verified' || name === 'active') return ['true', 'false'];
    const value = name === 'eventType' ? (row.eventType ?? row.eventTypes) : row[name];
    return [`${value ?? 'unknown'}`];
  };
  return {
    path,
    parameters: parameters
      .map(({ name }) => name as string)
      .filter((name) => !['limit', 'cursor', 'sort', 'search', 'data'].includes(name))
      .map((name) => ({ name, values: valuesOf(name) })),
    sorts: sorts.flatMap((field) => [field, `-${field}`]),
  };
}

/** As whoever may read the list. */
async function read(url: string): Promise<Loose> {
  const client = url.startsWith('/v1/organizations') ? postrider.as(rootKey) : postrider.api;
  const answer = await client.get(url);
  expect({ url, status: answer.status, body: answer.status === 200 ? 0 : answer.body }).toEqual({
    url,
    status: 200,
    body: 0,
  });
  return answer.body;
}

const scans = (found: Profiled[]) =>
  found
    .filter(({ planSummary }) => planSummary?.includes('COLLSCAN'))
    .map(({ ns, command }) => ({ ns, command: JSON.stringify(command).slice(0, 300) }));

/** How many documents a query looked at beyond those that it gave. */
const wasted = (found: Profiled[]) =>
  found
    .filter(({ op }) => op === 'query')
    .map(({ docsExamined = 0, nreturned = 0, ns, command, planSummary }) => ({
      ns,
      waste: docsExamined - nreturned,
      plan: planSummary,
      filter: JSON.stringify(command['filter']),
    }))
    .filter(({ waste }) => waste > 20);

describe('a list of thousands', () => {
  it('is read by its index, page after page', async () => {
    for (const { path } of lists) {
      const found = await profile(postrider.ctx.connection, async () => {
        const { nextCursor } = await read(`${path}?limit=5`);
        if (nextCursor !== null) await read(`${path}?limit=5&cursor=${nextCursor}`);
      });
      expect(found.length).toBeGreaterThan(0);
      expect(scans(found)).toEqual([]);
      expect(wasted(found)).toEqual([]);
    }
  });

  it('is read by an index for each of its filters', async () => {
    for (const { path, parameters } of lists) {
      for (const { name, values } of parameters) {
        for (const value of values) {
          const found = await profile(postrider.ctx.connection, async () => {
            const query = `limit=5&${name}=${encodeURIComponent(value)}`;
            const { nextCursor } = await read(`${path}?${query}`);
            if (nextCursor !== null) await read(`${path}?${query}&cursor=${nextCursor}`);
          });
          expect(scans(found)).toEqual([]);
          expect(wasted(found)).toEqual([]);
        }
      }
    }
  });

  it('is never scanned for all filters together, nor for a sort', async () => {
    const found = await profile(postrider.ctx.connection, async () => {
      for (const { path, parameters, sorts } of lists) {
        const all = parameters.map(({ name, values }) => `${name}=${encodeURIComponent(values[0] ?? '')}`);
        await read(`${path}?${all.join('&')}`);
        for (const sort of sorts) {
          const { nextCursor } = await read(`${path}?limit=5&sort=${sort}`);
          if (nextCursor !== null) await read(`${path}?limit=5&sort=${sort}&cursor=${nextCursor}`);
          for (const one of all) await read(`${path}?limit=5&sort=${sort}&${one}`);
        }
      }
      await read('/v1/webhooks?search=a+webhook~3');
      await read('/v1/received?search=hello');
    });
    expect(scans(found)).toEqual([]);
  });

  it.each(['name', '-name', 'url', '-url'])(
    'of webhooks is read by an index when sorted by %s',
    async (sort) => {
      const found = await profile(postrider.ctx.connection, async () => {
        let cursor = '';
        for (let page = 0; page < 4; page += 1) {
          const { nextCursor } = await read(`/v1/webhooks?limit=50&sort=${sort}${cursor}`);
          cursor = `&cursor=${nextCursor}`;
        }
      });
      expect(wasted(found)).toEqual([]);
      expect(found.filter(({ hasSortStage }) => hasSortStage)).toEqual([]);
    },
  );
});

describe('among thousands of others', () => {
  it('what is stuck, and what is to be retired, is found without a scan', async () => {
    const { ctx } = postrider;
    const { signal } = new AbortController();
    const found = await profile(ctx.connection, async () => {
      await new Sweep(ctx, signal).once();
      await retireEvents(ctx, signal);
    });
    expect(found.length).toBeGreaterThan(5);
    expect(scans(found)).toEqual([]);
    expect(wasted(found)).toEqual([]);
  });

  it('every thing is read, published, changed and deleted without a scan', async () => {
    const { api } = postrider;
    const found = await profile(postrider.ctx.connection, async () => {
      for (const { key } of routes.filter((route) => route.key.startsWith('GET '))) {
        if (!key.includes(':') || key.includes('/catalogues/')) continue;
        expect((await api.get(pathFor(key, samples))).status).toBe(200);
      }
      const type = samples['event-types'];
      const event = { type, data: 1, idempotencyKey: 'among thousands', correlationId: 'c' };
      const { deliveries } = await api.make('/v1/events', event);
      expect(await api.make('/v1/events', event)).toMatchObject({ duplicate: true });
      await api.make('/v1/events/batch', { events: [{ type, data: 1 }, event] });
      expect((await api.post(`/v1/deliveries/${deliveries[0].id}/send-now`)).status).toBe(202);
      expect((await api.post(`/v1/deliveries/${deliveries[0].id}/cancel`)).status).toBe(202);
      expect((await api.patch(`/v1/webhooks/${samples['webhooks']}`, { name: 'changed' })).status).toBe(200);
      for (const segment of ['event-types', 'webhooks']) {
        expect((await api.delete(`/v1/${segment}/${samples[segment]}`)).status).toBe(409);
      }
      for (const segment of ['subscriptions', 'webhooks', 'external-systems', 'event-types', 'sources']) {
        expect((await api.delete(`/v1/${segment}/${samples[segment]}`)).status).toBe(204);
      }
    });
    expect(found.length).toBeGreaterThan(30);
    expect(scans(found)).toEqual([]);
    const mostlyWasted = wasted(found).filter(
      ({ ns, filter }) => !(ns.endsWith('.subscriptions') && filter.includes('$ne')),
    );
    expect(mostlyWasted).toEqual([]);
  });
});
