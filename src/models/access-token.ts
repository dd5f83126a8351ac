import { Schema } from 'mongoose';
import { embeddedOptions, recordOptions } from './options.js';
import type { Sealed } from '../crypto/key-ring.js';

/** An OAuth access token that deliveries share until shortly before it expires. */
export interface AccessTokenRecord {
  /** A hash of who asks and with what, so that a changed credential never gets an old token. */
  _id: string;
  token: Sealed | null;
  /** Valid until then; null when unknown or dropped. */
  validUntil: Date | null;
  /** One of the many that ask fetches, and has until then. */
  leaseUntil: Date | null;
  /** The outcome of the last fetch that failed, for those that waited for it. */
  failure: { message: string; at: Date } | null;
  expiresAt: Date;
}

export const accessTokenSchema = new Schema<AccessTokenRecord>(
  {
    _id: { type: String, required: true },
    token: { type: String, default: null },
    validUntil: { type: Date, default: null },
    leaseUntil: { type: Date, default: null },
    failure: { type: new Schema({ message: String, at: Date }, embeddedOptions), default: null },
    expiresAt: { type: Date, required: true },
  },
  recordOptions,
).index({ expiresAt: 1 }, { expireAfterSeconds: 0 });
