import qs from 'qs';
import type { JsonValue } from './json-value.js';

/** How a webhook wants its body: `json`, or `form` (application/x-www-form-urlencoded). */
export type Format = 'json' | 'form';

/** The `content-type` of each format. */
export const contentTypes = {
  json: 'application/json',
  form: 'application/x-www-form-urlencoded',
} as const satisfies Record<Format, string>;

/**
 * The longest form, in bytes: sixteen times the largest event. A form repeats on each value the names that lead to it, so
 * data of 256 KiB that is nested on purpose would become gigabytes.
 */
const longestForm = 4 * 1024 * 1024;

/** A body that is longer than any that is sent. */
export class BodyTooLarge extends Error {
  constructor() {
    super(`As a form the body would be longer than ${longestForm / 1024 / 1024} MiB.`);
  }
}

/**
 * A body as text. As a form, nested keys stand in brackets and arrays carry their indexes
 * (`account[id]=7&items[0][name]=x`, brackets percent-encoded), as PHP, Rails and qs read them. null is an
 * empty value, true and false are words, an empty array or object has no field. A root that is an array
 * has its indexes as keys; a root that is neither array nor object is the one field `value`. Throws `BodyTooLarge`
 * before it makes a form of more than 4 MiB.
 */
export function encodeBody(value: JsonValue, format: Format): { contentType: string; body: string } {
  const contentType = contentTypes[format];
  if (format === 'json') return { contentType, body: JSON.stringify(value) };
  const root = typeof value === 'object' && value !== null ? value : { value };
  if (formLength(root, 0) > longestForm) throw new BodyTooLarge();
  return { contentType, body: qs.stringify(root, { arrayFormat: 'indices', format: 'RFC1738' }) };
}

/** The length of a form of this value, or more, where keys begin with `prefix` characters; it stops counting at the limit. */
function formLength(value: JsonValue, prefix: number): number {
  if (typeof value !== 'object' || value === null) return prefix + encodedLength(String(value)) + 2;
  let length = 0;
  for (const [key, inner] of Object.entries(value)) {
    length += formLength(inner, prefix + encodedLength(key) + '%5B%5D'.length);
    if (length > longestForm) break;
  }
  return length;
}

/** Percent-encoding makes at most three characters of a byte. */
function encodedLength(text: string): number {
  return /^[\w.~-]*$/.test(text) ? text.length : 3 * Buffer.byteLength(text);
}
