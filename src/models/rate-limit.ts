import { Schema } from 'mongoose';
import { recordOptions } from './options.js';

/**
 * How much of a limit a deployment has handed out: moments, one after the other, at which something may happen. Times are in ms since the epoch,
 * by MongoDB's clock, with fractions: a limit of 300 a second has a moment each 3.33 ms.
 */
export interface RateLimitRecord {
  /** Of a webhook. */
  _id: string;
  /** The limit that it was handed out by. */
  perSecond: number;
  /** Moments before this were handed out to processes that were about to use them. */
  leasedUntil: number;
  /** What had to wait was given times before this to come again. */
  lineUntil: number;
  /** The last lease: when it was given, */
  leasedAt: number;
  /** its first moment, and how many, */
  first: number;
  granted: number;
  /** the first time to come again, and how many, */
  comeback: number;
  left: number;
  /** and whether others waited then. */
  isLine: boolean;
  expiresAt: Date;
}

export const rateLimitSchema = new Schema<RateLimitRecord>(
  {
    _id: { type: String, required: true },
    perSecond: { type: Number, required: true },
    leasedUntil: { type: Number, required: true },
    lineUntil: { type: Number, required: true },
    leasedAt: { type: Number, required: true },
    first: { type: Number, required: true },
    granted: { type: Number, required: true },
    comeback: { type: Number, required: true },
    left: { type: Number, required: true },
    isLine: { type: Boolean, required: true },
    expiresAt: { type: Date, required: true },
  },
  recordOptions,
).index({ expiresAt: 1 }, { expireAfterSeconds: 0 });
