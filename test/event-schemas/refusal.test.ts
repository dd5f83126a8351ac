import { describe, expect, it } from '@jest/globals';
import { compileEventSchema } from '../../src/event-schemas/event-schema.js';

const errorsOf = (schema: unknown) => {
  const compiled = compileEventSchema(schema);
  return compiled.ok ? [] : compiled.errors.map(({ path, message }) => `${path}: ${message}`);
};

describe('a schema is refused, with the path,', () => {
  it.each<[string, unknown, string]>([
    ['when it is no object', 'x', ': must be a JSON Schema'],
    ['when it is an array', [], ': must be a JSON Schema'],
    ['with an unknown type', { properties: { a: { type: 'strng' } } }, 'properties.a.type: must be one of'],
    [
      'with a limit that is no number',
      { properties: { a: { minimum: '5' } } },
      'properties.a.minimum: must be a number',
    ],
    ['with required that is no list', { required: 'a' }, 'required: must be an array'],
    [
      'with properties that are no schemas',
      { properties: { a: 5 } },
      'properties.a: must be an object or true or false',
    ],
    [
      'of another dialect',
      { $schema: 'http://json-schema.org/draft-07/schema#' },
      '$schema: must be https://json-schema.org/draft/2020-12/schema',
    ],
    [
      'with a remote $ref',
      { properties: { a: { $ref: 'https://example.com/a' } } },
      'properties.a.$ref: must name a schema of this document',
    ],
    ['with a $ref to a file', { $ref: 'file:///etc/passwd' }, '$ref: must name a schema of this document'],
    ['with a $ref to nothing', { $ref: '#/$defs/a' }, '$ref: must name a schema of this document'],
    [
      'with a $ref to what is no schema',
      { $ref: '#/examples/0', examples: [{ $ref: '#/examples/0' }] },
      '$ref: must name a schema of this document',
    ],
    [
      'with a $ref to an anchor',
      { $defs: { a: { $anchor: 'x' } }, $ref: '#x' },
      '$defs.a.$anchor: is not supported',
    ],
    ['with a dynamic reference', { $dynamicRef: '#meta' }, '$dynamicRef: is not supported'],
    [
      'with an $id inside',
      { $defs: { a: { $id: 'https://example.com' } } },
      '$defs.a.$id: stands at the top',
    ],
    ['that is itself', { $ref: '#' }, ': refers to itself without an end'],
    [
      'that circles through others',
      {
        $defs: { a: { anyOf: [{ type: 'null' }, { $ref: '#/$defs/b' }] }, b: { not: { $ref: '#/$defs/a' } } },
      },
      'refers to itself without an end',
    ],
    ['with a pattern that is none', { pattern: '(' }, 'pattern: is not a pattern of RE2'],
    ['with a look-ahead', { pattern: '(?=a)' }, 'pattern: is not a pattern of RE2'],
    [
      'with a back reference',
      { patternProperties: { '(a)\\1': {} } },
      'patternProperties.(a)\\1: is not a pattern of RE2',
    ],
    [
      'with a pattern of great size',
      { pattern: '\\p{L}{1000}'.repeat(20) },
      'pattern: is a pattern whose repetitions make it too large',
    ],
    [
      'with a pattern of great length',
      { pattern: 'a'.repeat(300) },
      'pattern: is a pattern of more than 256 characters',
    ],
    [
      'with many large patterns',
      { allOf: Array.from({ length: 20 }, (_, i) => ({ pattern: `x{400}${i}` })) },
      'pattern: is one pattern too many',
    ],
    [
      'nested too deeply',
      JSON.parse('{"items":'.repeat(50_000) + '{}' + '}'.repeat(50_000)) as unknown,
      ': is nested deeper than 64 levels',
    ],
    ['longer than 64 KiB', { description: 'x'.repeat(65_536) }, ': is longer than 64 KiB'],
    [
      'of too many schemas',
      { allOf: Array.from({ length: 1_000 }, () => ({})) },
      ': has more than 1000 schemas in it',
    ],
  ])('%s', (_when, schema, error) => {
    expect(errorsOf(schema)).toContainEqual(expect.stringContaining(error));
  });
});

describe('a schema is taken', () => {
  it.each<[string, unknown]>([
    ['when it is empty', {}],
    ['with annotations that nobody knows', { 'x-owner': 'billing', example: { a: 1 }, discriminator: 5 }],
    [
      'with references to its definitions',
      { $defs: { 'a/b': {} }, properties: { a: { $ref: '#/$defs/a~1b' }, b: { $ref: '#/$defs/a%7E1b' } } },
    ],
    ['with the definitions of older drafts', { definitions: { a: {} }, $ref: '#/definitions/a' }],
    ['that describes a tree', { properties: { children: { items: { $ref: '#' } } } }],
    ['with patterns as JavaScript writes them', { pattern: '^\\d{4}-\\u00e9\\/[\\w.-]+\\p{L}(?<name>x)$' }],
    [
      'with $schema and $id',
      { $schema: 'https://json-schema.org/draft/2020-12/schema', $id: 'https://example.com/x' },
    ],
  ])('%s', (_when, schema) => {
    expect(errorsOf(schema)).toEqual([]);
  });

  it('twice, with the same $id', () => {
    expect(errorsOf({ $id: 'https://example.com/twice' })).toEqual([]);
    expect(errorsOf({ $id: 'https://example.com/twice', type: 'object' })).toEqual([]);
  });
});
