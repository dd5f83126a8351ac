/** What JSON can say (RFC 8259), as `JSON.parse` gives it. */
export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };

/**
 * The deepest nesting that a payload may have, far below what `JSON.stringify` can walk (some thousands):
 * what passes `isWithinDepth(value, maxPayloadDepth)` can be rendered, encoded and stored without fear.
 */
export const maxPayloadDepth = 128;

/** Whether arrays and objects nest at most `depth` deep; a scalar has depth 0. Safe for a value of any depth. */
export function isWithinDepth(value: JsonValue, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return depth > 0 && Object.values(value).every((inner) => isWithinDepth(inner, depth - 1));
}
