import type { FieldChange } from '../models/audit-entry.js';

/** What is known of a thing, by dotted field: `is` tells whether it changed, `shown` is what may be seen of it. Both JSON. */
export type Facts = Readonly<Record<string, { is: string; shown: string }>>;

/** Longer values than this are kept as their beginning. */
const longestShown = 8_192;

/** The facts of a record's fields; `shown` has the same fields with secrets masked. What is null is no fact. */
export function facts(stored: object, shown: object = stored, prefix = ''): Facts {
  const masked = shown as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    Object.entries(stored)
      .filter(([, value]) => value !== null && value !== undefined)
      .map(([name, value]) => [
        prefix + name,
        { is: JSON.stringify(value), shown: JSON.stringify(masked[name]) },
      ]),
  );
}

/** The fact of a field that is stored as JSON text. */
export function jsonFact(field: string, text: string | null): Facts {
  return text === null ? {} : { [field]: { is: text, shown: text } };
}

/** What changed, field by field. A secret that changed is there, masked on both sides. */
export function changesBetween(before: Facts, after: Facts): FieldChange[] {
  const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return fields
    .filter((field) => before[field]?.is !== after[field]?.is)
    .map((field) => ({
      field,
      fromJson: bounded(before[field]?.shown),
      toJson: bounded(after[field]?.shown),
    }));
}

function bounded(json: string | undefined): string | null {
  if (json === undefined) return null;
  return json.length <= longestShown ? json : JSON.stringify(`${json.slice(0, longestShown)}…`);
}
