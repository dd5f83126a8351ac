import { describe, expect, it } from '@jest/globals';
import { compileFilter, Filter } from '../../src/filter/filter.js';

function nested(levels: number): Record<string, unknown> {
  let filter: Record<string, unknown> = { a: 1 };
  for (let level = 0; level < levels; level++) filter = { $and: [filter] };
  return filter;
}

function issuesOf(filter: unknown): string[] {
  const { error } = Filter.safeParse(filter);
  return (error?.issues ?? []).map(({ path, message }) => `${path.map(String).join('.')}: ${message}`);
}

describe('a filter is refused, with the path,', () => {
  it.each<[string, unknown, string]>([
    ['when it is no object', [], ': must be an object of rules'],
    ['when it is null', null, ': must be an object of rules'],
    [
      'with a regular expression',
      { $or: [{ a: 1 }, { priority: { $regex: 'H' } }] },
      '$or.1.priority.$regex: unknown operator',
    ],
    ['with code', { $where: 'sleep(1)' }, '$where: unknown operator'],
    ['with an expression', { $expr: { $gt: ['$a', 1] } }, '$expr: unknown operator'],
    ['with the name of something inherited', { a: { $toString: 1 } }, 'a.$toString: unknown operator'],
    ['with an operator for a field at the top', { $gt: 5 }, '$gt: stands under a field'],
    ['with an operator in a path', { 'a.$b': 5 }, 'a.$b: unknown operator'],
    ['with an operator inside a value', { a: { b: { $gt: 5 } } }, 'a: holds an operator inside a value'],
    ['with a value beside operators', { a: { $gt: 5, b: 1 } }, 'a.b: stands beside operators'],
    ['with an empty name in a path', { 'a..b': 5 }, 'a..b: is not a dotted path'],
    ['with $in of no array', { a: { $in: 'x' } }, 'a.$in: must be an array'],
    ['with $nin of no array', { a: { $nin: {} } }, 'a.$nin: must be an array'],
    ['with $all of no array', { a: { $all: 1 } }, 'a.$all: must be an array'],
    ['with $size of no whole number', { a: { $size: 1.5 } }, 'a.$size: must be a whole number'],
    ['with $size below zero', { a: { $size: -1 } }, 'a.$size: must be a whole number'],
    ['with $exists of no boolean', { a: { $exists: 1 } }, 'a.$exists: must be true or false'],
    ['with $gt of an object', { a: { $gt: {} } }, 'a.$gt: must be a number or a text'],
    ['with $lt of null', { a: { $lt: null } }, 'a.$lt: must be a number or a text'],
    ['with $or of no array', { $or: { a: 1 } }, '$or: must be an array of filters'],
    ['with an empty $or', { $or: [] }, '$or: must be an array of filters'],
    ['with $and of what is no filter', { $and: ['a'] }, '$and.0: must be an object of rules'],
    ['with an empty $not', { a: { $not: {} } }, 'a.$not: must be an object of operators'],
    ['with $not of a value', { a: { $not: 5 } }, 'a.$not: must be an object of operators'],
    [
      'with $elemMatch of a value',
      { a: { $elemMatch: 5 } },
      'a.$elemMatch: must be an object of rules or operators',
    ],
    ['with $elemMatch of nothing', { a: { $elemMatch: undefined } }, 'a.$elemMatch: must be an object'],
    ['with $eq of nothing', { a: { $eq: undefined } }, 'a.$eq: must be a JSON value'],
    ['with a date', { a: new Date(0) }, 'a: must be a JSON value'],
    ['with a regular expression as value', { a: /x/ }, 'a: must be a JSON value'],
    ['with a function', { a: () => true }, 'a: must be a JSON value'],
    ['with a number that JSON has not', { a: Number.NaN }, 'a: must be a finite number'],
    [
      'nested too deeply',
      nested(9),
      '$and.0.$and.0.$and.0.$and.0.$and.0.$and.0.$and.0.$and.0.$and.0: is nested deeper than 8 levels',
    ],
    [
      'with too many rules',
      { $or: Array.from({ length: 60 }, () => ({ a: 1 })) },
      '$or.40.a: is more than the 100 rules',
    ],
    [
      'with too many structures',
      { a: { $in: Array.from({ length: 101 }, () => []) } },
      'a.$in: is more than the 100 rules',
    ],
    ['longer than 16 KiB', { a: 'x'.repeat(16_384) }, ': is longer than 16 KiB'],
    [
      'with a value nested too deeply',
      { a: JSON.parse('['.repeat(50_000) + ']'.repeat(50_000)) as unknown },
      'a: holds a value nested deeper',
    ],
    ['with too many numbers in a path', { 'a.0.1.2.3.4': 1 }, 'a.0.1.2.3.4: has more than 4 numbers'],
    ['with too many names in a path', { ['a.'.repeat(40) + 'b']: 1 }, 'has more than 32 names'],
    [
      'with a fault beside a name that objects inherit',
      JSON.parse('{"__proto__": {"$gte": null}}') as unknown,
      '__proto__.$gte: must be',
    ],
  ])('%s', (_when, filter, issue) => {
    expect(issuesOf(filter)).toContainEqual(expect.stringContaining(issue));
  });

  it('with every fault that it has', () => {
    expect(issuesOf({ a: { $regex: 'x' }, b: { $size: 'x' } })).toHaveLength(2);
  });

  it('and cannot be compiled', () => {
    expect(() => compileFilter({ a: { $regex: 'x' } })).toThrow('filter.a.$regex unknown operator');
  });
});

describe('a filter is taken', () => {
  it('at the limits of depth and rules', () => {
    expect(issuesOf(nested(8))).toEqual([]);
    expect(issuesOf({ $or: Array.from({ length: 50 }, () => ({ a: 1 })) })).toEqual([]);
  });

  it('as it is, a rule on __proto__ included', () => {
    const filter: unknown = JSON.parse('{"__proto__": "High", "a": 1}');
    expect(JSON.stringify(Filter.parse(filter))).toBe('{"__proto__":"High","a":1}');
  });
});
