import * as fc from 'fast-check';
import type { FilterRules } from '../../src/filter/filter.js';

/** An object of one field. */
export const object = (key: fc.Arbitrary<string>, held: fc.Arbitrary<unknown>) =>
  fc.tuple(key, held).map((entry) => Object.fromEntries([entry]));

/** Filters, paths and JSON values over a few names, so that they often meet; objects have at most `fields` fields. */
export function arbitraries({ names, fields }: { names: string[]; fields: number }) {
  const name = fc.constantFrom(...names);
  const scalar = fc.constantFrom(null, 0, 1, 2.5, '', 'a', 'b', true, false);
  const value = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', maxDepth: 4 },
      { weight: 3, arbitrary: scalar },
      fc.array(tie('value'), { maxLength: 3 }),
      fc
        .array(fc.tuple(name, tie('value')), { maxLength: fields })
        .map((fields) => Object.fromEntries(fields)),
    ),
  })).value;
  const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join('.'));
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
  return { filter, path, value };
}
