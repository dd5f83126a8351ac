import type { Model, mongo } from 'mongoose';
import { native } from './native.js';

/** MongoDB's time in a pipeline, in ms since the epoch: the clocks of processes differ. */
export const mongodbNow = { $toDouble: { $toLong: '$$NOW' } } as const;

/**
 * Leases from the record of a limit: one atomic update, whose `steps` (stages of an aggregation pipeline) say what is granted and
 * what is left. Gives the record after it. Nothing is lost with a lease that a failover forgets: it is for the next seconds.
 */
export async function leaseFrom<T extends { _id: string }>(
  model: Model<T>,
  id: string,
  steps: mongo.Document[],
): Promise<mongo.WithId<T>> {
  const after = await native(model).findOneAndUpdate({ _id: id } as mongo.Filter<T>, steps, {
    upsert: true,
    returnDocument: 'after',
    writeConcern: { w: 1, journal: false },
  });
  if (!after) throw new Error('a lease without an answer');
  return after;
}
