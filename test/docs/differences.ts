import type { Names } from './names.js';

/** Where a real JSON value is not what a page shows, each with its path; none when it fits. */
export function differences(shown: unknown, real: unknown, names: Names, path = ''): string[] {
  if (shown === '…') return [];
  const told = `${path || 'the answer'}: shown ${text(shown)}, is ${text(real)}`;
  if (typeof shown === 'string') return typeof real === 'string' && names.fits(shown, real) ? [] : [told];
  if (typeof shown !== 'object' || shown === null) return Object.is(shown, real) ? [] : [told];
  if (typeof real !== 'object' || real === null || Array.isArray(shown) !== Array.isArray(real))
    return [told];

  const open = Array.isArray(shown) ? shown.at(-1) === '…' : Object.hasOwn(shown, '…');
  const expected = Object.entries(shown as Record<string, unknown>).filter(
    ([key, value]) => !(open && (key === '…' || (Array.isArray(shown) && value === '…'))),
  );
  const actual = new Map(Object.entries(real as Record<string, unknown>));
  const known = new Set(expected.map(([key]) => key));
  const extra = open ? [] : [...actual.keys()].filter((key) => !known.has(key));
  return [
    ...expected.flatMap(([key, value]) =>
      actual.has(key)
        ? differences(value, actual.get(key), names, dotted(path, key))
        : [`${dotted(path, key)} is shown and not there`],
    ),
    ...extra.map((key) => `${dotted(path, key)} is there and not shown: ${text(actual.get(key))}`),
  ];
}

function dotted(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}

function text(value: unknown): string {
  return (JSON.stringify(value) ?? 'missing').slice(0, 300);
}
