import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { JsonValue } from '../../src/request/json-value.js';
import { PayloadTemplate } from '../../src/request/payload-template.js';
import { renderTemplate } from '../../src/request/template.js';
import type { TemplateContext } from '../../src/request/template.js';
import { cpuTimeMs } from '../support/cpu-time.js';

const data: JsonValue = {
  account: { id: 7, name: 'ACME', closed: false, note: null },
  invoice: { invoiceTotal: 1234.5, 'due-date': '2026-01-31' },
  items: [{ name: 'first' }, { name: 'second' }],
  größe: 'XL',
  eventName: 'from data',
  constructor: 'own',
};
const context: TemplateContext = {
  eventName: 'invoice.paid',
  eventId: 'evt_1',
  deliveryId: 'del_1',
  currentDateTime: new Date('2026-01-02T03:04:05.678Z'),
  data,
};

function render(template: JsonValue, of: JsonValue = data): JsonValue {
  return renderTemplate(template, { ...context, data: of }).value;
}

function refusal(template: unknown): string | undefined {
  return PayloadTemplate.safeParse(template).error?.issues[0]?.message;
}

function doubled(value: JsonValue): JsonValue {
  if (typeof value === 'string') return value.replaceAll(/[{}]/g, '$&$&');
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(doubled);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, doubled(inner)]));
}

function nested(depth: number, inner: JsonValue): JsonValue {
  let value = inner;
  for (let level = 0; level < depth; level += 1) value = [value];
  return value;
}

describe('a placeholder alone takes the value and its type', () => {
  it.each<[string, JsonValue]>([
    ['{account.id}', 7],
    ['{account.closed}', false],
    ['{account.note}', null],
    ['{account.name}', 'ACME'],
    ['{invoice.invoiceTotal}', 1234.5],
    ['{invoice.due-date}', '2026-01-31'],
    ['{items.1.name}', 'second'],
    ['{items}', [{ name: 'first' }, { name: 'second' }]],
    ['{größe}', 'XL'],
    ['{eventName}', 'invoice.paid'],
    ['{eventId}', 'evt_1'],
    ['{deliveryId}', 'del_1'],
    ['{currentDateTime}', '2026-01-02T03:04:05.678Z'],
  ])('%s', (template, value) => {
    expect(render(template)).toEqual(value);
  });
});

describe('inside longer text a placeholder becomes text', () => {
  it.each([
    ['#{account.id}', '#7'],
    ['{account.name}: {invoice.invoiceTotal} ({account.closed})', 'ACME: 1234.5 (false)'],
    ['[{items.0}]', '[{"name":"first"}]'],
    ['<{account.note}>', '<>'],
    ['<{nothing.here}>', '<>'],
    ['{account.id}{account.id}', '77'],
  ])('%s', (template, text) => {
    expect(render(template)).toBe(text);
  });

  it('once: what is put in is not read again', () => {
    expect(render('{a} {b}', { a: '{b}', b: '{{' })).toBe('{b} {{');
    expect(render('{a}', { a: '{b}', b: 1 })).toBe('{b}');
  });
});

describe('braces', () => {
  it.each([
    ['{{', '{'],
    ['}}', '}'],
    ['{{account.id}}', '{account.id}'],
    ['{{{account.id}}}', '{7}'],
    ['{ account.id }', '{ account.id }'],
    ['{}', '{}'],
    ['{account.id', '{account.id'],
    ['account.id}', 'account.id}'],
    ['{a b}', '{a b}'],
    ['{.a} {a.} {a..b}', '{.a} {a.} {a..b}'],
    ['{"a":1}', '{"a":1}'],
  ])('%s gives %s', (template, text) => {
    expect(render(template)).toBe(text);
  });
});

describe('what a path can reach', () => {
  it.each([
    '{__proto__}',
    '{__proto__.polluted}',
    '{account.constructor}',
    '{account.toString}',
    '{account.name.length}',
    '{account.name.0}',
    '{items.length}',
    '{items.-1}',
    '{items.01}',
    '{items.2}',
    '{items.map}',
    '{eventName.length}',
  ])('is not %s', (template) => {
    expect(renderTemplate(template, context)).toEqual({ value: null, missing: [template.slice(1, -1)] });
  });

  it('is an own property of any name', () => {
    expect(render('{constructor}')).toBe('own');
    const own = JSON.parse('{"__proto__": {"x": 1}}') as JsonValue;
    expect(render('{__proto__.x}', own)).toBe(1);
  });
});

describe('a template', () => {
  it('is replaced in its values and nowhere else, in its order', () => {
    const template = { '{account.id}': ['{account.id}', 1, true, null, { b: '{account.name}' }], a: '' };
    expect(JSON.stringify(render(template))).toBe('{"{account.id}":[7,1,true,null,{"b":"ACME"}],"a":""}');
  });

  it('lists what found nothing, each once', () => {
    const { value, missing } = renderTemplate(
      ['{x.y}', 'a {z} {x.y}', '{account.note}', '{account.id}'],
      context,
    );
    expect(value).toEqual([null, 'a  ', null, 7]);
    expect(missing).toEqual(['x.y', 'z']);
  });

  it('keeps a key named __proto__ as a key', () => {
    const template = JSON.parse('{"__proto__": {"a": "{account.id}"}}') as JsonValue;
    expect(JSON.stringify(render(template))).toBe('{"__proto__":{"a":7}}');
  });

  it('inserts at most 1 MiB in all, and reports the rest as missing', () => {
    const big = { big: 'x'.repeat(256 * 1024), small: 1 };
    const { value, missing } = renderTemplate(Array<string>(20_000).fill('{big}').concat('{small}'), {
      ...context,
      data: big,
    });
    expect(JSON.stringify(value).length).toBeLessThan(1.2 * 1024 * 1024);
    expect(missing).toEqual(['big', 'small']);
  });
});

describe('rendering', () => {
  const names = fc.constantFrom(
    'a',
    'b',
    'items',
    '0',
    '1',
    'account',
    '__proto__',
    'constructor',
    'eventName',
  );
  const path = fc.array(names, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('.'));
  const text = fc
    .array(
      fc.oneof(
        path.map((at) => `{${at}}`),
        fc.constantFrom('{', '}', '{{', '}}', '{ a }'),
        fc.string({ unit: 'binary' }),
      ),
    )
    .map((parts) => parts.join(''));
  const { json } = fc.letrec<{ json: JsonValue }>((tie) => ({
    json: fc.oneof(
      { depthSize: 'medium' },
      fc.oneof(text, fc.double({ noDefaultInfinity: true, noNaN: true }), fc.boolean(), fc.constant(null)),
      fc.array(tie('json'), { maxLength: 4 }),
      fc.dictionary(fc.oneof(names, fc.string()), tie('json'), { maxKeys: 4, noNullPrototype: false }),
    ),
  }));

  it('never throws and always gives valid JSON, whatever template and payload', () => {
    fc.assert(
      fc.property(json, json, (template, payload) => {
        const { value, missing } = renderTemplate(template, { ...context, data: payload });
        const again = JSON.parse(JSON.stringify(value)) as JsonValue;
        expect(JSON.stringify(again)).toBe(JSON.stringify(value));
        expect(new Set(missing).size).toBe(missing.length);
      }),
      { numRuns: 1_000 },
    );
  });

  it('never changes the type of a value that stands alone', () => {
    fc.assert(
      fc.property(json, (payload) => {
        expect(render({ at: '{value}' }, { value: payload })).toEqual({ at: payload });
        expect(render(['{list.0}'], { list: [payload] })).toEqual([payload]);
      }),
    );
  });

  it('gives back any JSON whose braces are doubled', () => {
    fc.assert(
      fc.property(json, json, (template, payload) => {
        expect(render(doubled(template), payload)).toEqual(template);
      }),
    );
  });

  it('does not throw for what is nested deeper than any stack', () => {
    expect(render(nested(100_000, '{account.id}'))).toBeDefined();
    const { value, missing } = renderTemplate(
      { a: '{deep}', b: 'x{deep}' },
      { ...context, data: { deep: nested(100_000, 1) } },
    );
    expect(value).toEqual({ a: null, b: 'x' });
    expect(missing).toEqual(['deep']);
  });

  it.each([
    ['opening braces', '{'.repeat(64_000)],
    ['opening braces and names', '{a'.repeat(32_000)],
    ['one long name', `{${'a'.repeat(64_000)}`],
    ['names and dots', `{${'a.'.repeat(32_000)}`],
    ['placeholders', '{a.b.c}'.repeat(9_000)],
  ])('takes no time for %s', (_, template) => {
    const startedAt = cpuTimeMs();
    render([template, template]);
    expect(cpuTimeMs() - startedAt).toBeLessThan(1_000);
  });
});

describe('a payload template at write', () => {
  it('is any JSON of bounded depth and size', () => {
    expect(refusal(nested(32, '{a}'))).toBeUndefined();
    expect(refusal(null)).toBeUndefined();
    expect(refusal('x'.repeat(65_534))).toBeUndefined();
    expect(refusal(nested(33, '{a}'))).toBe('must not nest deeper than 32 levels');
    expect(refusal(nested(100_000, '{a}'))).toBe('must not nest deeper than 32 levels');
    expect(refusal('x'.repeat(65_535))).toBe('must be at most 65536 bytes of JSON');
    expect(refusal('é'.repeat(32_768))).toBe('must be at most 65536 bytes of JSON');
  });

  it('renders to its full depth', () => {
    expect(render(nested(32, '{account.id}'))).toEqual(nested(32, 7));
  });
});
