import type { z } from 'zod';
import { invalid, type FieldError } from '../errors/problem.js';
import '../validation/messages.js';

/** More errors than this nobody reads. */
const mostErrors = 100;

/** Zod's issues as dotted paths and messages for people; each unknown field is named by its own path. */
export function fieldErrors(error: z.ZodError, prefix: readonly PropertyKey[] = []): FieldError[] {
  const errors = error.issues.flatMap((issue) => {
    const path = [...prefix, ...issue.path];
    if (issue.code === 'unrecognized_keys') {
      return issue.keys
        .slice(0, mostErrors)
        .map((key) => ({ path: dotted([...path, key]), message: 'is not a known field' }));
    }
    return [{ path: dotted(path), message: issue.message }];
  });
  return errors.slice(0, mostErrors);
}

/** What `schema` makes of `value`, or a 422 that lists its errors, at most 100. */
export function validate<T extends z.ZodType>(
  schema: T,
  value: unknown,
  prefix: readonly PropertyKey[] = [],
): z.infer<T> {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw invalid(fieldErrors(parsed.error, prefix));
  return parsed.data;
}

function dotted(path: readonly PropertyKey[]): string {
  return path.map(String).join('.');
}
