/**
 * What keeps a schema, and a check against it, cheap whoever wrote it. The worst compile and the
 * worst check of test/event-schemas/hostile.test.ts take 0.6 s on a slow machine, and 100 MB.
 */
export const schemaLimits = {
  /** UTF-8 bytes of the schema as JSON. */
  bytes: 65_536,
  /** Levels of arrays and objects in the schema. */
  depth: 64,
  /** Schemas in the schema, itself included: a compile takes about 0.5 ms for each. */
  schemas: 1_000,
  /** Characters of one `pattern` or name under `patternProperties`. */
  patternLength: 256,
  /** Instructions of one compiled pattern, and of all of a schema. */
  patternSize: 1_000,
  patternSizes: 5_000,
  /** Errors that are told; there may be more. */
  errors: 50,
  /**
   * Units of work of one check: about one for each keyword and each item or field that it looks at, as `Meter`
   * counts them. A payload of 256 KiB of small objects under an ordinary schema takes about 100,000.
   */
  work: 2_000_000,
  /** Units of all checks of one request. A batch of 8 MiB under ordinary schemas takes about 3 million. */
  requestWork: 10_000_000,
} as const;
