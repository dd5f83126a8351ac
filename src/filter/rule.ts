import { mismatchAt, shown, type Mismatch } from './mismatch.js';
import { someAt } from './path.js';

/** A rule about a whole document: the event's data, or an element of one of its arrays. */
export interface Rule {
  holds(document: unknown): boolean;
  /** Why it does not hold; empty exactly when it does. */
  explain(document: unknown): Mismatch[];
}

/** A rule about one value, wherever in a document it is: an operator with its operand. */
export interface Condition {
  operator: string;
  expected: unknown;
  /** What is asked, after "must": `equal "High"`. */
  must: string;
  /** For a value by itself, such as an element under `$elemMatch`: its own elements are not looked into. */
  holdsFor(value: unknown): boolean;
  holdsAt(document: unknown, path: readonly string[]): boolean;
}

/** How a condition finds the values that it tests. */
export interface Reach {
  /** Whether an array that the path finds stands for its elements too. Default true. */
  elements?: boolean;
  /** Whether no value may pass the test, rather than one of them. Default false. */
  none?: boolean;
}

/** A condition that holds when one value at the path passes `test`; with `none`, when no value does. */
export function condition(
  wording: Pick<Condition, 'operator' | 'expected' | 'must'>,
  test: (value: unknown) => boolean,
  { elements = true, none = false }: Reach = {},
): Condition {
  return {
    ...wording,
    holdsFor: (value) => test(value) !== none,
    holdsAt: (document, path) => someAt(document, path, elements, test) !== none,
  };
}

export function at(path: readonly string[], tested: Condition): Rule {
  const holds = (document: unknown) => tested.holdsAt(document, path);
  return {
    holds,
    explain: (document) => (holds(document) ? [] : [mismatchAt(document, path, tested)]),
  };
}

export function allOf(rules: readonly Rule[]): Rule {
  return {
    holds: (document) => rules.every((rule) => rule.holds(document)),
    explain: (document) => rules.flatMap((rule) => rule.explain(document)),
  };
}

export function anyOf(rules: readonly Rule[], expected: unknown): Rule {
  const holds = (document: unknown) => rules.some((rule) => rule.holds(document));
  return {
    holds,
    explain: (document) => {
      if (holds(document)) return [];
      const alternatives = rules.map((rule) => rule.explain(document));
      const reasons = alternatives.map((failed) => failed.map(({ message }) => message).join(' and '));
      const message = `no alternative of $or holds: ${reasons.join('; or ')}`;
      return [{ path: '', operator: '$or', expected, message, alternatives }];
    },
  };
}

export function noneOf(rules: readonly Rule[], expected: readonly unknown[]): Rule {
  const holding = (document: unknown) => rules.findIndex((rule) => rule.holds(document));
  return {
    holds: (document) => holding(document) === -1,
    explain: (document) => {
      const index = holding(document);
      if (index === -1) return [];
      const message = `${shown(expected[index])} holds, must not, by $nor`;
      return [{ path: '', operator: '$nor', expected, message }];
    },
  };
}
