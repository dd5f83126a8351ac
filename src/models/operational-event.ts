import { Schema } from 'mongoose';
import type { OperationalEventType } from '../operational-events/types.js';
import { recordOptions } from './options.js';
import { tenantPaths, type Tenant } from './tenant.js';

/** An operational event that is to be published, written with what it tells of; gone once it is published. */
export interface OperationalEventRecord extends Tenant {
  /** Its idempotency key: published a second time it is the same event. */
  _id: string;
  type: OperationalEventType;
  dataJson: string;
  occurredAt: Date;
}

export const operationalEventSchema = new Schema<OperationalEventRecord>(
  {
    _id: { type: String, required: true },
    ...tenantPaths,
    type: { type: String, required: true },
    dataJson: { type: String, required: true },
    occurredAt: { type: Date, required: true },
  },
  recordOptions,
);
