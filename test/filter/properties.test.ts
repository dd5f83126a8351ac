import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { compileFilter, Filter, type FilterRules } from '../../src/filter/filter.js';

const name = fc.constantFrom(
  'a',
  'b',
  '0',
  '__proto__',
  'constructor',
  'length',
  'hasOwnProperty',
  'toString',
);
const scalar = fc.constantFrom(null, 0, 1, 2.5, '', 'a', 'b', true, false);
const value = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', maxDepth: 4 },
    { weight: 3, arbitrary: scalar },
    fc.array(tie('value'), { maxLength: 3 }),
    fc.array(fc.tuple(name, tie('value')), { maxLength: 3 }).map((fields) => Object.fromEntries(fields)),
  ),
})).value;
const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join('.'));
const object = (key: fc.Arbitrary<string>, held: fc.Arbitrary<unknown>) =>
  fc.tuple(key, held).map((entry) => Object.fromEntries([entry]));

const { filter } = fc.letrec<{ operators: Record<string, unknown>; filter: FilterRules }>((tie) => ({
  operators: fc.oneof(
    { depthSize: 'small', maxDepth: 3 },
    object(fc.constantFrom('$eq', '$ne'), value),
    object(fc.constantFrom('$gt', '$gte', '$lt', '$lte'), fc.constantFrom(0, 1, 2.5, 'a', 'b')),
    object(fc.constantFrom('$in', '$nin', '$all'), fc.array(value, { maxLength: 3 })),
    object(fc.constant('$exists'), fc.boolean()),
    object(fc.constant('$size'), fc.nat(3)),
    object(fc.constant('$not'), tie('operators')),
    object(fc.constant('$elemMatch'), fc.oneof(tie('operators'), tie('filter'))),
    fc.tuple(tie('operators'), tie('operators')).map(([one, other]) => ({ ...one, ...other })),
  ),
  filter: fc.oneof(
    { depthSize: 'small', maxDepth: 3 },
    object(path, fc.oneof(value, tie('operators'))),
    object(fc.constantFrom('$and', '$or', '$nor'), fc.array(tie('filter'), { minLength: 1, maxLength: 3 })),
    fc.tuple(tie('filter'), tie('filter')).map(([one, other]) => ({ ...one, ...other })),
  ),
}));

describe('for any filter and any data', () => {
  it('an explanation is empty exactly when the data matches', () => {
    const seen = { matched: 0, not: 0 };
    fc.assert(
      fc.property(filter, value, (rules, data) => {
        expect(Filter.safeParse(rules).success).toBe(true);
        const { matches, explain } = compileFilter(rules);
        const matched = matches(data);
        seen[matched ? 'matched' : 'not']++;
        const mismatches = explain(data);
        expect(mismatches.length === 0).toBe(matched);
        for (const { message } of mismatches) expect(message).not.toBe('');
      }),
      { numRuns: 2_000 },
    );
    expect(Math.min(seen.matched, seen.not)).toBeGreaterThan(100);
  });

  it('$nor of it matches exactly what it does not, and $and and $or of it alone what it does', () => {
    fc.assert(
      fc.property(filter, value, (rules, data) => {
        const matched = compileFilter(rules).matches(data);
        expect(compileFilter({ $nor: [rules] }).matches(data)).toBe(!matched);
        expect(compileFilter({ $and: [rules] }).matches(data)).toBe(matched);
        expect(compileFilter({ $or: [rules] }).matches(data)).toBe(matched);
      }),
      { numRuns: 1_000 },
    );
  });

  it('what any JSON holds is either read or refused, never thrown at', () => {
    fc.assert(
      fc.property(
        fc.oneof(value, object(fc.oneof(path, fc.string()), fc.jsonValue()), filter),
        (anything) => {
          const parsed = Filter.safeParse(anything);
          if (parsed.success) expect(parsed.data).toBe(anything);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
