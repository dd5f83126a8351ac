import type { Meter } from './meter.js';

// Bound once, as in meter.ts.
const { isArray } = Array;
const { entries } = Object;
const { stringify } = JSON;

/** Units of work for each value. */
const unitsOfOne = 4;

/** JSON text that is the same for equal values, whatever the order of their fields. Its work is charged to `meter`. */
export function canonicalJson(value: unknown, meter: Pick<Meter, 'charge'>): string {
  if (typeof value !== 'object' || value === null) {
    meter.charge(typeof value === 'string' ? unitsOfOne + (value.length >> 6) : unitsOfOne);
    return value === 0 ? '0' : stringify(value);
  }
  meter.charge(unitsOfOne);
  if (isArray(value)) return `[${value.map((item) => canonicalJson(item, meter)).join(',')}]`;
  const fields = entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, field]) => `${canonicalJson(name, meter)}:${canonicalJson(field, meter)}`).join(',')}}`;
}
