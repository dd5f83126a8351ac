import { Schema } from 'mongoose';
import { recordOptions } from './options.js';
import { tenantPaths, type Tenant } from './tenant.js';

/** What can differ: an event has fewer deliveries than it was written with; a delivery's end is not what its attempts say. */
export const differenceKinds = ['missing_deliveries', 'contradicted_end'] as const;
export type DifferenceKind = (typeof differenceKinds)[number];

/** Something that the books have found to differ, until it differs no more. */
export interface DifferenceRecord extends Tenant {
  /** `<kind>/<subjectId>`: however often it is found, it is kept once. */
  _id: string;
  kind: DifferenceKind;
  /** The event, or the delivery. */
  subjectId: string;
  /** When the event was published, or the delivery ended. */
  at: Date;
  foundAt: Date;
}

export const differenceSchema = new Schema<DifferenceRecord>(
  {
    _id: { type: String, required: true },
    ...tenantPaths,
    kind: { type: String, enum: differenceKinds, required: true },
    subjectId: { type: String, required: true },
    at: { type: Date, required: true },
    foundAt: { type: Date, required: true },
  },
  recordOptions,
)
  .index({ organizationId: 1, environment: 1, kind: 1, at: -1, _id: -1 })
  .index({ kind: 1, _id: 1 });
