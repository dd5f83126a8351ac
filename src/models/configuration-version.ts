import { Schema } from 'mongoose';
import { recordOptions } from './options.js';

/** Tells whether what a process remembers of a tenant's configuration still holds. */
export interface ConfigurationVersionRecord {
  /** See `environmentOwner`. */
  _id: string;
  /** Grows in the transaction of each change. */
  version: number;
}

export const configurationVersionSchema = new Schema<ConfigurationVersionRecord>(
  { _id: { type: String, required: true }, version: { type: Number, required: true } },
  recordOptions,
);
