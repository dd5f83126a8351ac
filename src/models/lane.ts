import { Schema } from 'mongoose';
import { recordOptions } from './options.js';
import { tenantPaths, type Tenant } from './tenant.js';

/**
 * The deliveries of one ordering key of an ordered webhook that are not over: they leave one after the other. It is made
 * with the first of them, and is gone once none is left.
 */
export interface LaneRecord extends Tenant {
  /** See `laneIdOf`. */
  _id: string;
  webhookId: string;
  /** The ordering key's value as text, its beginning where it is long; null where there is none. */
  key: string | null;
  /** The last place that was taken in it. */
  place: number;
  /** The workflow that carries it, and nothing else does. */
  workflowId: string;
  /** When the sweep is to look whether that workflow runs. */
  checkAt: Date;
  createdAt: Date;
}

export const laneSchema = new Schema<LaneRecord>(
  {
    _id: { type: String, required: true },
    ...tenantPaths,
    webhookId: { type: String, required: true },
    key: { type: String, default: null },
    place: { type: Number, required: true },
    workflowId: { type: String, required: true },
    checkAt: { type: Date, required: true },
    createdAt: { type: Date, required: true },
  },
  recordOptions,
)
  .index({ webhookId: 1, createdAt: -1, _id: -1 })
  .index({ checkAt: 1 });
