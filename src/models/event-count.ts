import { Schema } from 'mongoose';
import { recordOptions } from './options.js';
import { keptSeconds } from './webhook-stats.js';

/** How many events were published in an environment in one hour. */
export interface EventCountRecord {
  /** See `statsId`. */
  _id: string;
  /** Its beginning, UTC. */
  hour: Date;
  count: number;
  /** Events of the hour that were published before this are in `count`: both change in one write. */
  countedTo: Date;
}

export const eventCountSchema = new Schema<EventCountRecord>(
  {
    _id: { type: String, required: true },
    hour: { type: Date, required: true },
    count: { type: Number, required: true },
    countedTo: { type: Date, required: true },
  },
  recordOptions,
).index({ hour: 1 }, { expireAfterSeconds: keptSeconds });
