/** The operators of docs/filters.md in words; `there` and `missing` are the two sides of `$exists`. */
export const operators = {
  $eq: 'is',
  $ne: 'is not',
  $in: 'is one of',
  $nin: 'is none of',
  $gt: 'is greater than',
  $gte: 'is at least',
  $lt: 'is less than',
  $lte: 'is at most',
  there: 'is there',
  missing: 'is missing',
  $all: 'has all of',
  $size: 'has the length',
} as const;

export type Operator = keyof typeof operators;

/** What a value of a rule is. */
export type ValueType = 'text' | 'number' | 'boolean' | 'null' | 'json';

/** What an operator compares with: nothing, one value of some types, a list, a whole number. */
export function shapeOf(operator: Operator): 'none' | 'one' | 'list' | 'count' {
  if (operator === 'there' || operator === 'missing') return 'none';
  if (operator === '$in' || operator === '$nin' || operator === '$all') return 'list';
  return operator === '$size' ? 'count' : 'one';
}

/** The types that an operator compares with: an order is of numbers and texts (times among them). */
export function typesFor(operator: Operator): readonly ValueType[] {
  if (shapeOf(operator) === 'list') return ['text', 'number', 'json'];
  return /^\$[gl]te?$/.test(operator) ? ['text', 'number'] : ['text', 'number', 'boolean', 'null', 'json'];
}
