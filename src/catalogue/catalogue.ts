import { isUtf8 } from 'node:buffer';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { compileEventSchema } from '../event-schemas/event-schema.js';

/** A JSON Schema that `compileEventSchema` accepts. */
const StorableSchema = z.record(z.string(), z.unknown()).superRefine((schema, context) => {
  const compiled = compileEventSchema(schema);
  if (compiled.ok) return;
  for (const { path, message } of compiled.errors) {
    context.addIssue({ code: 'custom', path: path === '' ? [] : [path], message });
  }
});

const CatalogueEventType = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9._-]{1,128}$/),
  label: z.string().min(1).max(200),
  category: z.string().min(1).max(100),
  description: z.string().min(1).max(2_000),
  schema: StorableSchema,
  samplePayload: z.record(z.string(), z.unknown()),
});

/** A pack of event types that can be imported, as a file of `catalogues/` holds it; each name in it is there once. */
export const Catalogue = z.strictObject({
  name: z.string().regex(/^[a-z0-9-]{1,64}$/),
  label: z.string().min(1).max(200),
  description: z.string().min(1).max(2_000),
  eventTypes: z
    .array(CatalogueEventType)
    .min(1)
    .superRefine((eventTypes, context) => {
      const seen = new Set<string>();
      for (const [i, { name }] of eventTypes.entries()) {
        if (seen.has(name))
          context.addIssue({ code: 'custom', path: [i, 'name'], message: `${name} is there twice` });
        seen.add(name);
      }
    }),
});
export type Catalogue = z.infer<typeof Catalogue>;

/** A file of a catalogue directory that is not a catalogue: names the file, and each path and fault in it. */
export class CatalogueError extends Error {
  override name = 'CatalogueError';
}

/**
 * All catalogues of a directory by name, in the order of their names: its `*.json` files, each named after its
 * catalogue. Throws CatalogueError for one that is not valid.
 */
export async function loadCatalogues(directory: string): Promise<Map<string, Catalogue>> {
  const files = (await readdir(directory)).filter((file) => file.endsWith('.json')).toSorted();
  const catalogues = await Promise.all(files.map(async (file) => loadCatalogue(join(directory, file))));
  for (const [i, { name }] of catalogues.entries()) {
    if (files[i] !== `${name}.json`)
      throw new CatalogueError(`${files[i]}: name must be that of the file, is ${name}`);
  }
  return new Map(catalogues.map((catalogue) => [catalogue.name, catalogue]));
}

async function loadCatalogue(file: string): Promise<Catalogue> {
  const parsed = Catalogue.safeParse(parseJson(file, await readText(file)));
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `${path.map(String).join('.')}: ${message}`);
  throw new CatalogueError(`${file} is not a catalogue: ${faults.join('; ')}`);
}

async function readText(file: string): Promise<string> {
  const bytes = await readFile(file).catch((error: Error) => {
    throw new CatalogueError(`${file} cannot be read: ${error.message}`, { cause: error });
  });
  if (!isUtf8(bytes)) throw new CatalogueError(`${file} is not UTF-8`);
  return bytes.toString();
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CatalogueError(`${file} is not JSON: ${(error as Error).message}`, { cause: error });
  }
}
