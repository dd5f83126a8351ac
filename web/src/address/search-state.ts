import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router';

type Value = string | number | boolean | readonly string[];

/** `'newest'` is also any text; `[]` any list of texts. */
type Widen<T> = T extends string
  ? string
  : T extends number
    ? number
    : T extends boolean
      ? boolean
      : readonly string[];

/**
 * State that lives in the address bar, typed by its defaults: `useSearchState({ search: '', status: [] as string[] })`. What
 * equals its default is left out of the address, what cannot be read counts as the default, and `set` leaves the rest of
 * the address alone. It takes the place of the present address unless `push` is set.
 */
export function useSearchState<Defaults extends Readonly<Record<string, Value>>>(
  defaults: Defaults,
): [
  { readonly [Name in keyof Defaults]: Widen<Defaults[Name]> },
  (changes: { [Name in keyof Defaults]?: Widen<Defaults[Name]> }, options?: { push?: boolean }) => void,
] {
  const [parameters, setParameters] = useSearchParams();
  const shape = JSON.stringify(defaults);
  const state = useMemo(() => {
    const read = Object.entries(JSON.parse(shape) as Defaults).map(([name, value]) => [
      name,
      readValue(parameters.getAll(name), value),
    ]);
    return Object.fromEntries(read) as { [Name in keyof Defaults]: Widen<Defaults[Name]> };
  }, [parameters, shape]);
  const set = useCallback(
    (
      changes: { [Name in keyof Defaults]?: Widen<Defaults[Name]> },
      { push = false }: { push?: boolean } = {},
    ) => {
      setParameters(
        (before) => {
          const after = new URLSearchParams(before);
          for (const [name, value] of Object.entries(changes) as [string, Value][]) {
            after.delete(name);
            if (JSON.stringify(value) === JSON.stringify((JSON.parse(shape) as Defaults)[name])) continue;
            for (const each of Array.isArray(value) ? (value as string[]) : [value])
              after.append(name, String(each));
          }
          return after;
        },
        { replace: !push, preventScrollReset: true, flushSync: true },
      );
    },
    [setParameters, shape],
  );
  return [state, set];
}

function readValue(given: readonly string[], value: Value): Value {
  const [first] = given;
  if (first === undefined) return value;
  if (typeof value === 'string') return first;
  if (typeof value === 'number') return Number.isFinite(Number(first)) ? Number(first) : value;
  if (typeof value === 'boolean') return first === 'true';
  return given;
}
