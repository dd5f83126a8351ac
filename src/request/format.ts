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
 * A body as text. As a form, nested keys stand in brackets and arrays carry their indexes
 * (`account[id]=7&items[0][name]=x`, brackets percent-encoded), as PHP, Rails and qs read them. null is an
 * empty value, true and false are words, an empty array or object has no field. A root that is an array
 * has its indexes as keys; a root that is neither array nor object is the one field `value`.
 */
export function encodeBody(value: JsonValue, format: Format): { contentType: string; body: string } {
  const contentType = contentTypes[format];
  if (format === 'json') return { contentType, body: JSON.stringify(value) };
  const root = typeof value === 'object' && value !== null ? value : { value };
  return { contentType, body: qs.stringify(root, { arrayFormat: 'indices', format: 'RFC1738' }) };
}
