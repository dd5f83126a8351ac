import { Schema } from 'mongoose';
import { recordOptions } from './options.js';
import { tenantPaths, type Tenant } from './tenant.js';

/** Which event types, under which filter, go to which webhook. */
export interface SubscriptionRecord extends Tenant {
  _id: string;
  name: string | null;
  nameLower: string | null;
  eventTypes: string[];
  webhookId: string;
  /** JSON text: its keys are operators such as `$eq`, which MongoDB must never take for its own. */
  filterJson: string | null;
  active: boolean;
  revision: number;
  createdAt: Date;
  updatedAt: Date;
}

export const subscriptionSchema = new Schema<SubscriptionRecord>(
  {
    _id: { type: String, required: true },
    ...tenantPaths,
    name: { type: String, default: null },
    nameLower: { type: String, default: null },
    eventTypes: { type: [String], required: true },
    webhookId: { type: String, required: true },
    filterJson: { type: String, default: null },
    active: { type: Boolean, required: true },
    revision: { type: Number, required: true },
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
  },
  recordOptions,
)
  .index({ organizationId: 1, environment: 1, eventTypes: 1, active: 1 })
  .index({ organizationId: 1, environment: 1, createdAt: -1, _id: -1 })
  .index({ organizationId: 1, environment: 1, active: 1, createdAt: -1, _id: -1 })
  .index({ organizationId: 1, environment: 1, nameLower: 1, _id: 1 })
  .index({ webhookId: 1 });
