import { Schema } from 'mongoose';
import { recordOptions } from './options.js';
import { keptSeconds } from './webhook-stats.js';

/** What was examined of the events that were published in an environment in one hour, and what was repaired in it. */
export interface LedgerHourRecord {
  /** See `statsId`. */
  _id: string;
  /** Its beginning, UTC. */
  hour: Date;
  /** Events that were examined. */
  events?: number;
  /** Deliveries that they were written with. */
  expected?: number;
  /** Deliveries of these that were there. */
  found?: number;
  /** Events that do not tell how many they were written with, or whose retention was over before they were examined. */
  unrecorded?: number;
  /** Events of the hour that were published before this are in the counts: all change in one write. */
  examinedTo?: Date;
  /** Deliveries that sweeps have seen to in this hour, by what was done. */
  repaired?: Record<string, number>;
}

export const ledgerHourSchema = new Schema<LedgerHourRecord>(
  {
    _id: { type: String, required: true },
    hour: { type: Date, required: true },
    events: { type: Number },
    expected: { type: Number },
    found: { type: Number },
    unrecorded: { type: Number },
    examinedTo: { type: Date },
    repaired: { type: Schema.Types.Mixed },
  },
  recordOptions,
).index({ hour: 1 }, { expireAfterSeconds: keptSeconds });
