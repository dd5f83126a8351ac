import { Schema } from 'mongoose';
import { recordOptions } from './options.js';
import { environments, type Environment } from './tenant.js';

export const roles = ['admin', 'operator', 'publisher', 'viewer'] as const;
export type Role = (typeof roles)[number];

/** A key is kept as its SHA-256 alone: a key has at least 32 characters of its own, so no salt is needed. */
export interface ApiKeyRecord {
  _id: string;
  /** null: a key for all organizations, whose calls name the organization and environment in headers. */
  organizationId: string | null;
  environment: Environment | null;
  name: string;
  role: Role;
  hash: string;
  createdAt: Date;
  /** Within a minute; null: not yet. */
  lastUsedAt?: Date | null;
}

export const apiKeySchema = new Schema<ApiKeyRecord>(
  {
    _id: { type: String, required: true },
    organizationId: { type: String, default: null },
    environment: { type: String, enum: [...environments, null], default: null },
    name: { type: String, required: true },
    role: { type: String, enum: roles, required: true },
    hash: { type: String, required: true },
    createdAt: { type: Date, required: true },
    lastUsedAt: { type: Date, default: null },
  },
  recordOptions,
)
  .index({ hash: 1 }, { unique: true })
  .index({ organizationId: 1, environment: 1, createdAt: -1, _id: -1 });
