import { Schema } from 'mongoose';
import { embeddedOptions, recordOptions, withText } from './options.js';
import { tenantPaths, type Tenant } from './tenant.js';

export const replayStatuses = ['running', 'paused', 'succeeded', 'failed', 'cancelled'] as const;
export type ReplayStatus = (typeof replayStatuses)[number];

/** The filters of the list of deliveries, `from` and `to` included, and those of them that were picked by hand. */
export type ReplayFilter = Readonly<
  { deliveryIds?: string[] } & Record<string, string | number | boolean | Date | string[]>
>;

/** Which events a replay recovers: those of a range of time that a subscription never had. */
export interface Recovery {
  subscriptionId: string;
  from: Date;
  to: Date;
}

/** Where a replay is: the last delivery or event that it has dealt with, in the order in which they were made. */
export interface ReplayCursor {
  createdAt: Date;
  id: string;
}

/** A bulk resend of what a filter finds, or the recovery of what a subscription missed: one of the two is set. */
export interface ReplayRecord extends Tenant {
  _id: string;
  filter: ReplayFilter | null;
  recover: Recovery | null;
  /** Whether bodies are rendered again. */
  rerender: boolean;
  /** Deliveries a second. */
  rate: number;
  status: ReplayStatus;
  /** What is to be sent, counted when the replay was made. */
  count: number;
  /** Whether `count` is all there is, or only as far as was counted. */
  countComplete: boolean;
  /** Deliveries made so far. */
  done: number;
  /** Found and not sent, since their webhook is off or deleted. */
  skipped: number;
  cursor: ReplayCursor | null;
  failureReason: string | null;
  workflowId: string;
  idempotencyKey: string | null;
  /** SHA-256 of what was asked for, to tell a repeat from another replay under the same key. */
  contentHash: string;
  /** When it is made sure that the workflow is there and has heard what was asked; null once it is over. */
  checkAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
  endedAt: Date | null;
  expiresAt: Date | null;
}

export const replaySchema = new Schema<ReplayRecord>(
  {
    _id: { type: String, required: true },
    ...tenantPaths,
    filter: { type: Schema.Types.Mixed, default: null },
    recover: {
      type: new Schema({ subscriptionId: String, from: Date, to: Date }, embeddedOptions),
      default: null,
    },
    rerender: { type: Boolean, required: true },
    rate: { type: Number, required: true },
    status: { type: String, enum: replayStatuses, required: true },
    count: { type: Number, required: true },
    countComplete: { type: Boolean, required: true },
    done: { type: Number, required: true },
    skipped: { type: Number, required: true },
    cursor: { type: new Schema({ createdAt: Date, id: String }, embeddedOptions), default: null },
    failureReason: { type: String, default: null },
    workflowId: { type: String, required: true },
    idempotencyKey: { type: String, default: null },
    contentHash: { type: String, required: true },
    checkAt: { type: Date, default: null },
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
    endedAt: { type: Date, default: null },
    expiresAt: { type: Date, default: null },
  },
  recordOptions,
)
  .index({ organizationId: 1, environment: 1, createdAt: -1, _id: -1 })
  .index({ organizationId: 1, environment: 1, status: 1, createdAt: -1, _id: -1 })
  .index(
    { organizationId: 1, environment: 1, idempotencyKey: 1 },
    { unique: true, ...withText('idempotencyKey') },
  )
  .index({ checkAt: 1 })
  .index({ expiresAt: 1 }, { expireAfterSeconds: 0 });
