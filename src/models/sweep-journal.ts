import { Schema } from 'mongoose';
import { recordOptions } from './options.js';

/** The one record of how far the scheduled sweep is, and of what all sweeps have repaired. */
export interface SweepJournalRecord {
  _id: 'sweep';
  /** The last open delivery that was looked at; empty at the beginning of a round. */
  after?: string;
  /** Deliveries that were seen to since the first start, in all environments, by what was done. */
  repaired?: Record<string, number>;
}

export const sweepJournalSchema = new Schema<SweepJournalRecord>(
  {
    _id: { type: String, required: true },
    after: { type: String },
    repaired: { type: Schema.Types.Mixed },
  },
  recordOptions,
);
