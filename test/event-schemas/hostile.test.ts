import { describe, expect, it } from '@jest/globals';
import {
  checkPayload,
  compileEventSchema,
  requestBudget,
  type EventSchema,
} from '../../src/event-schemas/event-schema.js';
import { cpuTimeMs } from '../support/cpu-time.js';

/**
 * Milliseconds: each takes less than 1 s on a slow machine, up to 7 s on one that does ten other things, and without the limits
 * minutes, or all memory.
 */
const bound = 30_000;

const tooMuch = 'takes too much work to check against the schema of its event type';
const tooDeep = 'is nested too deeply to be checked against the schema of its event type';

/** A payload has at most 256 KiB: these are the most values that fit. */
const numbers = Array.from({ length: 128_000 }, () => 1);
const fields = Object.fromEntries(Array.from({ length: 25_000 }, (_, i) => [`k${i}`, 1]));
const text = 'a'.repeat(250_000);
const nestedArrays = (levels: number): unknown => JSON.parse('['.repeat(levels) + ']'.repeat(levels));
const many = (schema: object, count: number) => Array.from({ length: count }, () => schema);

/** Thirty definitions, each of which applies the next twice: 2^30 applications of the last. */
function doubling(applicator: 'allOf' | 'anyOf', last: object): EventSchema {
  const definitions = Array.from({ length: 30 }, (_, i): [string, object] => [
    `d${i}`,
    { [applicator]: many({ $ref: `#/$defs/d${i + 1}` }, 2) },
  ]);
  return { $defs: { ...Object.fromEntries(definitions), d30: last }, $ref: '#/$defs/d0' };
}

describe('a hostile schema and payload come to an end', () => {
  it.each<[string, EventSchema, unknown, string]>([
    ['a pattern that backtracks', { pattern: '^(a+)+$' }, `${text}!`, 'must match the pattern ^(a+)+$'],
    [
      'a pattern with overlapping choices',
      { pattern: '^(a|aa|a*)*b$' },
      text,
      'must match the pattern ^(a|aa|a*)*b$',
    ],
    ['a pattern of many states', { pattern: '\\p{L}{300}[^a]{300}' }, text, tooMuch],
    [
      'many patterns on many fields',
      { patternProperties: Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`^k${i}$`, {}])) },
      fields,
      tooMuch,
    ],
    ['references that double', doubling('allOf', { type: 'number' }), 1, tooMuch],
    ['references that double and fail', doubling('anyOf', { type: 'string' }), 1, tooMuch],
    ['a recursion that doubles', { items: { allOf: many({ $ref: '#' }, 2) } }, nestedArrays(60), tooMuch],
    ['a recursion into a deep payload', { items: { $ref: '#' } }, nestedArrays(120_000), tooDeep],
    [
      'unique items, each with all others',
      { allOf: many({ uniqueItems: true }, 300) },
      numbers.map((_, i) => i),
      tooMuch,
    ],
    ['a unique item that is deep', { uniqueItems: true }, [nestedArrays(120_000)], tooDeep],
    ['a long list of objects to compare with', { enum: many({}, 20_000) }, fields, 'must be one of {}, {}, '],
    [
      'a long list to compare each item with',
      { items: { enum: Array.from({ length: 8_000 }, (_, i) => i + 5) } },
      numbers,
      'must be one of 5, 6, ',
    ],
    ['an error for each item', { items: { type: 'string' } }, numbers, 'must be a text'],
    ['many errors for each item', { items: { allOf: many({ minimum: 5 }, 900) } }, numbers, 'must be >= 5'],
    [
      'many shapes for each item',
      { items: { anyOf: many({ type: 'string' }, 900) } },
      numbers,
      'must be a text',
    ],
    [
      'an error for each field, many times',
      { allOf: many({ additionalProperties: false }, 900) },
      fields,
      'is not a known field',
    ],
    [
      'fields that many schemas look at',
      { allOf: many({ patternProperties: { '^j': true } }, 300), unevaluatedProperties: false },
      fields,
      tooMuch,
    ],
    [
      'a search through all items, many times',
      { allOf: many({ contains: { type: 'string' } }, 490) },
      numbers,
      tooMuch,
    ],
    [
      'a great many fields',
      {
        properties: Object.fromEntries(
          Array.from({ length: 990 }, (_, i) => [`p${i}`, { type: 'string', minLength: 1 }]),
        ),
        required: ['p0'],
      },
      {},
      'is required',
    ],
    [
      'long addresses',
      { items: { format: 'email' } },
      Array.from({ length: 2 }, () => `a@${'a-'.repeat(60_000)}`),
      'must be a valid email',
    ],
  ])('%s', (name, schema, data, message) => {
    const start = cpuTimeMs();
    expect(compileEventSchema(schema)).toEqual({ ok: true });
    const errors = checkPayload(schema, `hostile/${name}`, data);
    expect(cpuTimeMs() - start).toBeLessThan(bound);
    expect(errors[0]?.message).toEqual(expect.stringContaining(message));
  });

  it('a thousand times in one request', () => {
    const schema = doubling('anyOf', { type: 'string' });
    const budget = requestBudget();
    const start = cpuTimeMs();
    for (let event = 0; event < 1_000; event++) {
      expect(checkPayload(schema, 'hostile/batch', event, budget)).toEqual([{ path: '', message: tooMuch }]);
    }
    expect(cpuTimeMs() - start).toBeLessThan(bound);
  });

  it.each([
    'date',
    'date-time',
    'duration',
    'email',
    'hostname',
    'ipv4',
    'ipv6',
    'json-pointer',
    'regex',
    'time',
    'uri',
    'uri-reference',
    'uri-template',
    'uuid',
  ])('long texts that nearly are of format %s', (format) => {
    const units = ['a', '1', 'a-', 'a.', 'a@', '/', '%41', '0:', '[::', '{a,', '~0', 'P1', '(', '\\', ' '];
    const start = cpuTimeMs();
    for (const head of ['', 'http://', 'a@', 'a:', '/', '2020-01-01T', 'urn:uuid:', '{']) {
      for (const unit of units) {
        checkPayload({ format }, `format/${format}`, `${head}${unit.repeat(250_000 / unit.length)}\n!`);
      }
    }
    expect(cpuTimeMs() - start).toBeLessThan(bound);
  });
});

describe('a large and honest payload is checked', () => {
  it('item by item, under an ordinary schema', () => {
    const schema = {
      type: 'object',
      properties: {
        items: {
          type: 'array',
          items: {
            type: 'object',
            required: ['id', 'qty'],
            properties: { id: { type: 'string', pattern: '^x[0-9]+$' }, qty: { type: 'integer' } },
          },
        },
      },
    };
    const items = Array.from({ length: 6_000 }, (_, i) => ({ id: `x${i}`, qty: i, at: '2025-03-14' }));
    expect(checkPayload(schema, 'honest/items', { items })).toEqual([]);
  });

  it('with a choice for each of its numbers', () => {
    expect(
      checkPayload({ items: { anyOf: [{ type: 'number' }, { type: 'null' }] } }, 'honest/choice', numbers),
    ).toEqual([]);
  });
});
