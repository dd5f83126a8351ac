// Bound once, as in path.ts.
const { isArray } = Array;
const { hasOwn, keys } = Object;

/** Whether two JSON values are equal. The order of an object's fields does not count, as JSON gives it no meaning. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (isArray(a) || isArray(b)) {
    return isArray(a) && isArray(b) && a.length === b.length && a.every((item, i) => sameJson(item, b[i]));
  }
  const names = keys(a);
  if (names.length !== keys(b).length) return false;
  return names.every(
    (name) =>
      hasOwn(b, name) && sameJson((a as Record<string, unknown>)[name], (b as Record<string, unknown>)[name]),
  );
}
