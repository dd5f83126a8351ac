import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { routes } from '../../src/api/routes.js';
import type { Loose } from '../support/api.js';
import { rootKey, sandboxKey, type TestPostrider } from '../support/postrider.js';
import { startTestApi } from './api-process.js';
import { makeSamples, pathFor, type Samples } from './samples.js';

/** The same inputs each time, so that a run can be repeated; `FUZZ_SEED` gives others, and what fails prints its own. */
const seed = Number(process.env['FUZZ_SEED'] ?? 7);
const runsEach = 12;

let postrider: TestPostrider;
let samples: Samples;
let document: Loose;

beforeAll(async () => {
  postrider = await startTestApi();
  samples = await makeSamples(postrider.api, 'http://127.0.0.1:9/');
  document = await (await fetch(`${postrider.url}/openapi.json`)).json();
});

afterAll(async () => postrider.stop());

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '',
    '***',
    '\0',
    '$where',
    '__proto__',
    '{a.b}',
    '../..',
    'http://[',
    '1e999',
    '-1',
    '9'.repeat(400),
  ),
);

/** Values about as a schema wants them: now and then something else in their place. */
function near(schema: Loose, depth = 0): fc.Arbitrary<unknown> {
  const anything = fc.oneof(text, fc.anything({ maxDepth: 2 }), fc.constant(null));
  return fc.oneof({ weight: 5, arbitrary: likely(schema, depth) }, { weight: 1, arbitrary: anything });
}

function likely(schema: Loose, depth: number): fc.Arbitrary<unknown> {
  if (depth > 6) return fc.constant(null);
  if (schema?.$ref) {
    return likely(document.components.schemas[String(schema.$ref).replace(/.*\//, '')], depth + 1);
  }
  const variants: Loose[] | undefined = schema?.anyOf ?? schema?.oneOf;
  if (variants) return fc.oneof(...variants.map((variant) => near(variant, depth + 1)));
  if (schema?.const !== undefined) return fc.constant(schema.const);
  if (schema?.enum) return fc.constantFrom(...(schema.enum as unknown[]));
  switch (schema?.type) {
    case 'object':
      return fc.record(
        Object.fromEntries(
          Object.entries(schema.properties ?? {}).map(([name, property]) => [
            name,
            near(property, depth + 1),
          ]),
        ),
        { requiredKeys: [] },
      );
    case 'array':
      return fc.array(near(schema.items, depth + 1), { maxLength: 3 });
    case 'integer':
    case 'number':
      return fc.oneof(fc.integer(), fc.double());
    case 'boolean':
      return fc.boolean();
    case 'string':
      return fc.oneof(
        text,
        fc.constantFrom(
          '2026-01-31T09:30:00Z',
          '5s',
          'invoice.paid',
          'http://127.0.0.1:9/',
          ...Object.values(samples),
        ),
      );
    default:
      return fc.anything({ maxDepth: 3 });
  }
}

const bodies = routes.filter(({ body }) => body !== undefined);

/** Makes a call, which must not end as a fault of ours, nor show anything of how it is made. */
async function send(
  method: string,
  path: string,
  body: string,
  headers: Record<string, string> = {},
): Promise<void> {
  const isRoot = /organizations/.test(path);
  const response = await fetch(`${postrider.url}${path}`, {
    method,
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${isRoot ? rootKey : sandboxKey}`,
      ...headers,
    },
    ...(method === 'GET' ? {} : { body }),
  });
  const answer = await response.text();
  expect({ path, status: response.status, answer: response.status >= 500 ? answer : '' }).toEqual({
    path,
    status: expect.any(Number),
    answer: '',
  });
  expect(answer).not.toMatch(/\n\s+at |node_modules|MongoServerError/);
  if (response.status < 400) return;
  expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(JSON.parse(answer)).toMatchObject({ status: response.status, code: expect.any(String) });
}

describe('a body that is almost as it should be', () => {
  it.each(bodies.map(({ key }) => key))('is taken or refused with a problem: %s', async (key) => {
    const [method = '', pattern = ''] = key.split(' ');
    const path = pathFor(pattern, samples);
    const operation = document.paths[pattern.replace(/:(\w+)/g, '{$1}')][method.toLowerCase()];
    const schema = operation.requestBody.content['application/json'].schema;
    await fc.assert(
      fc.asyncProperty(likely(schema, 0), async (body) => {
        await send(method, path, JSON.stringify(body, withoutBigints) ?? '');
      }),
      { numRuns: runsEach, seed },
    );
  });
});

function withoutBigints(_name: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}

/** What a header can carry at all. */
const headerText = fc.oneof(
  fc.string().map((value) => value.trim()),
  fc.constantFrom(
    '*',
    'W/"x"',
    '"',
    'Bearer',
    'Bearer ',
    'Basic eDp5',
    `Bearer ${'x'.repeat(5_000)}`,
    ',,',
    '"a-1", "b-2"',
  ),
);

describe('headers and queries', () => {
  it('of any kind are taken or refused with a problem', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(
          'authorization',
          'if-match',
          'cookie',
          'content-type',
          'postrider-organization',
          'accept',
        ),
        headerText,
        async (name, value) =>
          send('PATCH', `/v1/webhooks/${samples['webhooks']}`, '{"name":"x"}', { [name]: value }),
      ),
      { numRuns: 60, seed },
    );
  });

  it('cursors, sorts, filters and limits of any kind are too, in every list', async () => {
    const lists = routes.filter(({ key, query }) => key.startsWith('GET /v1/') && query !== undefined);
    const names = [
      'cursor',
      'sort',
      'limit',
      'search',
      'from',
      'to',
      'status',
      'type',
      'value',
      'webhookId',
      'q',
      'ids',
    ];
    const cursor = fc.json().map((json) => Buffer.from(json).toString('base64url'));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...lists.map(({ key }) => key)),
        fc.constantFrom(...names),
        fc.oneof(text, cursor),
        async (key, name, value) => {
          const query = `${name}=${encodeURIComponent(Buffer.from(value).toString())}`;
          await send('GET', `${pathFor(key.slice(4), samples)}?${query}`, '');
        },
      ),
      { numRuns: 150, seed },
    );
  });
});
