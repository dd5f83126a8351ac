import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { schemaLimits } from './limits.js';
import { readable } from './messages.js';
import { readSchema } from './reader.js';
import type { EventSchema, SchemaError } from './schema-error.js';
import { buildValidator } from './validator.js';

/**
 * Whether a schema can be stored: well-formed JSON Schema 2020-12, within `schemaLimits`, with no `$ref` out of the
 * document, none that circles, and patterns that RE2 can run. Paths lead into the schema.
 */
export function compileEventSchema(schema: unknown): { ok: true } | { ok: false; errors: SchemaError[] } {
  const errors = faultsOf(schema);
  return errors.length === 0 ? { ok: true } : { ok: false, errors };
}

function faultsOf(schema: unknown): SchemaError[] {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) {
    return [{ path: '', message: 'must be a JSON Schema, an object' }];
  }
  const { bytes, depth, errors } = schemaLimits;
  if (deeperThan(schema, depth)) return [{ path: '', message: `is nested deeper than ${depth} levels` }];
  if (Buffer.byteLength(JSON.stringify(schema)) > bytes) {
    return [{ path: '', message: `is longer than ${bytes / 1024} KiB` }];
  }
  const { metered, faults } = readSchema(schema as EventSchema);
  if (faults.length > 0) return faults;
  const wellFormed = metaSchema();
  if (!wellFormed(schema)) {
    const wrong = (wellFormed.errors ?? []).slice(0, errors).map(readable);
    return wrong.filter(
      ({ path, message }, i) => wrong.findIndex((e) => e.path === path && e.message === message) === i,
    );
  }
  try {
    buildValidator(metered, { all: false, work: schemaLimits.work });
    return [];
  } catch (error) {
    return [
      { path: '', message: `cannot be used: ${error instanceof Error ? error.message : String(error)}` },
    ];
  }
}

let metaValidate: ValidateFunction | undefined;

function metaSchema(): ValidateFunction {
  if (metaValidate) return metaValidate;
  const ajv = new Ajv2020({ allErrors: true, strict: false, logger: false });
  addFormats.default(ajv);
  const found = ajv.getSchema('https://json-schema.org/draft/2020-12/schema');
  if (!found) throw new Error('Ajv has lost the meta-schema of JSON Schema 2020-12');
  return (metaValidate = found);
}

function deeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => deeperThan(inner, levels - 1));
}
