import type { ClientSession } from 'mongoose';

/**
 * Carries out what somebody asked for: `write` runs in a transaction, in which it is also kept who asked. It may run
 * several times, so what leaves the database comes after it.
 */
export type Commit<T> = (write: (session: ClientSession) => Promise<T>) => Promise<T>;
