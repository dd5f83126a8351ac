import type { ReactNode } from 'react';

/** The errors of a field that is shown as one, though the API may tell of its entries (`headers.2.name`); undefined for none. */
export function errorUnder(errors: Readonly<Record<string, ReactNode>>, field: string): string | undefined {
  const told = Object.entries(errors)
    .filter(([path]) => path === field || path.startsWith(`${field}.`))
    .flatMap(([, message]) => (typeof message === 'string' ? [message] : []));
  return told.length === 0 ? undefined : [...new Set(told)].join('; ');
}
