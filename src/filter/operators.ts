import { shown } from './mismatch.js';
import { missing } from './path.js';
import { condition, type Condition, type Reach } from './rule.js';
import { sameJson } from './same-json.js';

/** What an operator makes of its operand: a condition, or what the operand must be. */
type Operator = (expected: unknown) => Condition | { mustBe: string };

/**
 * The operators whose operand is a value, with MongoDB's meaning:
 * https://www.mongodb.com/docs/manual/reference/operator/query/. `null` equals a field that is missing; values
 * of different types are never greater or less than each other; texts, and so ISO 8601 times, compare by their
 * characters.
 */
export const valueOperators: Readonly<Record<string, Operator>> = {
  $eq: (expected) => equality('$eq', expected, [expected], `equal ${shown(expected)}`),
  $ne: (expected) => equality('$ne', expected, [expected], `not equal ${shown(expected)}`, { none: true }),
  $in: (expected) =>
    Array.isArray(expected)
      ? equality('$in', expected, expected, `be one of ${shown(expected)}`)
      : { mustBe: 'an array' },
  $nin: (expected) =>
    Array.isArray(expected)
      ? equality('$nin', expected, expected, `be none of ${shown(expected)}`, { none: true })
      : { mustBe: 'an array' },
  $gt: order('$gt', 'be greater than', (a, b) => a > b),
  $gte: order('$gte', 'be at least', (a, b) => a >= b),
  $lt: order('$lt', 'be less than', (a, b) => a < b),
  $lte: order('$lte', 'be at most', (a, b) => a <= b),
  $exists: (expected) =>
    typeof expected === 'boolean'
      ? condition(
          { operator: '$exists', expected, must: expected ? 'be there' : 'be missing' },
          (value) => value !== missing,
          { elements: false, none: !expected },
        )
      : { mustBe: 'true or false' },
  $size: (expected) =>
    Number.isSafeInteger(expected) && Number(expected) >= 0
      ? condition(
          { operator: '$size', expected, must: `be an array of ${Number(expected)}` },
          (value) => Array.isArray(value) && value.length === expected,
          { elements: false },
        )
      : { mustBe: 'a whole number, 0 or more' },
  $all: (expected) => {
    if (!Array.isArray(expected)) return { mustBe: 'an array' };
    const each = expected.map((value) => equality('$all', value, [value], ''));
    return {
      operator: '$all',
      expected,
      must: `have all of ${shown(expected)}`,
      holdsFor: (value) => each.length > 0 && each.every((one) => one.holdsFor(value)),
      holdsAt: (document, path) => each.length > 0 && each.every((one) => one.holdsAt(document, path)),
    };
  },
};

function equality(
  operator: string,
  expected: unknown,
  values: readonly unknown[],
  must: string,
  reach?: Reach,
): Condition {
  const scalars = new Set(values.filter((value) => typeof value !== 'object' || value === null));
  const structures = values.filter((value) => typeof value === 'object' && value !== null);
  const test = (value: unknown) =>
    typeof value === 'object' && value !== null
      ? structures.some((structure) => sameJson(structure, value))
      : scalars.has(value === missing ? null : value);
  return condition({ operator, expected, must }, test, reach);
}

function order(
  operator: string,
  words: string,
  compare: (a: number | string, b: number | string) => boolean,
): Operator {
  return (expected) => {
    if (typeof expected !== 'number' && typeof expected !== 'string') return { mustBe: 'a number or a text' };
    const test = (value: unknown) =>
      typeof value === typeof expected && compare(value as number | string, expected);
    return condition({ operator, expected, must: `${words} ${shown(expected)}` }, test);
  };
}
