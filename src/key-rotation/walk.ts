import type { Model, mongo } from 'mongoose';
import type { Models } from '../models/models.js';
import { native } from '../models/native.js';
import { sealedFields, sealedIn, type SealedCollection, type SealedField } from '../models/sealed-fields.js';

/** A record that holds something sealed. */
export interface SealedRecord {
  _id: string;
  fields: SealedField[];
}

/** Records that are read, and written, at once. */
const batchSize = 100;

/** What is sealed in a collection, in batches, in the order of the ids; a record may be changed or go meanwhile. */
export async function* sealedRecords(
  models: Models,
  collection: SealedCollection,
): AsyncGenerator<SealedRecord[]> {
  const fields = Object.keys(sealedFields[collection]).map((path) => path.replace(/\..*/, ''));
  const projection: Record<string, 1> = Object.fromEntries(fields.map((field) => [field, 1 as const]));
  let after = '';
  for (;;) {
    const records = await recordsOf(models, collection)
      .find({ _id: { $gt: after } }, { projection, sort: { _id: 1 }, limit: batchSize })
      .toArray();
    const last = records.at(-1);
    if (!last) return;
    yield records
      .map((record) => ({ _id: record._id, fields: sealedIn(collection, record) }))
      .filter((record) => record.fields.length > 0);
    after = last._id;
  }
}

/** Each collection of the table as one of records of which nothing is known but their id. */
export function recordsOf(models: Models, collection: SealedCollection): mongo.Collection<{ _id: string }> {
  const model: unknown = models[collection];
  return native(model as Model<{ _id: string }>);
}
