import { describe, expect, it } from '@jest/globals';
import { Filter, matchesFilter } from '../../src/filter/filter.js';
import { cases } from './cases.js';

describe('a filter matches', () => {
  it.each(cases)('%j on %j: %j', (filter, data, matches) => {
    expect(Filter.safeParse(filter).error).toBeUndefined();
    expect(matchesFilter(filter, data)).toBe(matches);
  });

  it('but for the order of fields, which JSON gives no meaning', () => {
    expect(matchesFilter({ a: { x: 1, y: 2 } }, { a: { y: 2, x: 1 } })).toBe(true);
  });
});
