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
