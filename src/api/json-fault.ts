import type { FieldError } from '../errors/problem.js';

/** MongoDB takes 100 levels, and code that walks a value level by level needs some bound. */
const deepest = 64;

interface Level {
  readonly value: Readonly<Record<string, unknown>> | readonly unknown[];
  /** Of an object; an array is walked by index, so that a long one costs no memory. */
  readonly keys: readonly string[] | undefined;
  at: number;
}

/**
 * What of a parsed body cannot be kept as it was sent: nesting deeper than 64 levels, or a number that is larger than a
 * double can hold, which `JSON.parse` reads as infinite and JSON cannot write. Walks without recursion, in memory that
 * grows with the depth alone.
 */
export function faultOf(root: unknown): FieldError | undefined {
  const levels: Level[] = [];
  const enter = (value: unknown): string | undefined => {
    if (typeof value === 'number' && !Number.isFinite(value)) return 'is too large a number';
    if (typeof value !== 'object' || value === null) return undefined;
    if (levels.length >= deepest) return `must not be nested deeper than ${deepest} levels`;
    levels.push(levelOf(value));
    return undefined;
  };
  let message = enter(root);
  for (let level = levels.at(-1); level && message === undefined; level = levels.at(-1)) {
    const { value, keys, at } = level;
    level.at += 1;
    if (at >= (keys ?? (value as readonly unknown[])).length) levels.pop();
    else message = enter((value as Record<string, unknown>)[keys?.[at] ?? at]);
  }
  return message === undefined ? undefined : { path: pathOf(levels), message };
}

function levelOf(value: object): Level {
  return Array.isArray(value)
    ? { value: value as unknown[], keys: undefined, at: 0 }
    : { value: value as Record<string, unknown>, keys: Object.keys(value), at: 0 };
}

/** Where the walk stands. */
function pathOf(levels: readonly Level[]): string {
  return levels.map(({ keys, at }) => keys?.[at - 1] ?? String(at - 1)).join('.');
}
