import { Schema } from 'mongoose';
import { recordOptions } from './options.js';

/** Deliveries that statistics have counted alike, whose marks are to be taken away. */
export interface CountedDeliveries {
  ids: string[];
  /** The `statsDue` that they had. */
  from: number;
  /** The last attempt that was counted. */
  to: number;
  /** Whether they were over, and their end was counted. */
  ended: boolean;
}

/** The one record of how far the roll-up of statistics is. */
export interface StatsJournalRecord {
  _id: 'rollUp';
  /** Batches counted so far. */
  turn: number;
  /** The last of them, until its marks are gone. */
  counted: CountedDeliveries[];
  /** When a pass over the events last began. */
  eventsCountedAt?: Date;
}

export const statsJournalSchema = new Schema<StatsJournalRecord>(
  {
    _id: { type: String, required: true },
    turn: { type: Number, required: true },
    counted: { type: Schema.Types.Mixed, required: true },
    eventsCountedAt: { type: Date },
  },
  recordOptions,
);
