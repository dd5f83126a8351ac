import { Schema } from 'mongoose';
import { embeddedOptions, recordOptions } from './options.js';

/** Which processes hold how much of a webhook's `maxConcurrency`. */
export interface ConcurrencyShareRecord {
  /** Of a webhook. */
  _id: string;
  /** `until` is in ms since the epoch, by MongoDB's clock: what a process has not renewed by then is anyone's. */
  shares: { holder: string; count: number; until: number }[];
  expiresAt: Date;
}

export const concurrencyShareSchema = new Schema<ConcurrencyShareRecord>(
  {
    _id: { type: String, required: true },
    shares: {
      type: [new Schema({ holder: String, count: Number, until: Number }, embeddedOptions)],
      required: true,
    },
    expiresAt: { type: Date, required: true },
  },
  recordOptions,
).index({ expiresAt: 1 }, { expireAfterSeconds: 0 });
