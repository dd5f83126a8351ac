import { Schema } from 'mongoose';
import { recordOptions } from './options.js';

/** What happened at a webhook in one hour: counters, so that statistics cost the same however many attempts there are. */
export interface WebhookStatsRecord {
  /** See `statsId`: a range of hours of a webhook is a range of ids. */
  _id: string;
  /** Its beginning, UTC. */
  hour: Date;
  /** Attempts that started in it, by outcome: `succeeded`, or the error code. */
  attempts?: Record<string, number>;
  /** Deliveries that ended in it, by status. */
  deliveries?: Record<string, number>;
  /** Attempts that were answered or timed out, by the bucket of their duration (see `latency-buckets`). */
  latency?: Record<string, number>;
}

/** Statistics outlive the deliveries that they count. */
const keptDays = 400;

/** The id of a webhook's hour; ids of later hours sort after it. */
export function statsId(webhookId: string, hour: Date): string {
  return `${webhookId}/${hour.toISOString().slice(0, 'yyyy-mm-ddThh'.length)}`;
}

export const webhookStatsSchema = new Schema<WebhookStatsRecord>(
  {
    _id: { type: String, required: true },
    hour: { type: Date, required: true },
    attempts: { type: Schema.Types.Mixed },
    deliveries: { type: Schema.Types.Mixed },
    latency: { type: Schema.Types.Mixed },
  },
  recordOptions,
).index({ hour: 1 }, { expireAfterSeconds: keptDays * 86_400 });
