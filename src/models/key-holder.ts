import { Schema } from 'mongoose';
import { recordOptions } from './options.js';

/** A process that runs, and the ids of the encryption keys that it was given. */
export interface KeyHolderRecord {
  _id: string;
  /** For people: host and process id. */
  process: string;
  /** The one that it encrypts with first. */
  keyIds: string[];
  /** It says so again before then; later it counts as ended. */
  expiresAt: Date;
}

export const keyHolderSchema = new Schema<KeyHolderRecord>(
  {
    _id: { type: String, required: true },
    process: { type: String, required: true },
    keyIds: { type: [String], required: true },
    expiresAt: { type: Date, required: true },
  },
  recordOptions,
).index({ expiresAt: 1 }, { expireAfterSeconds: 0 });
