/**
 * What every collection's schema has in common. Indexes are made once, by `ensureIndexes`, and never behind
 * a query's back; a record's own `revision` does what mongoose's version key would.
 */
export const recordOptions = {
  versionKey: false,
  autoIndex: false,
  autoCreate: false,
  minimize: false,
} as const;

/** A record inside a record: it has no id of its own. */
export const embeddedOptions = { _id: false } as const;

/**
 * The filter of an index over those records alone that have a text at `path`. It is a comparison because MongoDB's planner
 * finds equality and `$in` within one, and never within a `$type`: such an index would be there and not be used.
 */
export function withText(path: string): { partialFilterExpression: Record<string, { $gte: string }> } {
  return { partialFilterExpression: { [path]: { $gte: '' } } };
}
