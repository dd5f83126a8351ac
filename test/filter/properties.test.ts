import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { compileFilter, Filter } from '../../src/filter/filter.js';
import { arbitraries, object } from './arbitraries.js';

const { filter, path, value } = arbitraries({
  names: ['a', 'b', '0', '__proto__', 'constructor', 'length', 'hasOwnProperty', 'toString'],
  fields: 3,
});

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
