import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { routes } from '../../src/api/routes.js';
import type { ApiAnswer, Loose } from '../support/api.js';
import { rootKey, type TestPostrider } from '../support/postrider.js';
import { startTestApi } from './api-process.js';
import { problemOf } from './problems.js';

let postrider: TestPostrider;

beforeAll(async () => {
  postrider = await startTestApi();
});

afterAll(async () => postrider.stop());

const calls = routes.map((route) => {
  const [method, path] = route.key.split(' ') as [string, string];
  return { key: route.key, method, path, url: path.replace(/:\w+/g, 'not-there'), route };
});
const writes = calls.filter(({ method }) => method !== 'GET');

/** As the root key for the first organization, so that no call is refused before its input is read. */
async function send(
  { method, url }: { method: string; url: string },
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<ApiAnswer<Loose>> {
  const tenant = { 'postrider-organization': 'org_default', 'postrider-environment': 'sandbox' };
  return postrider.as(rootKey, tenant).call(method, url, body, headers);
}

/** How many records there are, of whatever kind. */
async function countAll(): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const [name, model] of Object.entries(postrider.ctx.models)) {
    counts[name] = await (model as { countDocuments(): Promise<number> }).countDocuments();
  }
  return counts;
}

interface Property {
  type?: string | string[];
  enum?: unknown[];
  $ref?: string;
  anyOf?: Property[];
  oneOf?: Property[];
}

/** What the OpenAPI document says that a call takes: the fields of its body, and its query parameters. */
async function contractOf(method: string, path: string) {
  const { body: document } = await postrider.as(undefined).get('/openapi.json');
  const operation = document.paths[path.replace(/:(\w+)/g, '{$1}')][method.toLowerCase()];
  const resolve = (schema: Property | undefined): Loose => {
    const name = schema?.$ref?.split('/').at(-1);
    if (name !== undefined) return resolve(document.components.schemas[name] as Property);
    const branches = schema?.anyOf ?? schema?.oneOf;
    return branches ? { anyOf: branches.map(resolve) } : schema;
  };
  const schema = resolve(operation.requestBody?.content['application/json'].schema as Property | undefined);
  return {
    required: (schema?.required ?? []) as string[],
    properties: Object.entries((schema?.properties ?? {}) as Record<string, Property>).map(
      ([name, property]) => ({
        name,
        schema: resolve(property) as Property,
      }),
    ),
    query: ((operation.parameters ?? []) as Loose[])
      .filter((parameter: Loose) => parameter.in === 'query')
      .map((parameter: Loose) => ({
        name: parameter.name as string,
        required: parameter.required === true,
        schema: resolve(parameter.schema as Property) as Property,
      })),
  };
}

/** A value that the schema does not allow; undefined where it allows any. */
function wrongFor(schema: Property): unknown {
  const branches = schema.anyOf ?? schema.oneOf ?? [schema];
  if (branches.some(({ type }) => type === undefined)) return undefined;
  const types = branches.flatMap(({ type }) => type ?? []);
  if (!types.includes('boolean')) return true;
  return types.includes('string') ? [] : 'text';
}

describe('every call that takes a body', () => {
  it.each(writes)('$key: refuses what is not JSON', async (call) => {
    for (const body of ['{', 'null x', '{"a":1,}', "{'a':1}", '\u0000', 'undefined']) {
      problemOf(await send(call, body), 'invalid_json');
    }
  });

  it.each(writes)('$key: refuses what is not UTF-8', async (call) => {
    problemOf(await send(call, new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])), 'invalid_json');
  });

  it.each(writes)('$key: refuses other media types', async (call) => {
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'json',
      'application/json; charset=utf-16',
    ]) {
      problemOf(await send(call, '{}', { 'content-type': type }), 'unsupported_media_type');
    }
    problemOf(await send(call, '{}', { 'content-encoding': 'compress' }), 'unsupported_media_type');
  });

  it.each(writes)('$key: refuses a body whose compression is broken', async (call) => {
    problemOf(await send(call, '{}', { 'content-encoding': 'gzip' }), 'invalid_json');
  });

  it.each(writes)('$key: refuses what is not an object', async (call) => {
    for (const body of ['[]', '"text"', '7', 'true', 'null', '[{}]']) {
      const answer = await send(call, body);
      expect(problemOf(answer, 'invalid')).toEqual(['']);
      expect(answer.body.errors[0].message).toBe('must be an object');
    }
  });

  it.each(writes)('$key: refuses a field that it does not know, by its path', async (call) => {
    const paths = problemOf(
      await send(call, '{"surprise":1,"__proto__":{"admin":true},"constructor":1}'),
      'invalid',
    );
    expect(paths).toEqual(expect.arrayContaining(['surprise', '__proto__', 'constructor']));
  });

  it.each(writes)('$key: refuses a body that is too large', async (call) => {
    const limit = call.route.bodyLimit ?? 1024 * 1024;
    problemOf(await send(call, `"${'x'.repeat(limit)}"`), 'payload_too_large');
  });

  it.each(writes)('$key: refuses nesting that nothing can walk', async (call) => {
    const deep = 100_000;
    const [path] = problemOf(
      await send(call, `${'[{"a":'.repeat(deep / 10)}1${'}]'.repeat(deep / 10)}`),
      'invalid',
    );
    expect(path?.split('.')).toHaveLength(64);
  });

  it.each(writes)('$key: refuses numbers that no double can hold', async (call) => {
    expect(problemOf(await send(call, '{"a":[0,1e999]}'), 'invalid')).toEqual(['a.1']);
  });

  it.each(writes)('$key: names every field of a wrong type', async (call) => {
    const { properties } = await contractOf(call.method, call.path);
    const wrong = properties.flatMap(({ name, schema }) => {
      const value = wrongFor(schema);
      return value === undefined ? [] : [[name, value] as const];
    });
    if (wrong.length === 0) return;
    const paths = problemOf(await send(call, Object.fromEntries(wrong)), 'invalid').map(
      (path) => path.split('.')[0],
    );
    expect(paths).toEqual(expect.arrayContaining(wrong.map(([name]) => name)));
  });

  it.each(writes)('$key: names every field that is missing', async (call) => {
    const { required } = await contractOf(call.method, call.path);
    if (required.length === 0) return;
    for (const body of ['{}', undefined]) {
      const answer = await send(call, body);
      const paths = problemOf(answer, 'invalid');
      if (body === undefined) expect(paths).toEqual(['']);
      else expect(paths).toEqual(expect.arrayContaining(required));
      for (const { message } of answer.body.errors) expect(message).toMatch(/is required|must be/);
    }
  });

  it('leaves nothing behind', async () => {
    const before = await countAll();
    for (const call of writes) {
      await send(call, '{"surprise":1}');
      await send(call, '{"name":"half","url":5,"eventTypes":["nothing.known"],"surprise":1}');
    }
    expect(await countAll()).toEqual(before);
  });
});

describe('every call', () => {
  it.each(calls)('$key: refuses a query parameter that it does not know', async (call) => {
    if (call.method !== 'GET' || call.route.query === undefined) return;
    const paths = problemOf(await send({ ...call, url: `${call.url}?surprise=1&__proto__=2` }), 'invalid');
    const { query } = await contractOf(call.method, call.path);
    const missing = query.filter(({ required }) => required).map(({ name }) => name);
    expect(paths).toEqual([...missing, 'surprise', '__proto__']);
  });

  it.each(calls)('$key: refuses query parameters that are not valid', async (call) => {
    if (call.route.query === undefined) return;
    const { query } = await contractOf(call.method, call.path);
    for (const { name, schema } of query) {
      const types = [schema.type ?? []].flat();
      const isText = types.includes('string') && schema.enum === undefined && !('format' in schema);
      const values = isText && !['sort', 'cursor'].includes(name) ? [] : ['', 'nope', '1e99', '%00', '[]'];
      for (const value of values) {
        const paths = problemOf(await send({ ...call, url: `${call.url}?${name}=${value}` }), 'invalid');
        expect(new Set(paths)).toEqual(new Set([name]));
      }
      const twice = await send({ ...call, url: `${call.url}?${name}=1&${name}=2` });
      expect(problemOf(twice, 'invalid')).toEqual([name]);
    }
  });

  it.each(calls.filter(({ path }) => path.includes(':')))('$key: a strange id is not found', async (call) => {
    const strange = [
      '%00',
      '%F0%9F%92%A9',
      '__proto__',
      '..%2F..%2Fetc',
      'x'.repeat(5_000),
      '%7B%22$ne%22:1%7D',
      '$ne',
    ];
    for (const id of strange) {
      const { body, status } = await send({ ...call, url: call.path.replace(/:\w+/, id) });
      // A body that the call needs is looked at first.
      expect([404, 422]).toContain(status);
      if (status === 422) expect(body.errors[0].path).toBe('');
    }
    problemOf(await send({ ...call, url: call.path.replace(/:\w+/, '%zz') }), 'invalid_url');
    problemOf(await send({ ...call, url: call.path.replace(/:\w+/, '%ff') }), 'invalid_url');
  });

  it('answers 405 with Allow for a method that a path does not take, and 404 for a path that is none', async () => {
    for (const { path, url } of calls) {
      const methods = calls.filter((other) => other.path === path).map(({ method }) => method);
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].filter(
        (each) => !methods.includes(each),
      )) {
        const answer = await send({ method, url });
        // A path such as /events/batch is also one of /events/:id.
        if (answer.status !== 405) continue;
        problemOf(answer, 'method_not_allowed');
        expect(answer.headers.get('allow')?.split(', ')).toEqual(expect.arrayContaining(methods));
      }
    }
    const put = await send({ method: 'PUT', url: '/v1/webhooks' });
    problemOf(put, 'method_not_allowed');
    expect(put.headers.get('allow')).toBe('GET, HEAD, POST');
    for (const url of ['/v1', '/v1/nothing', '/V1/webhooks', '/v1/webhooks/a/b/c', '/%zz', '//v1/webhooks']) {
      problemOf(await send({ method: 'GET', url }), 'not_found');
    }
  });
});
