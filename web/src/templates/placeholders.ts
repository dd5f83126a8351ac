/** A placeholder that a template can hold, with what it would become. */
export interface Placeholder {
  path: string;
  value: unknown;
}

/** Deeper and more than these nobody picks from a list. */
const mostDeep = 6;
const mostPaths = 200;

/** What Postrider itself knows of a delivery. */
const own: readonly Placeholder[] = [
  { path: 'eventName', value: 'the event’s type' },
  { path: 'eventId', value: 'the event’s id' },
  { path: 'deliveryId', value: 'the delivery’s id' },
  { path: 'currentDateTime', value: 'the time, ISO 8601 in UTC' },
];

/** The placeholders that find something in the data of an event: each path, of arrays the first entry. */
export function placeholdersOf(data: unknown): { own: readonly Placeholder[]; data: readonly Placeholder[] } {
  const found: Placeholder[] = [];
  const walk = (value: unknown, path: string, depth: number): void => {
    if (found.length >= mostPaths) return;
    if (path !== '') found.push({ path, value });
    if (typeof value !== 'object' || value === null || depth === mostDeep) return;
    const entries = Array.isArray(value)
      ? value.slice(0, 1).map((each) => ['0', each] as const)
      : Object.entries(value);
    for (const [name, inner] of entries) {
      // What is no name of a placeholder cannot be reached by one.
      if (/^[\p{L}\p{M}\p{N}_$@-]+$/u.test(name))
        walk(inner, path === '' ? name : `${path}.${name}`, depth + 1);
    }
  };
  walk(data, '', 0);
  return { own, data: found };
}
