import { Schema } from 'mongoose';
import { embeddedOptions, recordOptions } from './options.js';

/**
 * A key that somebody signed in with, by its id: it is looked up for each call, so a key that is revoked opens nothing more.
 * The root key has no record, so it is kept as the hash of its hash: another root key ends its sessions.
 */
export type SessionKey = { keyId: string; rootKeyHash: null } | { keyId: null; rootKeyHash: string };

/** Somebody who is signed in to the console. */
export interface SessionRecord {
  /** SHA-256 of the token in the cookie. */
  _id: string;
  keys: SessionKey[];
  createdAt: Date;
  /** When it ends unless it is used before. */
  idleUntil: Date;
  /** When it ends however much it is used; the same after each further sign-in. */
  endsAt: Date;
}

export const sessionSchema = new Schema<SessionRecord>(
  {
    _id: { type: String, required: true },
    keys: {
      type: [
        new Schema(
          { keyId: { type: String, default: null }, rootKeyHash: { type: String, default: null } },
          embeddedOptions,
        ),
      ],
      required: true,
    },
    createdAt: { type: Date, required: true },
    idleUntil: { type: Date, required: true },
    endsAt: { type: Date, required: true },
  },
  recordOptions,
).index({ idleUntil: 1 }, { expireAfterSeconds: 0 });
