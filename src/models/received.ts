import { Schema } from 'mongoose';
import type { RecordedHeaders } from './attempt.js';
import { embeddedOptions, recordOptions, withText } from './options.js';
import { tenantPaths, type Tenant } from './tenant.js';

/** One request that arrived at a source, and what it was answered. */
export interface ReceivedRecord extends Tenant {
  _id: string;
  sourceId: string;
  method: string;
  /** As they arrived, in order; secret values are masked before they get here. */
  headers: RecordedHeaders;
  /** `a=1&b=2`, secret values masked. */
  query: string;
  /** Text, or base64 where the bytes are not UTF-8. */
  body: string;
  bodyEncoding: 'utf8' | 'base64';
  /** Bytes of the body as it arrived. */
  bodySize: number;
  /** Whether `body` is only the beginning. */
  truncated: boolean;
  verified: boolean;
  responseStatus: number;
  eventId: string | null;
  deliveryId: string | null;
  receivedAt: Date;
  expiresAt: Date;
}

const newestFirst = { receivedAt: -1, _id: -1 } as const;
const scope = { organizationId: 1, environment: 1 } as const;

export const receivedSchema = new Schema<ReceivedRecord>(
  {
    _id: { type: String, required: true },
    ...tenantPaths,
    sourceId: { type: String, required: true },
    method: { type: String, required: true },
    headers: {
      type: [new Schema({ name: String, value: String }, embeddedOptions)],
      required: true,
    },
    query: { type: String, default: '' },
    body: { type: String, default: '' },
    bodyEncoding: { type: String, required: true },
    bodySize: { type: Number, required: true },
    truncated: { type: Boolean, required: true },
    verified: { type: Boolean, required: true },
    responseStatus: { type: Number, required: true },
    eventId: { type: String, default: null },
    deliveryId: { type: String, default: null },
    receivedAt: { type: Date, required: true },
    expiresAt: { type: Date, required: true },
  },
  recordOptions,
)
  .index({ ...scope, ...newestFirst })
  .index({ ...scope, sourceId: 1, ...newestFirst })
  .index({ ...scope, verified: 1, ...newestFirst })
  .index({ ...scope, eventId: 1, ...newestFirst }, withText('eventId'))
  .index({ ...scope, deliveryId: 1, ...newestFirst }, withText('deliveryId'))
  .index({ expiresAt: 1 }, { expireAfterSeconds: 0 });
