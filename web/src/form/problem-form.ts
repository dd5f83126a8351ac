import { useForm, type UseFormInput, type UseFormReturnType } from '@mantine/form';
import { useState } from 'react';
import { problemIn, ProblemError } from '../api/problem.js';

/** A form of `@mantine/form` whose submission is a call of the API. */
export type ProblemForm<Values extends Record<string, unknown>> = UseFormReturnType<Values> & {
  /** What the last submission met that belongs beside no field; show it in a `ProblemNotice`. */
  problem: Error | null;
  submitting: boolean;
  /** A handler for `onSubmit`. Puts each error of a problem beside its field, and moves the focus to the first. */
  submit: (
    save: (values: Values) => Promise<void>,
  ) => (event?: { preventDefault: () => void }) => Promise<void>;
};

/**
 * A form that puts a problem's `errors` beside their fields: a field's name is its dotted path in the body
 * (`headers.0.value`). Errors whose path begins with no field of the form, and other problems, are in `problem`.
 */
export function useProblemForm<Values extends Record<string, unknown>>(
  input: UseFormInput<Values>,
): ProblemForm<Values> {
  const form = useForm<Values>(input);
  const [problem, setProblem] = useState<Error | null>(null);
  const [submitting, setSubmitting] = useState(false);
  const submit: ProblemForm<Values>['submit'] = (save) => async (event) => {
    event?.preventDefault();
    if (form.validate().hasErrors) return;
    setProblem(null);
    setSubmitting(true);
    try {
      await save(form.getValues());
    } catch (error) {
      const { errors } = problemIn(error);
      const fields = Object.keys(form.getValues());
      const beside = errors.filter(({ path }) => fields.includes(path.split('.')[0] ?? ''));
      const placed = beside.map(({ path, message }) => [placeOf(form, path), message] as const);
      form.setErrors(Object.fromEntries(placed));
      const [first] = placed;
      if (first) form.getInputNode(first[0])?.focus();
      if (beside.length === 0 || beside.length < errors.length || !(error instanceof ProblemError)) {
        setProblem(error instanceof Error ? error : new Error(String(error)));
      }
    } finally {
      setSubmitting(false);
    }
  };
  return { ...form, problem, submitting, submit };
}

/** The path under which an error is shown: its own, or, where only parts of a field have inputs (`auth.token`), that of the first of them. */
function placeOf<Values extends Record<string, unknown>>(
  form: UseFormReturnType<Values>,
  path: string,
): string {
  if (form.getInputNode(path)) return path;
  const parts = Object.keys(form.getValues()[path] ?? {}).map((name) => `${path}.${name}`);
  return parts.find((part) => form.getInputNode(part)) ?? path;
}
