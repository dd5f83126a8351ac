import { schemaLimits } from './limits.js';
import { examinePattern } from './patterns.js';
import type { SchemaError } from './schema-error.js';
import { inPlace, keywords, refused } from './vocabulary.js';

/** The keyword that the reader puts into each schema: its units of work besides the size of the value. */
export const workKeyword = 'postriderWork';

const dialect = 'https://json-schema.org/draft/2020-12/schema';

type Path = readonly string[];

/**
 * Reads a schema into a copy that has the known keywords alone, each schema in it with its share of the work, and
 * lists what is wrong with it. Whether the keywords' values are well formed is the meta-schema's to say.
 */
export function readSchema(schema: Readonly<Record<string, unknown>>): {
  metered: object;
  faults: SchemaError[];
} {
  const reader = new Reader();
  const metered = reader.read(schema, []);
  reader.resolve();
  return { metered, faults: reader.faults };
}

class Reader {
  readonly faults: SchemaError[] = [];
  /** Each schema by its JSON pointer, with the pointers of those that it applies to the same value. */
  readonly #applied = new Map<string, string[]>();
  readonly #refs: { path: Path; from: string; ref: string }[] = [];
  #patternSizes = 0;

  read(schema: Readonly<Record<string, unknown>>, path: Path): object {
    const here = pointer(path);
    const applied: string[] = [];
    this.#applied.set(here, applied);
    if (this.#applied.size === schemaLimits.schemas + 1) {
      this.#fault([], `has more than ${schemaLimits.schemas} schemas in it`);
    }
    if (this.#applied.size > schemaLimits.schemas) return {};
    const copy: [string, unknown][] = [];
    let work = 1;
    for (const [keyword, value] of Object.entries(schema)) {
      this.#checkCore(keyword, value, path);
      const holds = keywords.get(keyword);
      if (holds === undefined) continue;
      work += holds === 'value' ? 1 + countOf(value) : 1;
      if (holds === 'value') copy.push([keyword, value]);
      if (holds === 'schema') copy.push([keyword, this.#inner(value, [...path, keyword])]);
      if ((holds === 'list' || holds === 'map') && typeof value === 'object' && value !== null) {
        const inner = Object.entries(value).map(([name, each]): [string, unknown] => [
          name,
          this.#inner(each, [...path, keyword, name]),
        ]);
        work += inner.length;
        copy.push([
          keyword,
          Array.isArray(value) ? inner.map(([, each]) => each) : Object.fromEntries(inner),
        ]);
        if (inPlace.has(keyword)) applied.push(...inner.map(([name]) => pointer([...path, keyword, name])));
      }
      if (holds === 'schema' && inPlace.has(keyword)) applied.push(pointer([...path, keyword]));
      if (keyword === 'pattern') this.#pattern(value, [...path, keyword]);
      if (keyword === 'patternProperties') this.#patterns(value, [...path, keyword]);
      if (keyword === '$ref' && typeof value === 'string') this.#refs.push({ path, from: here, ref: value });
    }
    if (copy.length > 0) copy.push([workKeyword, work]);
    return Object.fromEntries(copy);
  }

  #inner(value: unknown, path: Path): unknown {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      this.#applied.set(pointer(path), []);
      return value;
    }
    return this.read(value as Record<string, unknown>, path);
  }

  #checkCore(keyword: string, value: unknown, path: Path): void {
    const at = [...path, keyword];
    if (refused.has(keyword)) this.#fault(at, 'is not supported: name a schema under $defs and use $ref');
    if (keyword === '$id' && path.length > 0) this.#fault(at, 'stands at the top of a schema only');
    if (keyword === '$schema' && value !== dialect && value !== `${dialect}#`)
      this.#fault(at, `must be ${dialect}`);
  }

  #patterns(value: unknown, path: Path): void {
    if (typeof value !== 'object' || value === null) return;
    for (const name of Object.keys(value)) this.#pattern(name, [...path, name]);
  }

  #pattern(source: unknown, path: Path): void {
    if (typeof source !== 'string' || this.#patternSizes > schemaLimits.patternSizes) return;
    const examined = examinePattern(source);
    if ('fault' in examined) {
      this.#fault(path, examined.fault);
      this.#patternSizes += schemaLimits.patternSize;
      return;
    }
    this.#patternSizes += examined.size;
    if (this.#patternSizes > schemaLimits.patternSizes)
      this.#fault(path, 'is one pattern too many, or too large');
  }

  /** Every `$ref` must name a schema that was read, and none may lead back to itself without going into the value. */
  resolve(): void {
    for (const { path, from, ref } of this.#refs) {
      const target = targetOf(ref);
      if (target === undefined || !this.#applied.has(target)) {
        this.#fault([...path, '$ref'], 'must name a schema of this document, such as #/$defs/address');
      } else {
        this.#applied.get(from)?.push(target);
      }
    }
    const done = new Set<string>();
    for (const start of this.#applied.keys()) {
      if (this.#circles(start, done, new Set())) {
        this.#fault(pathOf(start), 'refers to itself without an end');
        return;
      }
    }
  }

  #circles(at: string, done: Set<string>, open: Set<string>): boolean {
    if (open.has(at)) return true;
    if (done.has(at)) return false;
    open.add(at);
    const found = (this.#applied.get(at) ?? []).some((next) => this.#circles(next, done, open));
    open.delete(at);
    done.add(at);
    return found;
  }

  #fault(path: Path, message: string): void {
    if (this.faults.length < schemaLimits.errors) this.faults.push({ path: path.join('.'), message });
  }
}

function pointer(path: Path): string {
  return path.map((name) => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

function pathOf(text: string): Path {
  return text
    .split('/')
    .slice(1)
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** The JSON pointer of `#/…` (RFC 6901, section 6), or undefined for another reference. */
function targetOf(ref: string): string | undefined {
  if (ref !== '#' && !ref.startsWith('#/')) return undefined;
  try {
    return decodeURIComponent(ref.slice(1));
  } catch {
    return undefined;
  }
}

/** How many values there are in a JSON value. */
function countOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce<number>((count, inner) => count + 1 + countOf(inner), 0);
}
