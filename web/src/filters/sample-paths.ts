import type { Schema } from '../api/schemas.js';

/** A path into the data of events, and values that it has in samples and schemas. */
export interface SamplePath {
  path: string;
  values: readonly unknown[];
}

const deepest = 8;
const most = 500;

/** The paths that the samples and schemas of event types have, in their order; a path into a list stands for each of its elements. */
export function samplePaths(
  types: readonly Pick<Schema<'EventType'>, 'samplePayload' | 'schema'>[],
): SamplePath[] {
  const paths = new Map<string, unknown[]>();
  for (const { samplePayload, schema } of types) {
    fromValue(paths, '', samplePayload, 0);
    fromSchema(paths, '', schema, 0);
  }
  return [...paths].slice(0, most).map(([path, values]) => ({
    path,
    values: [...new Map(values.map((v) => [JSON.stringify(v), v])).values()],
  }));
}

function add(paths: Map<string, unknown[]>, path: string, values: readonly unknown[]): void {
  if (path !== '') paths.set(path, [...(paths.get(path) ?? []), ...values]);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function under(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

/** Names with a dot, or with none at all, cannot stand in a dotted path. */
function isName(name: string): boolean {
  return name !== '' && !name.includes('.') && !name.startsWith('$');
}

function fromValue(paths: Map<string, unknown[]>, path: string, value: unknown, depth: number): void {
  if (depth > deepest) return;
  if (Array.isArray(value)) {
    add(paths, path, []);
    for (const element of value.slice(0, 5)) fromValue(paths, path, element, depth + 1);
  } else if (isObject(value)) {
    for (const [name, inner] of Object.entries(value)) {
      if (isName(name)) fromValue(paths, under(path, name), inner, depth + 1);
    }
  } else if (value !== undefined && value !== null) add(paths, path, [value]);
}

function fromSchema(paths: Map<string, unknown[]>, path: string, schema: unknown, depth: number): void {
  if (depth > deepest || !isObject(schema)) return;
  const { properties, items, enum: allowed, examples } = schema;
  if (isObject(properties)) {
    for (const [name, inner] of Object.entries(properties)) {
      if (isName(name)) fromSchema(paths, under(path, name), inner, depth + 1);
    }
  } else if (items !== undefined) {
    add(paths, path, []);
    fromSchema(paths, path, items, depth + 1);
  } else {
    add(
      paths,
      path,
      [allowed, examples].flatMap((each) => (Array.isArray(each) ? (each as unknown[]) : [])),
    );
  }
}
