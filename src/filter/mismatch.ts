import { missing, someAt } from './path.js';

/** A rule that does not hold for an event's data, and why. */
export interface Mismatch {
  /** Dotted path into the data; empty for `$or` and `$nor` at the top, which speak of the whole of it. */
  path: string;
  /** The operator of the rule, such as `$eq`. */
  operator: string;
  /** The rule's operand, as it was written. */
  expected: unknown;
  /** What the data has at the path: a list where an array on the way gave several, left out where it has nothing,
   * long values cut with `…`. */
  actual?: unknown;
  /** For people: `priority is "Low", must equal "High"`. */
  message: string;
  /** For `$or`: what failed in each alternative, in their order. */
  alternatives?: Mismatch[][];
}

/** Longest text, in characters, that a mismatch repeats of a value. */
const longestShown = 200;
/** Most values, or fields, that are shown of an array or object. */
const mostShown = 10;
/** Levels of arrays and objects that are shown. */
const deepestShown = 3;

/** A value as JSON text, cut to 200 characters. Its cost is bounded for any data, however deep or large. */
export function shown(value: unknown): string {
  const text = JSON.stringify(clipped(value, 0));
  return text.length > longestShown ? `${text.slice(0, longestShown)}…` : text;
}

function clipped(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return clippedText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth === deepestShown) return '…';
  if (Array.isArray(value)) {
    const kept = value.slice(0, mostShown).map((item) => clipped(item, depth + 1));
    return value.length > mostShown ? [...kept, '…'] : kept;
  }
  const fields = Object.entries(value);
  const kept = fields
    .slice(0, mostShown)
    .map(([name, field]) => [clippedText(name), clipped(field, depth + 1)]);
  if (fields.length > mostShown) kept.push(['…', '…']);
  return Object.fromEntries(kept);
}

function clippedText(text: string): string {
  return text.length > longestShown ? `${text.slice(0, longestShown)}…` : text;
}

/** The mismatch of a rule at one path of the data. */
export function mismatchAt(
  document: unknown,
  path: readonly string[],
  rule: { operator: string; expected: unknown; must: string },
): Mismatch {
  const found: unknown[] = [];
  someAt(document, path, false, (value) => {
    if (value !== missing) found.push(value);
    return found.length === mostShown;
  });
  const name = path.join('.');
  const { operator, expected, must } = rule;
  if (found.length === 0) {
    return { path: name, operator, expected, message: `${name} is missing, must ${must}` };
  }
  const actual = found.length === 1 ? found[0] : found;
  return {
    path: name,
    operator,
    expected,
    actual: clipped(actual, 0),
    message: `${name} is ${shown(actual)}, must ${must}`,
  };
}
