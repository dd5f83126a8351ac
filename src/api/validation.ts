import type { z } from 'zod';
import { invalid, type FieldError } from '../errors/problem.js';

/** Zod's issues as dotted paths and messages for people; each unknown field is named by its own path. */
export function fieldErrors(error: z.ZodError, prefix: readonly PropertyKey[] = []): FieldError[] {
  return error.issues.flatMap((issue) => {
    const path = [...prefix, ...issue.path];
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({ path: dotted([...path, key]), message: 'unknown field' }));
    }
    return [{ path: dotted(path), message: issue.message }];
  });
}

/** What `schema` makes of `value`, or a 422 that lists every error. */
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
