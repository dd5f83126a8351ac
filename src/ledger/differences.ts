import type { Context } from '../context.js';
import type { DifferenceKind, DifferenceRecord } from '../models/difference.js';
import { native } from '../models/native.js';
import { tenantOf, type Tenant } from '../models/tenant.js';

type Parts = Pick<Context, 'models'>;

/** What differs, by whose it is. */
export interface Difference extends Tenant {
  kind: DifferenceKind;
  /** The event, or the delivery. */
  subjectId: string;
  at: Date;
}

/** Keeps what was found to differ; what is known already stays as it is. */
export async function keepDifferences(
  { models }: Parts,
  found: readonly Difference[],
  now: Date,
): Promise<void> {
  if (found.length === 0) return;
  await native(models.differences).bulkWrite(
    found.map((difference) => {
      const { kind, subjectId, at } = difference;
      const record: Omit<DifferenceRecord, '_id'> = {
        ...tenantOf(difference),
        kind,
        subjectId,
        at,
        foundAt: now,
      };
      return {
        updateOne: {
          filter: { _id: `${kind}/${subjectId}` },
          update: { $setOnInsert: record },
          upsert: true,
        },
      };
    }),
    { ordered: false },
  );
}
