import { _, Ajv2020, type ErrorObject, type FuncKeywordDefinition, type KeywordCxt } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { canonicalJson } from './canonical.js';
import { Meter, sizeOf, type WorkBudget } from './meter.js';
import { LinearPattern } from './patterns.js';
import { workKeyword } from './reader.js';
import { formats } from './vocabulary.js';

/** Runs one schema: undefined for valid data, else the errors. Throws WorkExceeded, or RangeError on a full stack. */
export type Validator = (data: unknown, budget: WorkBudget) => ErrorObject[] | undefined;

/** Ends a collection of errors that Ajv copies again and again: it copies about this many in a unit of work. */
const copiesPerUnit = 64;

/**
 * Compiles a schema that the reader has made. With `all` it collects every error, else it ends at the first.
 * Each has an Ajv of its own, because an Ajv keeps what it compiled for as long as it lives.
 */
export function buildValidator(metered: object, { all, work }: { all: boolean; work: number }): Validator {
  const meter = new Meter();
  const ajv = new Ajv2020({
    allErrors: all,
    meta: false,
    validateSchema: false,
    strict: false,
    logger: false,
    // An inlined `$ref` would be compiled once for each use.
    inlineRefs: false,
    ownProperties: true,
    code: {
      // Ajv's optimizer takes most of the time of a compile and gains next to nothing.
      optimize: false,
      regExp: Object.assign((source: string) => linear(source, meter), { code: 'unused: not standalone' }),
    },
  });
  addFormats.default(ajv, { mode: 'full', formats: [...formats] });
  ajv.addKeyword({
    keyword: workKeyword,
    schemaType: 'number',
    // The first, because a schema ends where one of its keywords fails.
    before: '$ref',
    trackErrors: true,
    code: ({ gen, data, schema, errsCount }: KeywordCxt) => {
      const spend = gen.scopeValue('keyword', {
        ref: (value: unknown, errors: number) =>
          meter.charge(Number(schema) + sizeOf(value) + errors / copiesPerUnit),
      });
      gen.code(_`${spend}(${data}, ${errsCount ?? 0})`);
    },
  });
  for (const keyword of equalityKeywords(meter)) {
    ajv.removeKeyword(String(keyword.keyword));
    ajv.addKeyword(keyword);
  }
  const validate = ajv.compile(metered);
  return (data, budget) =>
    meter.within(budget, work, () => (validate(data) ? undefined : (validate.errors ?? [])));
}

/** Ajv tells patterns apart by their text, which `toString` gives. */
function linear(source: string, meter: Meter): { test: (text: string) => boolean; toString: () => string } {
  const pattern = new LinearPattern(source);
  return { test: (text) => pattern.test(text, meter), toString: () => source };
}

/**
 * `enum`, `const` and `uniqueItems` by canonical text. Ajv's own compare each with each, and throw on data such as
 * `{"valueOf": 1}`.
 */
function equalityKeywords(meter: Meter): FuncKeywordDefinition[] {
  const oneOf = (values: readonly unknown[]) => {
    const scalars = new Set(values.filter((value) => !isStructure(value)));
    const structures = new Set(values.filter(isStructure).map((value) => canonicalJson(value, unmetered)));
    return (data: unknown) =>
      isStructure(data)
        ? structures.size > 0 && structures.has(canonicalJson(data, meter))
        : scalars.has(data);
  };
  return [
    {
      keyword: 'enum',
      schemaType: 'array',
      compile: (values: unknown[]) => oneOf(values),
      error: {
        message: 'must be an allowed value',
        params: ({ schemaCode }) => _`{allowedValues: ${schemaCode}}`,
      },
    },
    {
      keyword: 'const',
      compile: (value: unknown) => oneOf([value]),
      error: {
        message: 'must be the constant',
        params: ({ schemaCode }) => _`{allowedValue: ${schemaCode}}`,
      },
    },
    {
      keyword: 'uniqueItems',
      type: 'array',
      schemaType: 'boolean',
      compile: (unique: boolean) => (items: unknown[]) =>
        !unique || new Set(items.map((item) => canonicalJson(item, meter))).size === items.length,
    },
  ];
}

const unmetered = { charge: () => undefined };

function isStructure(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
