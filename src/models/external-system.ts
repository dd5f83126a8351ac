import { Schema } from 'mongoose';
import { recordOptions } from './options.js';
import type { StoredAuth } from './auth.js';
import { tlsPaths, type StoredTls } from './receiver-tls.js';
import { tenantPaths, type Tenant } from './tenant.js';

/** One credential that several webhooks share, and the origins that it may be sent to. */
export interface ExternalSystemRecord extends Tenant, StoredTls {
  _id: string;
  name: string;
  nameLower: string;
  baseUrl: string;
  origins: string[];
  auth: StoredAuth;
  revision: number;
  createdAt: Date;
  updatedAt: Date;
}

export const externalSystemSchema = new Schema<ExternalSystemRecord>(
  {
    _id: { type: String, required: true },
    ...tenantPaths,
    name: { type: String, required: true },
    nameLower: { type: String, required: true },
    baseUrl: { type: String, required: true },
    origins: { type: [String], required: true },
    auth: { type: Schema.Types.Mixed, required: true },
    ...tlsPaths,
    revision: { type: Number, required: true },
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
  },
  recordOptions,
)
  .index({ organizationId: 1, environment: 1, createdAt: -1, _id: -1 })
  .index({ organizationId: 1, environment: 1, nameLower: 1, _id: 1 });
