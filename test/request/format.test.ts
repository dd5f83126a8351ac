import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import qs from 'qs';
import { defaultBody } from '../../src/request/default-body.js';
import { BodyTooLarge, encodeBody } from '../../src/request/format.js';
import type { JsonValue } from '../../src/request/json-value.js';

function fields(value: JsonValue): [string, string][] {
  return [...new URLSearchParams(encodeBody(value, 'form').body)];
}

/** Values below names of a thousand characters, one in the other. */
function nested(levels: number, values: number): JsonValue {
  let data: JsonValue = Object.fromEntries(Array.from({ length: values }, (_, n) => [`v${n}`, n]));
  for (let level = 0; level < levels; level += 1) data = { ['x'.repeat(1_000)]: data };
  return data;
}

describe('the json format', () => {
  it('is JSON text', () => {
    expect(encodeBody({ a: [1, null, 'é'] }, 'json')).toEqual({
      contentType: 'application/json',
      body: '{"a":[1,null,"é"]}',
    });
  });
});

describe('the form format', () => {
  it('has nested keys in brackets, percent-encoded', () => {
    expect(encodeBody({ account: { id: 7 }, text: 'a b&c=d+e' }, 'form')).toEqual({
      contentType: 'application/x-www-form-urlencoded',
      body: 'account%5Bid%5D=7&text=a+b%26c%3Dd%2Be',
    });
  });

  it('has indexes for arrays, words for booleans, and an empty value for null', () => {
    expect(
      fields({ items: [{ name: 'x' }, { name: 'y' }], yes: true, no: false, none: null, n: 1.5, empty: '' }),
    ).toEqual([
      ['items[0][name]', 'x'],
      ['items[1][name]', 'y'],
      ['yes', 'true'],
      ['no', 'false'],
      ['none', ''],
      ['n', '1.5'],
      ['empty', ''],
    ]);
  });

  it('has no field for an empty array or object', () => {
    expect(fields({ a: [], b: {}, c: { d: [] } })).toEqual([]);
  });

  it('has the one field value for a root that is a scalar, and indexes for one that is an array', () => {
    expect(fields(7)).toEqual([['value', '7']]);
    expect(fields(null)).toEqual([['value', '']]);
    expect(fields('x')).toEqual([['value', 'x']]);
    expect(fields(['a', { b: 'c' }])).toEqual([
      ['0', 'a'],
      ['1[b]', 'c'],
    ]);
  });

  it('is read back as it was by a reader of nested forms', () => {
    const word = fc.stringMatching(/^[a-z]{1,6}$/);
    const { form } = fc.letrec<{ form: JsonValue }>((tie) => ({
      form: fc.oneof(
        { depthSize: 'small' },
        fc.string({ unit: 'grapheme' }),
        fc.array(tie('form'), { minLength: 1, maxLength: 3 }),
        fc.dictionary(word, tie('form'), { minKeys: 1, maxKeys: 3, noNullPrototype: true }),
      ),
    }));
    fc.assert(
      fc.property(fc.dictionary(word, form, { minKeys: 1, maxKeys: 4, noNullPrototype: true }), (value) => {
        const body = encodeBody(value, 'form').body;
        expect(qs.parse(body, { depth: 20, parameterLimit: 10_000 })).toEqual(value);
      }),
    );
  });
});

describe('a form of nested data', () => {
  it('is refused before it is made, where its names would repeat past 4 MiB', () => {
    expect(() => encodeBody(nested(60, 10_000), 'form')).toThrow(BodyTooLarge);
    expect(encodeBody(nested(60, 10_000), 'json').body.length).toBeLessThan(256 * 1024);
  });

  it('is made up to there', () => {
    const { body } = encodeBody(nested(60, 65), 'form');
    expect(body.length).toBeGreaterThan(3.5 * 1024 * 1024);
    expect(body.length).toBeLessThan(4 * 1024 * 1024);
  });
});

describe('the body of a webhook without a template', () => {
  it('is the event, with the time when it happened', () => {
    const occurredAt = new Date('2026-01-02T03:04:05Z');
    expect(
      JSON.stringify(defaultBody({ id: 'evt_1', type: 'invoice.paid', occurredAt, data: { a: 1 } })),
    ).toBe('{"id":"evt_1","type":"invoice.paid","timestamp":"2026-01-02T03:04:05.000Z","data":{"a":1}}');
  });
});
