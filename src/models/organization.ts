import { Schema } from 'mongoose';
import { recordOptions } from './options.js';

export interface OrganizationRecord {
  _id: string;
  name: string;
  createdAt: Date;
}

export const organizationSchema = new Schema<OrganizationRecord>(
  {
    _id: { type: String, required: true },
    name: { type: String, required: true },
    createdAt: { type: Date, required: true },
  },
  recordOptions,
).index({ createdAt: -1, _id: -1 });
