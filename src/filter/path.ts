/**
 * Dotted paths into JSON, walked as MongoDB's query language walks them:
 * https://www.mongodb.com/docs/manual/tutorial/query-array-of-documents/.
 * Own properties alone are read, so no name in a path or in the data reaches a prototype.
 */

// Bound once: looking up a global costs more than the call, by far where a host intercepts it, as node:vm does.
const { isArray } = Array;
const { hasOwn } = Object;

/** What a path finds where a field is not there. */
export const missing: unique symbol = Symbol('missing');

/** Looks at a value that a path found; true ends the walk. */
type Visit = (value: unknown) => boolean;

const arrayIndex = /^(?:0|[1-9]\d{0,8})$/;

export function isArrayIndex(segment: string): boolean {
  return arrayIndex.test(segment);
}

/**
 * True as soon as `visit` is true for something at `path` in `document`. An array on the way stands for each
 * object in it and, for an index, for that element. With `elements`, an array at the end of the path is
 * visited and then each of its elements, unless the path named the array by its index.
 */
export function someAt(document: unknown, path: readonly string[], elements: boolean, visit: Visit): boolean {
  return atField(document, path, 0, elements, visit);
}

function atField(
  container: unknown,
  path: readonly string[],
  depth: number,
  elements: boolean,
  visit: Visit,
): boolean {
  const found = child(container, path[depth] ?? '');
  return found === missing ? visit(missing) : atValue(found, path, depth + 1, elements, visit);
}

function atValue(
  value: unknown,
  path: readonly string[],
  depth: number,
  elements: boolean,
  visit: Visit,
): boolean {
  if (depth === path.length) return visit(value) || (elements && isArray(value) && value.some(visit));
  if (!isArray(value)) {
    return isObject(value) ? atField(value, path, depth, elements, visit) : visit(missing);
  }
  const inElements = value.some(
    (element) => isObject(element) && !isArray(element) && atField(element, path, depth, elements, visit),
  );
  if (inElements) return true;
  const element = child(value, path[depth] ?? '');
  if (depth + 1 === path.length) return element !== missing && visit(element);
  return isObject(element) && atValue(element, path, depth + 1, elements, visit);
}

function child(container: unknown, name: string): unknown {
  if (isArray(container)) {
    return isArrayIndex(name) && Number(name) < container.length
      ? (container[Number(name)] as unknown)
      : missing;
  }
  return isObject(container) && hasOwn(container, name) ? container[name] : missing;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
