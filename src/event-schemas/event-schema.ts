import { LRUCache } from 'lru-cache';
import { schemaLimits } from './limits.js';
import { readable } from './messages.js';
import { WorkExceeded, type WorkBudget } from './meter.js';
import { readSchema } from './reader.js';
import type { EventSchema, SchemaError } from './schema-error.js';
import { buildValidator, type Validator } from './validator.js';

export { compileEventSchema } from './examination.js';
export type { WorkBudget } from './meter.js';
export type { EventSchema, SchemaError } from './schema-error.js';

/**
 * What keeps `data` from being valid under `schema`: at most 50 errors, none when it is valid. Paths lead into the
 * data, such as `items.0.name`. The work is bounded for any schema and data; when the bound ends the check, that is
 * the error. Throws TypeError for a schema that `compileEventSchema` refuses.
 *
 * @param schemaKey names the schema's text for good, such as an event type's id and revision: what was compiled is
 * kept under it.
 * @param budget the work that is left to all checks of a request (`requestBudget`); by default that of one check.
 */
export function checkPayload(
  schema: EventSchema,
  schemaKey: string,
  data: unknown,
  budget: WorkBudget = { left: schemaLimits.work },
): SchemaError[] {
  const { first, all } = compiled(schema, schemaKey);
  try {
    const errors = first(data, budget);
    if (errors === undefined) return [];
    return listed(completed(all, data, budget) ?? errors);
  } catch (error) {
    return [{ path: '', message: endedBy(error) }];
  }
}

/** The work that all checks of one request may take together: a batch is refused rather than checked for minutes. */
export function requestBudget(): WorkBudget {
  return { left: schemaLimits.requestWork };
}

interface Compiled {
  /** Ends at the first error. */
  first: Validator;
  /** Collects all errors; made when data fails for the first time. */
  all: () => Validator;
}

/** What is compiled takes about thirty times the text of its schema: 2 MiB of text are some 60 MB. */
const cache = new LRUCache<string, Compiled & { size: number }>({
  max: 1_000,
  maxSize: 2 * 1024 * 1024,
  sizeCalculation: ({ size }) => size,
});

/** A list of all errors is worth less work than the answer itself, and holds memory for each. */
const workForAll = schemaLimits.work / 4;

function compiled(schema: EventSchema, schemaKey: string): Compiled {
  const known = cache.get(schemaKey);
  if (known) return known;
  const { metered, faults } = readSchema(schema);
  if (faults.length > 0)
    throw new TypeError(`not a usable schema: ${faults.map(({ message }) => message).join('; ')}`);
  const first = buildValidator(metered, { all: false, work: schemaLimits.work });
  let collecting: Validator | undefined;
  const all = () => (collecting ??= buildValidator(metered, { all: true, work: workForAll }));
  const made = { first, all, size: JSON.stringify(schema).length };
  cache.set(schemaKey, made);
  return made;
}

/** All errors, or undefined where there are more than it is worth to list. */
function completed(all: () => Validator, data: unknown, budget: WorkBudget): ReturnType<Validator> {
  try {
    return all()(data, budget);
  } catch (error) {
    endedBy(error);
    return undefined;
  }
}

function listed(errors: NonNullable<ReturnType<Validator>>): SchemaError[] {
  // `if` only says that what follows it failed, which the errors of `then` or `else` tell.
  const told = errors.filter(({ keyword }) => keyword !== 'if').slice(0, schemaLimits.errors);
  const unique = new Map(told.map(readable).map((error) => [JSON.stringify(error), error]));
  return [...unique.values()];
}

/** Why a check was ended by its bounds. Throws what is not such an end. */
function endedBy(error: unknown): string {
  if (error instanceof WorkExceeded)
    return 'takes too much work to check against the schema of its event type';
  if (error instanceof RangeError)
    return 'is nested too deeply to be checked against the schema of its event type';
  throw error;
}
