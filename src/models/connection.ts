import mongoose, { type Connection } from 'mongoose';

/** How long a call waits for MongoDB before it answers that it cannot be reached. */
const timeoutMs = 5_000;

/** Connects to MongoDB. A write is acknowledged once a majority has it in its journal. Throws where it cannot be reached. */
export async function connectMongodb(uri: string): Promise<Connection> {
  return mongoose
    .createConnection(uri, {
      dbName: databaseOf(uri),
      serverSelectionTimeoutMS: timeoutMs,
      autoIndex: false,
      autoCreate: false,
      writeConcern: { w: 'majority', journal: true },
    })
    .asPromise();
}

/** The database that the URI names, else `postrider`: never the driver's default, `test`. */
function databaseOf(uri: string): string {
  const [, name] = /^mongodb(?:\+srv)?:\/\/[^/]+\/([^?]+)/.exec(uri) ?? [];
  return name ?? 'postrider';
}
