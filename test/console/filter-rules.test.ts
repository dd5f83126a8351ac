import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { failedRules, faultsIn, type FilterRules } from '../../web/src/filters/engine.js';
import { describeFilter } from '../../web/src/filters/describe.js';
import { readRules } from '../../web/src/filters/read-rules.js';
import { newGroup, newRule } from '../../web/src/filters/rules.js';
import { samplePaths } from '../../web/src/filters/sample-paths.js';
import { faultsOf, writeRules } from '../../web/src/filters/write-rules.js';

const scalar = fc.oneof(
  fc.constantFrom('High', 'Low', '', '7'),
  fc.integer({ min: -3, max: 9 }),
  fc.boolean(),
  fc.constant(null),
);
const value = fc.oneof(scalar, fc.array(scalar, { maxLength: 2 }), fc.record({ b: scalar }));
const name = fc.constantFrom('a', 'b', 'a.b', 'items.b', 'items');
const operators = fc.record(
  {
    $eq: value,
    $ne: value,
    $gt: fc.constantFrom<number | string>(1, 'High'),
    $lte: fc.constantFrom<number | string>(5, 'Low'),
    $in: fc.array(value, { maxLength: 3 }),
    $nin: fc.array(scalar, { maxLength: 3 }),
    $exists: fc.boolean(),
    $all: fc.array(scalar, { maxLength: 2 }),
    $size: fc.nat(2),
    $not: fc.record({ $gte: fc.integer({ min: 0, max: 5 }) }),
    $elemMatch: fc.record({ b: scalar }),
  },
  { requiredKeys: [] },
);
const operand = fc.oneof(
  value,
  operators.filter((each) => Object.keys(each).length > 0),
);
const fields = fc.dictionary(name, operand, { maxKeys: 3 });
const { filter } = fc.letrec<{ filter: FilterRules }>((tie) => {
  const some = fc.array(tie('filter'), { minLength: 1, maxLength: 2 });
  const nested = fc.record({ $and: some, $or: some, $nor: some }, { requiredKeys: [] });
  return {
    filter: fc.oneof(
      { maxDepth: 3, depthSize: 'small', withCrossShrink: true },
      fields,
      fc.tuple(fields, nested).map(([a, b]) => ({ ...a, ...b })),
    ),
  };
});
const data = fc.record(
  { a: value, b: value, items: fc.array(fc.oneof(fc.record({ b: scalar }), scalar), { maxLength: 3 }) },
  { requiredKeys: [] },
);

describe('the rule builder', () => {
  it('keeps what any filter means', () => {
    fc.assert(
      fc.property(filter, fc.array(data, { minLength: 1, maxLength: 8 }), (given, samples) => {
        // Larger ones come near the most rules that a filter may have, which $and counts towards.
        fc.pre(JSON.stringify(given).length < 350 && faultsIn(given).length === 0);
        const written = writeRules(readRules(given)) ?? {};
        expect(faultsIn(written)).toEqual([]);
        for (const sample of samples) {
          expect(failedRules(written, sample).length === 0).toBe(failedRules(given, sample).length === 0);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('writes a filter of rules that is as it was', () => {
    const given = {
      flow: { $in: ['Delivery', 'Urgent Delivery'] },
      priority: 'High',
      'task.codAmount': { $gte: 100_000, $lt: 500_000 },
      $or: [{ urgent: true }, { 'task.items': { $size: 2 } }],
      'task.items.sku': { $elemMatch: { $gt: 'G' } },
    };
    expect(writeRules(readRules(given))).toEqual(given);
    expect(describeFilter(given)).toBe(
      'flow is one of Delivery, Urgent Delivery and priority is High and task.codAmount is at least 100000 and ' +
        'task.codAmount is less than 500000 and (urgent is true or task.items has the length 2) and ' +
        '{"task.items.sku":{"$elemMatch":{"$gt":"G"}}}',
    );
  });

  it('puts what cannot stand side by side into $and', () => {
    const twice = newGroup('all', [
      { ...newRule(), path: 'tag', text: 'a' },
      { ...newRule(), path: 'tag', text: 'b' },
    ]);
    expect(writeRules(twice)).toEqual({ tag: 'a', $and: [{ tag: 'b' }] });
  });

  it('leaves a group without rules out, which would hold for everything', () => {
    expect(writeRules(newGroup('all', [newGroup('any', [])]))).toBeUndefined();
  });

  it('tells which rules are not whole', () => {
    const group = newGroup('all', [
      newRule(),
      { ...newRule(), path: 'total', type: 'number', text: 'many' },
      { ...newRule(), path: 'total', type: 'number', text: '12' },
    ]);
    expect([...faultsOf(group).values()]).toEqual([
      { field: 'path', message: 'Choose a field' },
      { field: 'value', message: 'A number' },
    ]);
  });
});

it('takes paths from samples and schemas, through lists', () => {
  const samplePayload = { flow: 'Delivery', items: [{ sku: 'A' }, { sku: 'B' }] };
  const schema = {
    properties: { flow: { examples: ['Pickup'] }, priority: { enum: ['Low', 'High'] } },
  };
  expect(samplePaths([{ samplePayload, schema }])).toEqual([
    { path: 'flow', values: ['Delivery', 'Pickup'] },
    { path: 'items', values: [] },
    { path: 'items.sku', values: ['A', 'B'] },
    { path: 'priority', values: ['Low', 'High'] },
  ]);
});
