import { z } from 'zod';
import type { Mismatch } from './mismatch.js';
import { filterLimits, readFilter, type FilterFault } from './reader.js';

export type { Mismatch } from './mismatch.js';

/**
 * Rules over an event's data in MongoDB's query language, with the operators `$eq $ne $gt $gte $lt $lte $in $nin
 * $exists $all $elemMatch $size $and $or $nor $not` and nothing else: no code, no regular expressions. Limits are
 * in `filterLimits`. The reader is our own: what exists in npm (mingo, sift) reads inherited properties, throws on
 * data such as `{"hasOwnProperty": 1}`, and differs from MongoDB for arrays inside arrays.
 */
export type FilterRules = Readonly<Record<string, unknown>>;

/** A subscription's filter as clients write it. An empty one matches everything. */
export const Filter = z
  .unknown()
  .superRefine((value, context) => {
    for (const { path, message } of faultsOf(value)) context.addIssue({ code: 'custom', path, message });
  })
  .meta({
    id: 'Filter',
    type: 'object',
    additionalProperties: true,
    description: "Rules over the event's data, in MongoDB's query language; a bare value means equality.",
    example: { flow: 'Delivery', priority: { $in: ['High', 'Urgent'] } },
  }) as unknown as z.ZodType<FilterRules>;

/** A filter made ready to be tried on many events. */
export interface CompiledFilter {
  matches: (data: unknown) => boolean;
  /** The rules that fail; empty exactly when the data matches. */
  explain: (data: unknown) => Mismatch[];
}

/** Throws TypeError for a filter that `Filter` refuses. */
export function compileFilter(filter: FilterRules): CompiledFilter {
  const { rule, faults } = readFilter(filter);
  const [fault] = faults;
  if (fault) throw new TypeError(`filter.${fault.path.join('.')} ${fault.message}`);
  return { matches: (data) => rule.holds(data), explain: (data) => rule.explain(data) };
}

/** Whether an event's data passes a filter that `Filter` has validated. Never throws for any JSON data. */
export function matchesFilter(filter: FilterRules, data: unknown): boolean {
  return compileFilter(filter).matches(data);
}

/** Which rules of a validated filter fail for an event's data; empty exactly when it matches. */
export function explainFilter(filter: FilterRules, data: unknown): Mismatch[] {
  return compileFilter(filter).explain(data);
}

function faultsOf(value: unknown): FilterFault[] {
  const { faults } = readFilter(value);
  if (faults.length > 0) return faults;
  return Buffer.byteLength(JSON.stringify(value)) > filterLimits.bytes
    ? [{ path: [], message: `is longer than ${filterLimits.bytes / 1024} KiB` }]
    : [];
}
