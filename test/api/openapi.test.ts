import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { validate } from '@readme/openapi-parser';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { permissions } from '../../src/api/permissions.js';
import { rootKey, type TestPostrider } from '../support/postrider.js';
import type { Loose } from '../support/api.js';
import { startTestApi } from './api-process.js';

let postrider: TestPostrider;
let document: Loose;

beforeAll(async () => {
  postrider = await startTestApi();
  ({ body: document } = await postrider.as(undefined).get('/openapi.json'));
});

afterAll(async () => postrider.stop());

/** Every operation of the document, as method and path. */
function operations(): { method: string; path: string; operation: Loose }[] {
  return Object.entries(document.paths as Record<string, Record<string, Loose>>).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
}

/** A check of a value against the schema that the document has for the body of an operation. */
function bodySchemaOf(method: string, path: string): (value: unknown) => boolean {
  const ajv = new Ajv2020({ strict: false });
  addFormats.default(ajv);
  const { requestBody } = document.paths[path][method.toLowerCase()];
  const { schema } = requestBody.content['application/json'];
  return ajv.compile({ ...schema, components: document.components }) as (value: unknown) => boolean;
}

describe('the OpenAPI document', () => {
  it('is valid', async () => {
    const result = await validate(structuredClone(document) as never);
    expect(result).toMatchObject({ valid: true, warnings: [] });
    expect(document.openapi).toMatch(/^3\.1/);
  });

  it('has every call of the table of permissions, and no other', () => {
    const documented = operations().map(
      ({ method, path }) => `${method} ${path.replace(/\{(\w+)\}/g, ':$1')}`,
    );
    expect(documented.toSorted()).toEqual(Object.keys(permissions).toSorted());
  });

  it('has only calls that are served', async () => {
    const client = postrider.as(rootKey, {
      'postrider-organization': 'org_default',
      'postrider-environment': 'sandbox',
    });
    for (const { method, path } of operations()) {
      const answer = await client.call(method, path.replace(/\{\w+\}/g, 'not-there'));
      expect([404, 405, 500]).not.toContain(
        path.includes('{') && answer.status === 404 ? 200 : answer.status,
      );
      if (answer.status === 404) expect(answer.body.detail).toMatch(/^There is no /);
    }
  });

  it('says of each call what it takes and answers', () => {
    const ids = operations().map(({ operation }) => operation.operationId as string);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { method, path, operation } of operations()) {
      expect(operation).toMatchObject({ summary: expect.any(String), tags: [expect.any(String)] });
      expect(operation.responses.default.content).toHaveProperty(['application/problem+json']);
      const declared = ((operation.parameters ?? []) as Loose[])
        .filter((parameter: Loose) => parameter.in === 'path')
        .map(({ name }: Loose) => `{${name}}`);
      expect(declared).toEqual(path.match(/\{\w+\}/g) ?? []);
      const isPublic =
        permissions[`${method} ${path.replace(/\{(\w+)\}/g, ':$1')}` as 'GET /healthz'] === 'public';
      expect(operation.security).toEqual(isPublic ? [] : undefined);
    }
  });

  it('does not demand what has a default', () => {
    for (const { operation } of operations()) {
      for (const parameter of (operation.parameters ?? []) as Loose[]) {
        // Without a text there is nothing to find, and without ids nothing to tell.
        if (parameter.in === 'query' && !['q', 'ids'].includes(parameter.name as string))
          expect(parameter.required ?? false).toBe(false);
      }
    }
  });
});

describe('the schema of a body takes what the API takes, and refuses what it refuses', () => {
  const url = 'https://example.com/hook';
  const oauth = { tokenUrl: url, clientId: 'c', clientSecret: 's' };

  it.each([
    ['/v1/event-types', { name: 'a.b' }, 201],
    ['/v1/event-types', { name: 'a.c', schema: { type: 'object' }, samplePayload: [1], label: null }, 201],
    ['/v1/event-types', { name: 'not valid' }, 422],
    ['/v1/event-types', {}, 422],
    ['/v1/webhooks', { url }, 201],
    [
      '/v1/webhooks',
      { url, retrySchedule: [], headers: [{ name: 'x-a', value: '1' }], payloadTemplate: '{a}' },
      201,
    ],
    ['/v1/webhooks', { url, retrySchedule: null, payloadTemplate: null, externalSystemId: null }, 201],
    ['/v1/webhooks', { url, auth: { type: 'bearer', token: 't' } }, 201],
    ['/v1/webhooks', { url, auth: { type: 'oauth2_client_credentials', ...oauth } }, 201],
    [
      '/v1/webhooks',
      { url, auth: { type: 'oauth2_client_credentials', ...oauth, scope: null, clientAuth: 'body' } },
      201,
    ],
    ['/v1/webhooks', { url, auth: { type: 'oauth2_password', ...oauth } }, 422],
    ['/v1/webhooks', { url, auth: { type: 'magic' } }, 422],
    ['/v1/webhooks', { url, timeoutMs: 1.5 }, 422],
    ['/v1/webhooks', { url, retrySchedule: ['soon'] }, 422],
    ['/v1/webhooks', { url, surprise: 1 }, 422],
    ['/v1/external-systems', { name: 'x', baseUrl: url, origins: ['https://other.example.com'] }, 201],
    ['/v1/external-systems', { name: 'x', baseUrl: 7 }, 422],
    ['/v1/events', { type: 'a.b', data: { any: [null] } }, 202],
    ['/v1/events', { type: 'a.b', data: null, occurredAt: '2026-01-31T09:30:00+02:00' }, 202],
    ['/v1/events', { type: 'a.b' }, 422],
    ['/v1/events/batch', { events: [{ type: 'a.b', data: 1 }] }, 202],
    ['/v1/events/batch', { events: [] }, 422],
    ['/v1/api-keys', { name: 'k', role: 'viewer' }, 201],
    ['/v1/api-keys', { name: 'k', role: 'owner' }, 422],
  ])('%s %j: %i', async (path, body, status) => {
    const answer = await postrider.api.post(path, body);
    expect({ status: answer.status, body: answer.body }).toMatchObject({ status });
    expect(bodySchemaOf('POST', path)(body)).toBe(status < 300);
  });
});
