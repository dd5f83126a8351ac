import { Schema } from 'mongoose';
import { recordOptions } from './options.js';
import type { Tenant } from './tenant.js';

/**
 * What happened at a webhook, or in an environment, in one hour: counters, so that statistics cost the same however many
 * attempts there are.
 */
export interface StatsRecord {
  /** See `statsId`: a range of hours of an owner is a range of ids. */
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

/** Statistics outlive the deliveries that they count: 400 days. */
export const keptSeconds = 400 * 86_400;

/** The id of an hour of a webhook, or of the `environmentOwner`; ids of later hours sort after it. */
export function statsId(owner: string, hour: Date): string {
  return `${owner}/${hour.toISOString().slice(0, 'yyyy-mm-ddThh'.length)}`;
}

/** Whose hours those of an environment are. */
export function environmentOwner({ organizationId, environment }: Tenant): string {
  return `${organizationId}/${environment}`;
}

const statsSchema = (): Schema<StatsRecord> =>
  new Schema<StatsRecord>(
    {
      _id: { type: String, required: true },
      hour: { type: Date, required: true },
      attempts: { type: Schema.Types.Mixed },
      deliveries: { type: Schema.Types.Mixed },
      latency: { type: Schema.Types.Mixed },
    },
    recordOptions,
  ).index({ hour: 1 }, { expireAfterSeconds: keptSeconds });

export const webhookStatsSchema = statsSchema();
export const environmentStatsSchema = statsSchema();
