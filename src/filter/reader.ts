import { shown } from './mismatch.js';
import { isArrayIndex, isObject } from './path.js';
import { valueOperators } from './operators.js';
import { allOf, anyOf, at, condition, noneOf, type Condition, type Rule } from './rule.js';

/** What keeps a filter small enough to be tried on every event. */
export const filterLimits = {
  /** UTF-8 bytes of the filter as JSON. */
  bytes: 16_384,
  /** Levels of `$and`, `$or`, `$nor`, `$not` and `$elemMatch` inside each other. */
  depth: 8,
  /** Rules: each operator, each filter in `$and`, `$or` and `$nor`, each value of `$all`, and each object or array among the values of `$in` and `$nin`. */
  rules: 100,
  /** Levels of arrays and objects in a value to compare with. */
  valueDepth: 16,
  /** Names in a dotted path. */
  segments: 32,
  /** Names in a dotted path that are whole numbers: each may double the ways through an array of arrays. */
  indexes: 4,
  /** Faults that are told; there may be more. */
  faults: 50,
} as const;

/** A fault in a filter: where, as the names and positions that lead there, and what is wrong. */
export interface FilterFault {
  path: (string | number)[];
  message: string;
}

const everything: Rule = allOf([]);

/** Reads a filter into a rule and lists what is wrong with it; the rule is of use only when the list is empty. */
export function readFilter(filter: unknown): { rule: Rule; faults: FilterFault[] } {
  const reader = new Reader();
  return { rule: reader.document(filter, [], 0), faults: reader.faults };
}

class Reader {
  readonly faults: FilterFault[] = [];
  #rules = 0;

  /** `{"priority": "High", "$or": [...]}`: all of its entries hold. */
  document(filter: unknown, path: FilterFault['path'], depth: number): Rule {
    if (!isPlainObject(filter)) return this.#fault(path, 'must be an object of rules');
    if (depth > filterLimits.depth)
      return this.#fault(path, `is nested deeper than ${filterLimits.depth} levels`);
    return allOf(
      Object.entries(filter).map(([name, operand]) =>
        name.startsWith('$')
          ? this.#logical(name, operand, [...path, name], depth)
          : this.#field(name, operand, [...path, name], depth),
      ),
    );
  }

  #logical(operator: string, operand: unknown, path: FilterFault['path'], depth: number): Rule {
    if (operator !== '$and' && operator !== '$or' && operator !== '$nor') {
      const known =
        Object.hasOwn(valueOperators, operator) || operator === '$not' || operator === '$elemMatch';
      return this.#fault(
        path,
        known ? `stands under a field's name: {"field": {"${operator}": ...}}` : unknown,
      );
    }
    if (!Array.isArray(operand) || operand.length === 0)
      return this.#fault(path, 'must be an array of filters');
    this.#count(path, operand.length);
    const rules = operand.map((filter, i) => this.document(filter, [...path, i], depth + 1));
    if (operator === '$and') return allOf(rules);
    return operator === '$or' ? anyOf(rules, operand) : noneOf(rules, operand);
  }

  #field(name: string, operand: unknown, path: FilterFault['path'], depth: number): Rule {
    const segments = name.split('.');
    const { segments: most, indexes } = filterLimits;
    if (segments.includes('')) return this.#fault(path, 'is not a dotted path: a name in it is empty');
    if (segments.some((segment) => segment.startsWith('$'))) return this.#fault(path, unknown);
    if (segments.length > most) return this.#fault(path, `has more than ${most} names`);
    if (segments.filter(isArrayIndex).length > indexes)
      return this.#fault(path, `has more than ${indexes} numbers`);
    if (!hasOperators(operand))
      return allOf(this.#value('$eq', operand, path).map((one) => at(segments, one)));
    return allOf(this.#conditions(operand, path, depth).map((one) => at(segments, one)));
  }

  /** `{"$gt": 5, "$lt": 9}`: the operators that one value has to pass. */
  #conditions(operators: unknown, path: FilterFault['path'], depth: number): Condition[] {
    if (!isPlainObject(operators) || Object.keys(operators).length === 0) {
      this.#fault(path, 'must be an object of operators');
      return [];
    }
    if (depth > filterLimits.depth) {
      this.#fault(path, `is nested deeper than ${filterLimits.depth} levels`);
      return [];
    }
    return Object.entries(operators).flatMap(([operator, operand]) => {
      const inner = [...path, operator];
      if (operator === '$not') return this.#not(operand, inner, depth);
      if (operator === '$elemMatch') return this.#elemMatch(operand, inner, depth);
      return this.#value(operator, operand, inner);
    });
  }

  #not(operand: unknown, path: FilterFault['path'], depth: number): Condition[] {
    this.#count(path, 1);
    const conditions = this.#conditions(operand, path, depth + 1);
    const negated: Condition = {
      operator: '$not',
      expected: operand,
      must: `not ${conditions.map(({ must }) => must).join(' and ')}`,
      holdsFor: (value) => !conditions.every((one) => one.holdsFor(value)),
      holdsAt: (document, at) => !conditions.every((one) => one.holdsAt(document, at)),
    };
    return [negated];
  }

  /** Its operand is operators for the element itself, or a filter for an element that is an object. */
  #elemMatch(operand: unknown, path: FilterFault['path'], depth: number): Condition[] {
    if (!isPlainObject(operand)) {
      this.#fault(path, 'must be an object of rules or operators');
      return [];
    }
    this.#count(path, 1);
    const test = this.#elementTest(operand, path, depth + 1);
    const wording = {
      operator: '$elemMatch',
      expected: operand,
      must: `have an element with ${shown(operand)}`,
    };
    return [condition(wording, (value) => Array.isArray(value) && value.some(test), { elements: false })];
  }

  #elementTest(operand: unknown, path: FilterFault['path'], depth: number): (element: unknown) => boolean {
    const logical =
      isPlainObject(operand) && Object.keys(operand).some((name) => /^\$(?:and|or|nor)$/.test(name));
    if (hasOperators(operand) && !logical) {
      const conditions = this.#conditions(operand, path, depth);
      return (element) => conditions.every((one) => one.holdsFor(element));
    }
    const rule = this.document(operand, path, depth);
    return (element) => isObject(element) && rule.holds(element);
  }

  #value(operator: string, operand: unknown, path: FilterFault['path']): Condition[] {
    if (!operator.startsWith('$')) {
      this.#fault(path, 'stands beside operators: write a dotted path instead');
      return [];
    }
    const make = Object.hasOwn(valueOperators, operator) ? valueOperators[operator] : undefined;
    if (!make) {
      this.#fault(path, unknown);
      return [];
    }
    const fault = valueFault(operand, 0);
    if (fault !== undefined) {
      this.#fault(path, fault);
      return [];
    }
    this.#count(path, costOf(operator, operand));
    const made = make(operand);
    if (!('mustBe' in made)) return [made];
    this.#fault(path, `must be ${made.mustBe}`);
    return [];
  }

  #count(path: FilterFault['path'], rules: number): void {
    const before = this.#rules;
    this.#rules += rules;
    const most = filterLimits.rules;
    if (before <= most && this.#rules > most)
      this.#fault(path, `is more than the ${most} rules that a filter may have`);
  }

  #fault(path: FilterFault['path'], message: string): Rule {
    if (this.faults.length < filterLimits.faults) this.faults.push({ path, message });
    return everything;
  }
}

const unknown =
  'unknown operator: there are $eq $ne $gt $gte $lt $lte $in $nin $exists $all $elemMatch $size $and $or $nor $not';

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return Object.prototype.toString.call(value) === '[object Object]';
}

function hasOperators(operand: unknown): boolean {
  return isPlainObject(operand) && Object.keys(operand).some((name) => name.startsWith('$'));
}

function costOf(operator: string, operand: unknown): number {
  if (!Array.isArray(operand)) return 1;
  if (operator === '$all') return Math.max(1, operand.length);
  return operator === '$in' || operator === '$nin' ? 1 + operand.filter(isObject).length : 1;
}

function valueFault(value: unknown, depth: number): string | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return undefined;
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : 'must be a finite number';
  if (depth === filterLimits.valueDepth)
    return `holds a value nested deeper than ${filterLimits.valueDepth} levels`;
  if (!Array.isArray(value) && !isPlainObject(value)) return 'must be a JSON value';
  if (!Array.isArray(value) && Object.keys(value).some((name) => name.startsWith('$'))) {
    return 'holds an operator inside a value to compare with: write a dotted path instead';
  }
  for (const inner of Object.values(value)) {
    const fault = valueFault(inner, depth + 1);
    if (fault !== undefined) return fault;
  }
  return undefined;
}
