import type { Mismatch } from '../../../src/filter/mismatch.js';
import { readFilter, type FilterFault } from '../../../src/filter/reader.js';

export type { Mismatch } from '../../../src/filter/mismatch.js';

/** A filter as the API takes it. */
export type FilterRules = Readonly<Record<string, unknown>>;

/** What the API would find wrong with a filter; nothing for one that it takes. */
export function faultsIn(filter: unknown): FilterFault[] {
  return readFilter(filter).faults;
}

/**
 * Which rules of a filter fail for an event's data; empty exactly when it passes. It is the code by which events are
 * delivered, so a try-out needs no call and cannot differ.
 */
export function failedRules(filter: FilterRules, data: unknown): Mismatch[] {
  return readFilter(filter).rule.explain(data);
}
