import { describe, expect, it } from '@jest/globals';
import { explainFilter } from '../../src/filter/filter.js';

const messages = (filter: Record<string, unknown>, data: unknown) =>
  explainFilter(filter, data).map(({ message }) => message);

describe('an explanation', () => {
  it('is empty when the data matches', () => {
    expect(explainFilter({ priority: 'High' }, { priority: 'High' })).toEqual([]);
  });

  it('names path, operator, what was expected and what is there', () => {
    expect(explainFilter({ priority: 'High' }, { priority: 'Low' })).toEqual([
      {
        path: 'priority',
        operator: '$eq',
        expected: 'High',
        actual: 'Low',
        message: 'priority is "Low", must equal "High"',
      },
    ]);
  });

  it('tells each rule that fails, and none that holds', () => {
    expect(
      messages(
        { flow: 'Delivery', priority: 'High', total: { $gte: 5, $lt: 3 } },
        { flow: 'Delivery', total: 4 },
      ),
    ).toEqual([
      'priority is missing, must equal "High"',
      'total is 4, must be at least 5',
      'total is 4, must be less than 3',
    ]);
  });

  it.each<[Record<string, unknown>, unknown, string]>([
    [{ a: { $ne: 1 } }, { a: 1 }, 'a is 1, must not equal 1'],
    [{ a: { $in: ['x', 'y'] } }, { a: 'z' }, 'a is "z", must be one of ["x","y"]'],
    [{ a: { $nin: ['x', 'y'] } }, { a: 'x' }, 'a is "x", must be none of ["x","y"]'],
    [{ a: { $gt: 5 } }, { a: '9' }, 'a is "9", must be greater than 5'],
    [{ a: { $lte: 5 } }, { a: 9 }, 'a is 9, must be at most 5'],
    [{ a: { $exists: true } }, {}, 'a is missing, must be there'],
    [{ a: { $exists: false } }, { a: null }, 'a is null, must be missing'],
    [{ a: { $size: 2 } }, { a: [1] }, 'a is [1], must be an array of 2'],
    [{ a: { $all: [1, 2] } }, { a: [1] }, 'a is [1], must have all of [1,2]'],
    [{ a: { $not: { $gt: 5, $lt: 9 } } }, { a: 7 }, 'a is 7, must not be greater than 5 and be less than 9'],
    [{ a: { $elemMatch: { b: 1 } } }, { a: [{ b: 2 }] }, 'a is [{"b":2}], must have an element with {"b":1}'],
    [{ 'items.sku': 'C' }, { items: [{ sku: 'A' }, { sku: 'B' }] }, 'items.sku is ["A","B"], must equal "C"'],
    [{ $nor: [{ a: 1 }, { b: 2 }] }, { b: 2 }, '{"b":2} holds, must not, by $nor'],
    [
      { $or: [{ a: 1 }, { b: 2, c: 3 }] },
      { a: 2, b: 1 },
      'no alternative of $or holds: a is 2, must equal 1; or b is 1, must equal 2 and c is missing, must equal 3',
    ],
  ])('of %j on %j: %s', (filter, data, message) => {
    expect(messages(filter, data)).toEqual([message]);
  });

  it('has what failed in each alternative of $or', () => {
    const [mismatch] = explainFilter({ $or: [{ a: 1 }, { $and: [{ b: 2 }, { c: 3 }] }] }, { c: 3 });
    expect(mismatch?.alternatives?.map((failed) => failed.map(({ path }) => path))).toEqual([['a'], ['b']]);
  });

  it('cuts long values', () => {
    const [mismatch] = explainFilter(
      { a: 'x' },
      { a: [Array.from({ length: 50 }, () => 'y'.repeat(1_000)), { b: { c: { d: 1 } } }] },
    );
    expect(mismatch?.message.length).toBeLessThan(300);
    expect(JSON.stringify(mismatch?.actual).length).toBeLessThan(3_000);
  });
});
