import { Schema } from 'mongoose';
import type { Role } from './api-key.js';
import { embeddedOptions, recordOptions } from './options.js';
import { environments, type Environment } from './tenant.js';

/** What a change can be of. */
export const auditedResources = [
  'webhook',
  'subscription',
  'event_type',
  'catalogue',
  'external_system',
  'source',
  'delivery',
  'replay',
  'api_key',
  'organization',
] as const;
export type AuditedResource = (typeof auditedResources)[number];

/** What can be done to one. */
export const auditActions = [
  'created',
  'updated',
  'deleted',
  'rotated',
  'imported',
  'resent',
  'cancelled',
  'sent_now',
  'paused',
  'resumed',
] as const;
export type AuditAction = (typeof auditActions)[number];

/** One field before and after: JSON text, secrets masked; null where there was, or is, nothing. */
export interface FieldChange {
  /** Dotted where a part of it changed: `auth.token`. */
  field: string;
  fromJson: string | null;
  toJson: string | null;
}

/** One change that somebody made through the API. Immutable. */
export interface AuditEntryRecord {
  _id: string;
  /** Both null for what belongs to no tenant: organizations, and keys for all of them. */
  organizationId: string | null;
  environment: Environment | null;
  /** Whose key made the change, as it was called then; null: the root key, or Postrider itself. */
  key: { id: string; name: string } | null;
  /** `system`: Postrider itself. */
  role: Role | 'root' | 'system';
  action: AuditAction;
  resource: AuditedResource;
  resourceId: string;
  resourceName: string | null;
  changes: FieldChange[];
  /** The ids of what it may have an effect on: the resource, and the webhooks of a subscription. */
  concerns: string[];
  createdAt: Date;
  expiresAt: Date;
}

const scope = { organizationId: 1, environment: 1 } as const;
const newestFirst = { createdAt: -1, _id: -1 } as const;

export const auditEntrySchema = new Schema<AuditEntryRecord>(
  {
    _id: { type: String, required: true },
    organizationId: { type: String, default: null },
    environment: { type: String, enum: [...environments, null], default: null },
    key: { type: new Schema({ id: String, name: String }, embeddedOptions), default: null },
    role: { type: String, required: true },
    action: { type: String, enum: auditActions, required: true },
    resource: { type: String, enum: auditedResources, required: true },
    resourceId: { type: String, required: true },
    resourceName: { type: String, default: null },
    changes: {
      type: [new Schema({ field: String, fromJson: String, toJson: String }, embeddedOptions)],
      required: true,
    },
    concerns: { type: [String], required: true },
    createdAt: { type: Date, required: true },
    expiresAt: { type: Date, required: true },
  },
  recordOptions,
)
  .index({ ...scope, ...newestFirst })
  .index({ ...scope, resource: 1, ...newestFirst })
  .index({ ...scope, resourceId: 1, ...newestFirst })
  .index({ ...scope, action: 1, ...newestFirst })
  .index({ ...scope, concerns: 1, ...newestFirst })
  .index({ expiresAt: 1 }, { expireAfterSeconds: 0 });
