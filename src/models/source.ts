import { Schema } from 'mongoose';
import type { Sealed } from '../crypto/key-ring.js';
import { embeddedOptions, recordOptions } from './options.js';
import { tenantPaths, type Tenant } from './tenant.js';

export const sourceKinds = ['callback', 'test'] as const;
export type SourceKind = (typeof sourceKinds)[number];

/** How a request to a source proves who sends it, as it is stored: each secret is sealed for the source. */
export type StoredVerification =
  | { type: 'none' }
  | { type: 'header'; header: string; value: Sealed }
  | { type: 'hmac_sha256'; header: string; secret: Sealed; encoding: 'hex' | 'base64' }
  | { type: 'standard_webhooks'; secret: Sealed };

/** Where a request names what it speaks of: a header, or a dotted path into its JSON body. */
export type Correlation = { header: string } | { path: string };

/** An inbound URL that records what others send to it. */
export interface SourceRecord extends Tenant {
  _id: string;
  name: string | null;
  nameLower: string | null;
  kind: SourceKind;
  /** SHA-256 of the token in its URL, by which it is found. */
  tokenHash: string;
  token: Sealed;
  verification: StoredVerification;
  /** What it answers. The body is JSON text; null for none. */
  respond: { status: number; delayMs: number; bodyJson: string | null };
  correlation: Correlation | null;
  /** Its URL answers until then; null: for good. */
  expiresAt: Date | null;
  revision: number;
  createdAt: Date;
  updatedAt: Date;
}

export const sourceSchema = new Schema<SourceRecord>(
  {
    _id: { type: String, required: true },
    ...tenantPaths,
    name: { type: String, default: null },
    nameLower: { type: String, default: null },
    kind: { type: String, enum: sourceKinds, required: true },
    tokenHash: { type: String, required: true },
    token: { type: String, required: true },
    verification: { type: Schema.Types.Mixed, required: true },
    respond: {
      type: new Schema({ status: Number, delayMs: Number, bodyJson: String }, embeddedOptions),
      required: true,
    },
    correlation: { type: Schema.Types.Mixed, default: null },
    expiresAt: { type: Date, default: null },
    revision: { type: Number, required: true },
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
  },
  recordOptions,
)
  .index({ tokenHash: 1 }, { unique: true })
  .index({ organizationId: 1, environment: 1, createdAt: -1, _id: -1 })
  .index({ organizationId: 1, environment: 1, nameLower: 1, _id: 1 });
