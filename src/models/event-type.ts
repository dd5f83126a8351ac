import { Schema } from 'mongoose';
import { recordOptions } from './options.js';
import { tenantPaths, type Tenant } from './tenant.js';

/** An entry of a tenant's catalogue. `schema` and `samplePayload` are JSON text, kept as they were given. */
export interface EventTypeRecord extends Tenant {
  _id: string;
  name: string;
  label: string | null;
  category: string | null;
  description: string | null;
  schemaJson: string | null;
  samplePayloadJson: string | null;
  revision: number;
  createdAt: Date;
  updatedAt: Date;
}

export const eventTypeSchema = new Schema<EventTypeRecord>(
  {
    _id: { type: String, required: true },
    ...tenantPaths,
    name: { type: String, required: true },
    label: { type: String, default: null },
    category: { type: String, default: null },
    description: { type: String, default: null },
    schemaJson: { type: String, default: null },
    samplePayloadJson: { type: String, default: null },
    revision: { type: Number, required: true },
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
  },
  recordOptions,
)
  .index({ organizationId: 1, environment: 1, name: 1 }, { unique: true })
  .index({ organizationId: 1, environment: 1, createdAt: -1, _id: -1 })
  .index({ organizationId: 1, environment: 1, category: 1, createdAt: -1, _id: -1 });
