import { isWithinDepth, maxPayloadDepth } from './json-value.js';
import { maxTemplateDepth } from './payload-template.js';
import type { JsonValue } from './json-value.js';

/** What the placeholders of a template can name: four words, and any path into `data`. */
export interface TemplateContext {
  eventName: string;
  eventId: string;
  deliveryId: string;
  currentDateTime: Date;
  data: JsonValue;
}

/** A rendered template, and the placeholders that found nothing: each once, in the order of the template. */
export interface RenderedTemplate {
  value: JsonValue;
  missing: string[];
}

/** `{{`, `}}`, or `{path}`: names of letters, marks, digits, `_`, `-`, `$` and `@`, joined by dots. */
const token = /\{\{|\}\}|\{([\p{L}\p{M}\p{N}_$@-]+(?:\.[\p{L}\p{M}\p{N}_$@-]+)*)\}/gu;
/** A path as it stands between the braces. */
export const placeholderPath = /^[\p{L}\p{M}\p{N}_$@-]+(?:\.[\p{L}\p{M}\p{N}_$@-]+)*$/u;
const onePlaceholder = new RegExp(`^(?:${token.source})$`, 'u');
const arrayIndex = /^(?:0|[1-9]\d{0,9})$/;

/** What placeholders may add to one body, in characters of JSON: four times the largest event. */
const maxInserted = 1024 * 1024;

/**
 * Replaces the placeholders in a template's strings; keys stay as they are.
 *
 * - A string that is one placeholder takes the value with its JSON type; inside longer text a string is
 *   put in as it is, null as nothing, anything else as JSON text.
 * - `{eventName}`, `{eventId}`, `{deliveryId}` and `{currentDateTime}` (ISO 8601, UTC) come first; any other
 *   path leads into `data`: own properties of objects and indexes of arrays (`{items.0.name}`).
 * - What is missing becomes null, or nothing inside text. So does every value from the one on that takes the
 *   inserted values past 1 MiB in all. Data that is nested deeper than a payload may be counts as null.
 * - `{{` and `}}` are one brace each. Every other brace is text: `{ a }`, `{}` and `{open` stay as they are.
 *
 * It never throws, and takes time in proportion to the template and what it inserts. What lies deeper in
 * the template than `PayloadTemplate` allows is left as it is.
 */
export function renderTemplate(template: JsonValue, context: TemplateContext): RenderedTemplate {
  const missing = new Set<string>();
  const data = isWithinDepth(context.data, maxPayloadDepth) ? context.data : null;
  let room = maxInserted;

  const insert = (path: string): JsonValue => {
    const value = room > 0 ? valueAt(path, { ...context, data }) : undefined;
    if (value !== undefined) {
      room -= JSON.stringify(value).length;
      if (room >= 0) return value;
    }
    missing.add(path);
    return null;
  };

  const text = (match: string, path: string | undefined): string => {
    if (path === undefined) return match.charAt(0);
    const value = insert(path);
    if (value === null) return '';
    return typeof value === 'string' ? value : JSON.stringify(value);
  };

  const render = (node: JsonValue, depth: number): JsonValue => {
    if (typeof node === 'string') {
      const path = onePlaceholder.exec(node)?.[1];
      return path === undefined ? node.replace(token, text) : insert(path);
    }
    if (typeof node !== 'object' || node === null || depth === 0) return node;
    if (Array.isArray(node)) return node.map((inner) => render(inner, depth - 1));
    return Object.fromEntries(Object.entries(node).map(([key, inner]) => [key, render(inner, depth - 1)]));
  };

  return { value: render(template, maxTemplateDepth), missing: [...missing] };
}

function valueAt(path: string, context: TemplateContext): JsonValue | undefined {
  switch (path) {
    case 'eventName':
    case 'eventId':
    case 'deliveryId':
      return context[path];
    case 'currentDateTime':
      return context.currentDateTime.toISOString();
    default:
      return valueIn(context.data, path);
  }
}

/** What a dotted path leads to: own properties of objects and indexes of arrays; undefined where it leads nowhere. */
export function valueIn(data: JsonValue, path: string): JsonValue | undefined {
  return path.split('.').reduce(step, data as JsonValue | undefined);
}

function step(value: JsonValue | undefined, name: string): JsonValue | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value)) return arrayIndex.test(name) ? value[Number(name)] : undefined;
  return Object.hasOwn(value, name) ? value[name] : undefined;
}
