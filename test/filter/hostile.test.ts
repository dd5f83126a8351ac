import { describe, expect, it } from '@jest/globals';
import { Filter, compileFilter, type FilterRules } from '../../src/filter/filter.js';
import { cpuTimeMs } from '../support/cpu-time.js';

/** Milliseconds: each takes less than 0.7 s on a slow machine, more on one that is busy, and without the limits minutes or hours. */
const bound = 30_000;

/** A payload has at most 256 KiB: these are the most values that fit. */
const numbers = { a: Array.from({ length: 128_000 }, () => 1) };
const objects = { a: Array.from({ length: 37_000 }, () => ({ b: 1 })) };
const nestedArrays = (levels: number): unknown => JSON.parse('['.repeat(levels) + ']'.repeat(levels));
const many = (rule: FilterRules, count: number) => Array.from({ length: count }, () => rule);

function throughIndexes(): unknown {
  let data: unknown = { 0: Array.from({ length: 30_000 }, () => ({ x: 1 })) };
  for (let level = 0; level < 6; level++) data = { 0: [data] };
  return data;
}

describe('a filter at its limits, on a payload at its limit, is tried and explained soon', () => {
  it.each<[string, FilterRules, unknown]>([
    ['50 rules on all elements', { $and: many({ a: { $gt: 5 } }, 50) }, numbers],
    ['a long $in', { a: { $in: Array.from({ length: 2_700 }, (_, i) => i + 5) } }, numbers],
    ['a wide $all', { a: { $all: Array.from({ length: 100 }, () => 2) } }, numbers],
    ['objects in $in', { a: { $in: Array.from({ length: 99 }, (_, i) => ({ b: i + 5 })) } }, objects],
    ['$or under $elemMatch', { a: { $elemMatch: { $or: many({ b: 2 }, 49) } } }, objects],
    ['many $elemMatch', { $and: many({ a: { $elemMatch: { b: 2 } } }, 33) }, objects],
    ['a path into all elements', { $and: many({ 'a.b': 2 }, 50) }, objects],
    ['indexes through arrays and objects', { $and: many({ '0.0.0.0.x': 2 }, 50) }, throughIndexes()],
    [
      'a deep payload',
      { a: [[[1]]], b: { $elemMatch: { $elemMatch: { $ne: [] } } } },
      { a: nestedArrays(100_000) },
    ],
  ])('%s', (_name, filter, data) => {
    expect(Filter.safeParse(filter).error).toBeUndefined();
    const start = cpuTimeMs();
    const { matches, explain } = compileFilter(filter);
    expect(matches(data)).toBe(false);
    expect(explain(data)).not.toEqual([]);
    expect(cpuTimeMs() - start).toBeLessThan(bound);
  });

  it('and one that is too deep to be read at all is refused', () => {
    const start = cpuTimeMs();
    const deep: unknown = JSON.parse('{"$and":['.repeat(50_000) + '{}' + ']}'.repeat(50_000));
    expect(Filter.safeParse(deep).success).toBe(false);
    expect(cpuTimeMs() - start).toBeLessThan(bound);
  });
});
