import { z } from 'zod';
import mongoose, { type Model } from 'mongoose';
import { invalid, type Problem } from '../errors/problem.js';

const defaultLimit = 50;
const largestLimit = 200;
/** Base64 of the longest name and URL, at 3 bytes a character; a request line may have 16 KiB. */
const longestCursor = 12_288;

/** The query parameters that every list takes. */
export const pageQuery = {
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(largestLimit)
    .default(defaultLimit)
    .meta({ description: `rows a page, 1 to ${largestLimit}` }),
  cursor: z.string().max(longestCursor).optional().meta({ description: '`nextCursor` of the page before' }),
};

/** The `sort` parameter of a list: one or several of `fields`, separated by commas, `-` before one turns it round. */
export function sortQuery(fields: readonly string[]): z.ZodOptional<z.ZodString> {
  return z
    .string()
    .refine((text) => isSort(text, fields), {
      error: `must list fields among ${fields.join(', ')}, each once, with - before it for the other direction`,
    })
    .optional()
    .meta({
      description: `${fields.join(', ')}; several with commas, \`-\` for descending`,
      example: `-${fields[0] ?? ''}`,
    });
}

function isSort(text: string, fields: readonly string[]): boolean {
  const names = text.split(',').map((part) => part.replace(/^-/, ''));
  return new Set(names).size === names.length && names.every((name) => fields.includes(name));
}

/** The answer of a list. */
export function pageOf<T extends z.ZodType>(
  item: T,
): z.ZodObject<{ data: z.ZodArray<T>; nextCursor: z.ZodNullable<z.ZodString> }> {
  return z.object({ data: z.array(item), nextCursor: z.string().nullable() });
}

export interface PageRequest {
  limit: number;
  cursor?: string | undefined;
  sort?: string | undefined;
}

type SortKey = readonly [path: string, direction: 1 | -1];

const Cursor = z.tuple([
  z.string(),
  z.array(z.union([z.string(), z.number(), z.boolean(), z.null(), z.object({ $date: z.string() })])),
]);

/**
 * One page of the records that `filter` finds, by keyset: a page costs the same however far in it is, but for rows that
 * share its first key (a batch's time) before it, and rows that come in meanwhile move nothing. `paths` maps the names of `sort` to stored paths.
 */
export async function findPage<T extends { _id: string }>(
  model: Model<T>,
  filter: Record<string, unknown>,
  page: PageRequest,
  options: {
    paths?: Readonly<Record<string, string>>;
    select?: string | Record<string, object | 0 | 1>;
  } = {},
): Promise<{ records: T[]; nextCursor: string | null }> {
  const keys = sortKeys(page.sort, options.paths ?? {});
  const after = page.cursor === undefined ? {} : afterCursor(page.cursor, keys);
  const query = model
    .find({ $and: [filter, after] })
    .sort(Object.fromEntries(keys))
    .limit(page.limit + 1);
  if (options.select !== undefined) query.select(options.select);
  const found = (await query.lean().catch(refuseCursor)) as unknown as T[];
  const records = found.slice(0, page.limit);
  const last = records.at(-1);
  return { records, nextCursor: found.length > page.limit && last ? cursorAfter(last, keys) : null };
}

function sortKeys(sort: string | undefined, paths: Readonly<Record<string, string>>): SortKey[] {
  const keys: SortKey[] = (sort ?? '-createdAt').split(',').map((part) => {
    const name = part.replace(/^-/, '');
    return [paths[name] ?? name, part.startsWith('-') ? -1 : 1];
  });
  return [...keys, ['_id', keys[0]?.[1] ?? -1]];
}

function cursorAfter(record: object, keys: readonly SortKey[]): string {
  const values = keys.map(([path]) => {
    const value = (record as Record<string, unknown>)[path] ?? null;
    return value instanceof Date ? { $date: value.toISOString() } : value;
  });
  return Buffer.from(JSON.stringify([sortName(keys), values])).toString('base64url');
}

function afterCursor(cursor: string, keys: readonly SortKey[]): Record<string, unknown> {
  const values = readCursor(cursor, keys);
  const branches = keys.map(([path, direction], index) => ({
    ...Object.fromEntries(keys.slice(0, index).map(([earlier], at) => [earlier, values[at]])),
    ...beyond(path, direction, values[index]),
  }));
  const [[path, direction]] = keys as [SortKey];
  return { ...from(path, direction, values[0]), $or: branches };
}

/** The plain bound on the first key lets an index start there; `$or` alone would read from the beginning. */
function from(path: string, direction: 1 | -1, value: unknown): Record<string, unknown> {
  if (value === null) return direction === 1 ? {} : { [path]: null };
  // Downwards the rows without a value come last, which `$lte` would leave out.
  return { [path]: direction === 1 ? { $gte: value } : { $not: { $gt: value } } };
}

/** null sorts before every value in MongoDB, and `$gt` and `$lt` do not compare across types. */
function beyond(path: string, direction: 1 | -1, value: unknown): Record<string, unknown> {
  if (direction === 1) return value === null ? { [path]: { $ne: null } } : { [path]: { $gt: value } };
  return value === null ? { _id: null } : { $or: [{ [path]: { $lt: value } }, { [path]: null }] };
}

function readCursor(cursor: string, keys: readonly SortKey[]): unknown[] {
  try {
    const [name, values] = Cursor.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
    if (name !== sortName(keys) || values.length !== keys.length) throw new RangeError('another sort');
    return values.map((value) =>
      value !== null && typeof value === 'object' ? validDate(value.$date) : value,
    );
  } catch {
    throw wrongCursor();
  }
}

/** The filters are valid, so a value that cannot be cast to its field's type is one of the cursor's. */
function refuseCursor(error: unknown): never {
  throw error instanceof mongoose.Error.CastError ? wrongCursor() : error;
}

function wrongCursor(): Problem {
  return invalid([{ path: 'cursor', message: 'must be the nextCursor of a page with the same sort' }]);
}

function validDate(text: string): Date {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) throw new RangeError('not a date');
  return date;
}

function sortName(keys: readonly SortKey[]): string {
  return keys.map(([path, direction]) => `${direction === 1 ? '' : '-'}${path}`).join(',');
}
