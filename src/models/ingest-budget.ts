import { Schema } from 'mongoose';
import { recordOptions } from './options.js';

/** How many events of a tenant have been let in, as a time: each moves it on by its part of a second. Times are in ms since the epoch, by MongoDB's clock. */
export interface IngestBudgetRecord {
  /** See `environmentOwner`. */
  _id: string;
  spentUntil: number;
  /** The last lease: how many events, and how many there were. */
  granted: number;
  room: number;
  expiresAt: Date;
}

export const ingestBudgetSchema = new Schema<IngestBudgetRecord>(
  {
    _id: { type: String, required: true },
    spentUntil: { type: Number, required: true },
    granted: { type: Number, required: true },
    room: { type: Number, required: true },
    expiresAt: { type: Date, required: true },
  },
  recordOptions,
).index({ expiresAt: 1 }, { expireAfterSeconds: 0 });
