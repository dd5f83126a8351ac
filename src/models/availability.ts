import mongoose from 'mongoose';

const {
  MongoError,
  MongoNetworkError,
  MongoServerSelectionError,
  MongoNotConnectedError,
  MongoTopologyClosedError,
} = mongoose.mongo;

/** What a socket says that the other side has closed: the driver passes it on as it is. */
const closedSocket = new Set(['EPIPE', 'ECONNRESET']);

/** Whether an error says that MongoDB cannot be reached, or is just going or coming, rather than that it refused. */
export function isMongoUnavailable(error: unknown): boolean {
  return (
    error instanceof MongoNetworkError ||
    error instanceof MongoServerSelectionError ||
    error instanceof MongoNotConnectedError ||
    error instanceof MongoTopologyClosedError ||
    error instanceof mongoose.Error.MongooseServerSelectionError ||
    (error instanceof MongoError && error.hasErrorLabel('RetryableWriteError')) ||
    closedSocket.has(String((error as { code?: unknown } | null | undefined)?.code))
  );
}

/** Whether an error is a unique index's: something with that key is there already. */
export function isDuplicateKey(error: unknown): boolean {
  return error instanceof mongoose.mongo.MongoServerError && error.code === 11_000;
}
