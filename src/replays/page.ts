import type { DeliveryRecord } from '../models/delivery.js';
import type { ReplayCursor, ReplayRecord } from '../models/replay.js';

/** What a replay is to send next. */
export interface Page {
  deliveries: DeliveryRecord[];
  /** Found, and not to be sent. */
  skipped: number;
  /** Where the next page begins: after this one. */
  cursor: ReplayCursor | null;
  isLast: boolean;
}

/** What a replay is to send in all; `isComplete` where the count did not stop at its bound. */
export interface Count {
  count: number;
  skipped: number;
  isComplete: boolean;
}

/** What says which deliveries or events a replay is about; `createdAt` bounds them, so that it never finds its own. */
export type Scope = Pick<ReplayRecord, 'organizationId' | 'environment' | 'createdAt'>;

/** What comes after a cursor, in the order in which things were made. */
export function afterCursor(cursor: ReplayCursor | null): Record<string, unknown> {
  if (cursor === null) return {};
  const { createdAt, id } = cursor;
  return { createdAt: { $gte: createdAt }, $or: [{ createdAt: { $gt: createdAt } }, { _id: { $gt: id } }] };
}

/** The order of pages. */
export const oldestFirst = { createdAt: 1, _id: 1 } as const;
