import { describe, expect, it } from '@jest/globals';
import { checkPayload, type EventSchema } from '../../src/event-schemas/event-schema.js';

let keys = 0;
const check = (schema: EventSchema, data: unknown) => checkPayload(schema, `check/${keys++}`, data);

const invoice: EventSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'https://example.com/invoice',
  type: 'object',
  required: ['invoice'],
  $defs: {
    line: { type: 'object', required: ['sku'], properties: { qty: { type: 'integer', minimum: 1 } } },
  },
  properties: {
    invoice: {
      type: 'object',
      required: ['id', 'total'],
      properties: {
        total: { type: 'number' },
        dueDate: { type: 'string', format: 'date' },
        status: { enum: ['open', 'paid'] },
        currency: { pattern: '^[A-Z]{3}$' },
        lines: { type: 'array', items: { $ref: '#/$defs/line' } },
      },
      additionalProperties: false,
    },
  },
};

describe('a payload', () => {
  it('that is valid has no errors', () => {
    const data = { invoice: { id: 'i', total: 5, dueDate: '2025-03-14', lines: [{ sku: 'a', qty: 1 }] } };
    expect(check({ ...invoice, additionalProperties: true }, data)).toEqual([
      { path: 'invoice.id', message: 'is not a known field' },
    ]);
    expect(check({ type: 'object' }, data)).toEqual([]);
  });

  it('that is not has each error with its dotted path and a message for people', () => {
    const data = {
      invoice: {
        total: '5',
        dueDate: '14.3.2025',
        status: 'x',
        currency: 'eur',
        lines: [{}, { sku: 'b', qty: 0 }],
        more: 1,
      },
    };
    expect(check(invoice, data)).toEqual(
      expect.arrayContaining([
        { path: 'invoice.id', message: 'is required' },
        { path: 'invoice.total', message: 'must be a number' },
        { path: 'invoice.dueDate', message: 'must be a valid date' },
        { path: 'invoice.status', message: 'must be one of "open", "paid"' },
        { path: 'invoice.currency', message: 'must match the pattern ^[A-Z]{3}$' },
        { path: 'invoice.lines.0.sku', message: 'is required' },
        { path: 'invoice.lines.1.qty', message: 'must be >= 1' },
        { path: 'invoice.more', message: 'is not a known field' },
      ]),
    );
  });

  it.each<[string, EventSchema, unknown, string, string]>([
    ['type', { type: ['string', 'null'] }, 5, '', 'must be a text or null'],
    ['const', { properties: { a: { const: { b: 1 } } } }, { a: { b: 2 } }, 'a', 'must be {"b":1}'],
    [
      'uniqueItems',
      { properties: { a: { uniqueItems: true } } },
      {
        a: [
          { x: 1, y: 2 },
          { y: 2, x: 1 },
        ],
      },
      'a',
      'must not have the same item twice',
    ],
    [
      'anyOf',
      { anyOf: [{ type: 'string' }, { type: 'null' }] },
      5,
      '',
      'must match one of the allowed shapes',
    ],
    [
      'oneOf',
      { oneOf: [{ type: 'number' }, { minimum: 1 }] },
      5,
      '',
      'must match exactly one of the allowed shapes',
    ],
    ['not', { not: { type: 'number' } }, 5, '', 'must not match what its schema excludes'],
    [
      'if and then',
      JSON.parse('{"if":{"required":["a"]},"then":{"required":["b"]}}') as EventSchema,
      { a: 1 },
      'b',
      'is required',
    ],
    ['dependentRequired', { dependentRequired: { a: ['b'] } }, { a: 1 }, 'b', 'is required'],
    ['propertyNames', { propertyNames: { maxLength: 2 } }, { abc: 1 }, 'abc', 'is not an allowed name'],
    [
      'unevaluatedProperties',
      { properties: { a: {} }, unevaluatedProperties: false },
      { a: 1, b: 1 },
      'b',
      'is not a known field',
    ],
    ['prefixItems', { prefixItems: [{ type: 'string' }], items: false }, [1], '0', 'must be a text'],
    [
      'patternProperties',
      { patternProperties: { '^x-': { type: 'string' } } },
      { 'x-a': 1 },
      'x-a',
      'must be a text',
    ],
    ['contains', { contains: { type: 'string' } }, [1], '', 'must contain at least 1 valid item(s)'],
    ['a name with a slash', { required: ['a/b~c'] }, {}, 'a/b~c', 'is required'],
    [
      'a field in such a name',
      { properties: { 'a/b~c': { type: 'null' } } },
      { 'a/b~c': 1 },
      'a/b~c',
      'must be null',
    ],
    ['false', { properties: { a: false } }, { a: 1 }, 'a', 'is not allowed'],
  ])('has an error of %s', (_keyword, schema, data, path, message) => {
    expect(check(schema, data)).toContainEqual({ path, message });
  });

  it('has at most 50 errors', () => {
    const errors = check(
      { items: { type: 'string' } },
      Array.from({ length: 500 }, () => 1),
    );
    expect(errors).toHaveLength(50);
  });

  it('has its first error where there are too many to list', () => {
    const schema = { $defs: { text: { type: 'string' } }, items: { $ref: '#/$defs/text' } };
    expect(
      check(
        schema,
        Array.from({ length: 100_000 }, () => 1),
      ),
    ).toEqual([{ path: '0', message: 'must be a text' }]);
  });

  it('is checked for its own fields, not for what objects inherit', () => {
    expect(check({ required: ['toString'] }, {})).toEqual([{ path: 'toString', message: 'is required' }]);
    expect(check({ properties: { constructor: { type: 'string' } } }, {})).toEqual([]);
  });

  it('may be named as methods are', () => {
    expect(check({ const: { valueOf: 1 } }, { valueOf: 1 })).toEqual([]);
    expect(check({ enum: [{ valueOf: 1 }] }, { valueOf: 2 })).toHaveLength(1);
    expect(check({ uniqueItems: true }, [{ toString: 1 }, { toString: 1 }])).toHaveLength(1);
  });

  it('is not checked by annotations and unknown formats', () => {
    expect(check({ title: 'x', example: 5, format: 'colour', nullable: false }, 'anything')).toEqual([]);
  });

  it('is checked by the schema of its key, compiled once', () => {
    const schema = { type: 'string' };
    expect(checkPayload(schema, 'event-type/1', 1)).toHaveLength(1);
    expect(checkPayload({ type: 'number' }, 'event-type/1', 1)).toHaveLength(1);
    expect(checkPayload({ type: 'number' }, 'event-type/2', 1)).toEqual([]);
  });

  it('draws on the work that is left to its request', () => {
    const budget = { left: 1_000 };
    const hundred = Array.from({ length: 100 }, () => 1);
    expect(checkPayload({ items: { type: 'number' } }, 'drawn/1', hundred, budget)).toEqual([]);
    expect(budget.left).toBeLessThan(900);
    expect(budget.left).toBeGreaterThan(400);
    const many = [...hundred, ...hundred, ...hundred, ...hundred];
    expect(checkPayload({ items: { type: 'number' } }, 'drawn/1', many, budget)[0]?.message).toMatch(
      /^takes too much work/,
    );
  });

  it('cannot be checked by a schema that was never accepted', () => {
    expect(() => check({ $ref: 'https://example.com/schema' }, 1)).toThrow(TypeError);
  });
});
