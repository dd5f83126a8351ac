import { Schema } from 'mongoose';
import { embeddedOptions, recordOptions, withText } from './options.js';
import { attemptSchema, type AttemptRecord } from './attempt.js';
import { tenantPaths, type Tenant } from './tenant.js';

export const deliveryStatuses = [
  'pending',
  'delivering',
  'waiting',
  'succeeded',
  'failed',
  'cancelled',
] as const;
export type DeliveryStatus = (typeof deliveryStatuses)[number];

/** The states in which a delivery is not over. */
export const openStatuses = ['pending', 'delivering', 'waiting'] as const satisfies readonly DeliveryStatus[];

/** What holds back a delivery that is due; it spends nothing of its schedule meanwhile. */
export const holders = ['paused', 'rate_limit', 'concurrency', 'circuit'] as const;
export type Holder = (typeof holders)[number];

/** Why a delivery failed for good. The last two are for those of an ordered webhook, as its `onFailure` says. */
export const failureReasons = ['rejected', 'exhausted', 'parked', 'skipped'] as const;
export type FailureReason = (typeof failureReasons)[number];

/** What a person has asked of a delivery that is not over. It stays until the delivery has acted on it. */
export interface Intent {
  action: 'cancel' | 'send-now';
  /** Attempts recorded when it was asked: a send-now is done once there are more. */
  afterAttempt: number;
  at: Date;
}

/** What a delivery sends: rendered once, and byte for byte the same in every attempt and resend. */
export interface RenderedBody {
  contentType: string;
  text: string;
}

/** One event on its way to one webhook because of one subscription. */
export interface DeliveryRecord extends Tenant {
  _id: string;
  eventId: string;
  eventType: string;
  subscriptionId: string;
  webhookId: string;
  correlationId: string | null;
  status: DeliveryStatus;
  failureReason: FailureReason | null;
  nextAttemptAt: Date | null;
  /** Whether it is held by a pause of its webhook. */
  held: boolean;
  /** What holds it back while it waits, or did before its last attempt; absent where nothing ever did. */
  heldBy?: Holder | null;
  attemptCount: number;
  attempts: AttemptRecord[];
  body: RenderedBody | null;
  resendOf: string | null;
  /** The first of a chain of resends; null in the first itself. */
  originalDeliveryId: string | null;
  workflowId: string;
  intent: Intent | null;
  createdAt: Date;
  updatedAt: Date;
  endedAt: Date | null;
  /** True until it is over, then absent: the index of what is open stays as small as what is open. */
  open?: true;
  expiresAt: Date | null;
  /**
   * Set while statistics have not counted all of it: the number of the first attempt to count, or `endOnly`.
   * Absent otherwise, so that the index of it stays small.
   */
  statsDue?: number;
  /** The lane in which it waits for its turn, and its place there: absent where its webhook was not ordered. */
  lane?: string;
  /** The lane's key as text, its beginning where it is long; null where the event has none. */
  laneKey?: string | null;
  place?: number;
}

/** The `statsDue` of a delivery whose end alone is to be counted: above the number of any attempt. */
export const endOnly = 1_000_000;

/** A delivery without what can be large: the form in which many are read at once. */
export type DeliverySummary = Omit<DeliveryRecord, 'attempts' | 'body'>;

/** The projection of a summary. */
export const summaryFields = { attempts: 0, body: 0 } as const;

const scope = { organizationId: 1, environment: 1 } as const;
const newestFirst = { createdAt: -1, _id: -1 } as const;
const open = { partialFilterExpression: { open: true } };

export const deliverySchema = new Schema<DeliveryRecord>(
  {
    _id: { type: String, required: true },
    ...tenantPaths,
    eventId: { type: String, required: true },
    eventType: { type: String, required: true },
    subscriptionId: { type: String, required: true },
    webhookId: { type: String, required: true },
    correlationId: { type: String, default: null },
    status: { type: String, enum: deliveryStatuses, required: true },
    failureReason: { type: String, default: null },
    nextAttemptAt: { type: Date, default: null },
    held: { type: Boolean, required: true },
    heldBy: { type: String, enum: [...holders, null] },
    attemptCount: { type: Number, required: true },
    attempts: { type: [attemptSchema], required: true },
    body: { type: new Schema({ contentType: String, text: String }, embeddedOptions), default: null },
    resendOf: { type: String, default: null },
    originalDeliveryId: { type: String, default: null },
    workflowId: { type: String, required: true },
    intent: {
      type: new Schema({ action: String, afterAttempt: Number, at: Date }, embeddedOptions),
      default: null,
    },
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
    endedAt: { type: Date, default: null },
    open: { type: Boolean },
    expiresAt: { type: Date, default: null },
    statsDue: { type: Number },
    lane: { type: String },
    laneKey: { type: String },
    place: { type: Number },
  },
  recordOptions,
)
  .index({ ...scope, ...newestFirst })
  .index({ ...scope, status: 1, ...newestFirst })
  .index({ ...scope, webhookId: 1, ...newestFirst })
  .index({ ...scope, subscriptionId: 1, ...newestFirst })
  .index({ ...scope, eventType: 1, ...newestFirst })
  .index({ ...scope, correlationId: 1, ...newestFirst }, withText('correlationId'))
  .index({ eventId: 1, ...newestFirst })
  .index({ originalDeliveryId: 1, ...newestFirst }, withText('originalDeliveryId'))
  // `open` is in the key so that a count reads nothing but keys.
  .index({ webhookId: 1, open: 1, _id: 1 }, open)
  .index({ ...scope, held: 1, ...newestFirst }, { partialFilterExpression: { held: true } })
  .index({ heldBy: 1 }, withText('heldBy'))
  .index({ status: 1, _id: 1 }, open)
  .index({ nextAttemptAt: 1 }, open)
  .index({ 'intent.at': 1 }, { partialFilterExpression: { 'intent.at': { $exists: true } } })
  .index({ lane: 1, place: 1 }, { partialFilterExpression: { open: true, lane: { $gte: '' } } })
  .index(
    { lane: 1, 'intent.at': 1 },
    { partialFilterExpression: { lane: { $gte: '' }, 'intent.at': { $exists: true } } },
  )
  .index({ statsDue: 1 }, { partialFilterExpression: { statsDue: { $gt: 0 } } })
  .index({ webhookId: 1, endedAt: -1 }, { partialFilterExpression: { status: 'succeeded' } })
  .index({ expiresAt: 1 }, { expireAfterSeconds: 0 });
