import { Schema } from 'mongoose';
import { recordOptions, withText } from './options.js';
import { tenantPaths, type Tenant } from './tenant.js';

/** Something that happened, published once. Immutable. */
export interface EventRecord extends Tenant {
  _id: string;
  type: string;
  /** JSON text: it keeps every key and the order of keys, however deep. */
  dataJson: string;
  occurredAt: Date;
  createdAt: Date;
  idempotencyKey: string | null;
  /** SHA-256 of what was published, to tell a repeat from another event under the same key. */
  contentHash: string;
  correlationId: string | null;
  /** What it can be found by: values of its data (see `identifiersOf`). */
  values?: string[];
  /** Deliveries that it was written with, for the ledger; absent in events of versions that did not count them. */
  deliveryCount?: number;
  /** When retention looks at it: it goes once none of its deliveries is left. */
  retainUntil: Date;
  /** Set by retention; MongoDB's TTL monitor removes the event then. */
  expiresAt: Date | null;
}

export const eventSchema = new Schema<EventRecord>(
  {
    _id: { type: String, required: true },
    ...tenantPaths,
    type: { type: String, required: true },
    dataJson: { type: String, required: true },
    occurredAt: { type: Date, required: true },
    createdAt: { type: Date, required: true },
    idempotencyKey: { type: String, default: null },
    contentHash: { type: String, required: true },
    correlationId: { type: String, default: null },
    values: { type: [String], default: undefined },
    deliveryCount: { type: Number },
    retainUntil: { type: Date, required: true },
    expiresAt: { type: Date, default: null },
  },
  recordOptions,
)
  .index(
    { organizationId: 1, environment: 1, idempotencyKey: 1 },
    { unique: true, ...withText('idempotencyKey') },
  )
  .index({ organizationId: 1, environment: 1, createdAt: -1, _id: -1 })
  .index({ organizationId: 1, environment: 1, type: 1, createdAt: -1, _id: -1 })
  .index(
    { organizationId: 1, environment: 1, correlationId: 1, createdAt: -1, _id: -1 },
    withText('correlationId'),
  )
  .index({ organizationId: 1, environment: 1, values: 1, createdAt: -1, _id: -1 }, withText('values'))
  .index({ retainUntil: 1 }, { partialFilterExpression: { expiresAt: null } })
  .index({ expiresAt: 1 }, { expireAfterSeconds: 0 });
