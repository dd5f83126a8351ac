import type { JsonValue } from '../request/json-value.js';

/** An event is found by so many values of its data. */
const mostValues = 16;
/** Values of the data that are looked at, so that a large event costs no more than a small one. */
const mostLookedAt = 500;

/** 3 to 64 characters with a digit among them, no spaces. */
const identifier = /^(?=\S*\d)\S{3,64}$/;
const date = /^\d{4}-\d\d-\d\d(?:T.*)?$/;
const decimal = /^[+-]?\d+[.,]\d+$/;
const smallest = 100;

/**
 * What an event can be found by: values of its data that look like the number or id of something, as
 * `findableText` writes them; those that stand highest in the data first.
 */
export function identifiersOf(data: JsonValue): string[] {
  const found = new Set<string>();
  const queue: JsonValue[] = [data];
  for (let at = 0; at < queue.length && at < mostLookedAt && found.size < mostValues; at += 1) {
    const value = queue[at];
    if (typeof value === 'string' && isIdentifier(value)) found.add(findableText(value));
    else if (typeof value === 'number' && Number.isSafeInteger(value) && value >= smallest) {
      found.add(String(value));
    } else if (typeof value === 'object' && value !== null) {
      for (const child of Object.values(value)) {
        if (queue.length === mostLookedAt) break;
        queue.push(child);
      }
    }
  }
  return [...found];
}

/** A value in the one form in which it is stored and looked for: upper and lower case are the same. */
export function findableText(value: string): string {
  return value.toLowerCase();
}

function isIdentifier(text: string): boolean {
  return text.length <= 64 && identifier.test(text) && !date.test(text) && !decimal.test(text);
}
