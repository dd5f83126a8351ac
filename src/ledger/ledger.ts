import type { Context } from '../context.js';
import { deliveryStatuses, type DeliveryStatus } from '../models/delivery.js';
import { differenceKinds, type DifferenceKind } from '../models/difference.js';
import { tenantOf, type Tenant } from '../models/tenant.js';
import { environmentOwner } from '../models/webhook-stats.js';
import { hoursOf } from '../statistics/webhook-statistics.js';
import { booksEnd } from './books.js';
import { examine, nothingExamined, together, type Examined } from './examine.js';
import { overdueOf, type Overdue } from './overdue.js';
import { repairs, type Repair } from './repairs.js';

/** Events that one call compares by itself, because the books have not come to them. */
const mostExamined = 20_000;
const mostExamples = 10;

/** One way in which the books do not balance. */
export interface Imbalance {
  kind: DifferenceKind | 'counts';
  count: number;
  /** Some of the events (`missing_deliveries`) or deliveries (`contradicted_end`). */
  ids: string[];
}

/** The books of an environment over some hours. */
export interface Ledger {
  /** Whether nothing differs. */
  balanced: boolean;
  /** Whether all events of the range were compared; false where the books are behind, and more came than one call compares. */
  complete: boolean;
  examined: Omit<Examined, 'lacking'>;
  /** Deliveries that were made in the range, resends included, at one moment: in all, and by status. */
  total: number;
  byStatus: Record<DeliveryStatus, number>;
  differences: Imbalance[];
  overdue: Overdue;
  /** Deliveries that sweeps saw to in the range. */
  repaired: Record<Repair, number>;
}

/** Draws up the ledger of an environment for full hours. */
export async function ledgerOf(
  ctx: Pick<Context, 'models' | 'connection'>,
  tenant: Tenant,
  { from, to }: { from: Date; to: Date },
  now: Date,
): Promise<Ledger> {
  const [books, rest, counts, overdue] = await Promise.all([
    ctx.models.ledgerHours.find(hoursOf(environmentOwner(tenant), from, to)).lean(),
    examineRest(ctx, tenant, { from, to, now }),
    countByStatus(ctx, tenant, { from, to }),
    overdueOf(ctx, tenant, now),
  ]);
  const { lacking, ...examined } = books.reduce<Examined>(
    (sum, { events = 0, expected = 0, found = 0, unrecorded = 0 }) =>
      together(sum, { events, expected, found, unrecorded, lacking: [] }),
    rest,
  );
  const differences = await Promise.all(
    differenceKinds.map(async (kind) =>
      imbalance(ctx, tenant, { kind, from, to }, kind === 'missing_deliveries' ? lacking : []),
    ),
  );
  const uncounted = Math.abs(
    counts.total - Object.values(counts.byStatus).reduce((sum, count) => sum + count, 0),
  );
  differences.push({ kind: 'counts', count: uncounted, ids: [] });
  const differing = differences.filter(({ count }) => count > 0);
  return {
    balanced: differing.length === 0,
    complete: rest.isAll,
    examined,
    ...counts,
    differences: differing,
    overdue,
    repaired: Object.fromEntries(
      repairs.map((repair) => [
        repair,
        books.reduce((sum, { repaired }) => sum + (repaired?.[repair] ?? 0), 0),
      ]),
    ) as Record<Repair, number>,
  };
}

/** What the books have not come to is compared now. */
async function examineRest(
  ctx: Pick<Context, 'models'>,
  tenant: Tenant,
  { from, to, now }: { from: Date; to: Date; now: Date },
): Promise<Examined & { isAll: boolean }> {
  const end = await booksEnd(ctx, tenant);
  const restFrom = end && end > from ? end : from;
  if (restFrom >= to) return { ...nothingExamined(), isAll: true };
  return examine(ctx, tenant, { from: restFrom, to, now }, mostExamined);
}

async function imbalance(
  { models }: Pick<Context, 'models'>,
  tenant: Tenant,
  { kind, from, to }: { kind: DifferenceKind; from: Date; to: Date },
  seenNow: readonly { eventId: string }[],
): Promise<Imbalance> {
  const kept = { ...tenantOf(tenant), kind, at: { $gte: from, $lt: to } };
  const seen = seenNow.map(({ eventId }) => eventId);
  const others = { ...kept, _id: { $nin: seen.map((id) => `${kind}/${id}`) } };
  const [count, examples] = await Promise.all([
    models.differences.countDocuments(others),
    models.differences.find(others, { subjectId: 1 }).sort({ at: -1, _id: -1 }).limit(mostExamples).lean(),
  ]);
  const ids = [...seen, ...examples.map(({ subjectId }) => subjectId)].slice(0, mostExamples);
  return { kind, count: seen.length + count, ids };
}

/** Counts by keys of indexes alone, all at one moment: a delivery that moves on meanwhile is counted once. */
async function countByStatus(
  { models, connection }: Pick<Context, 'models' | 'connection'>,
  tenant: Tenant,
  { from, to }: { from: Date; to: Date },
): Promise<{ total: number; byStatus: Record<DeliveryStatus, number> }> {
  const made = { ...tenantOf(tenant), createdAt: { $gte: from, $lt: to } };
  const session = await connection.startSession({ snapshot: true });
  try {
    const count = async (filter: object): Promise<number> =>
      models.deliveries.countDocuments({ ...made, ...filter }, { session });
    // The first one takes the moment.
    const total = await count({});
    const byStatus = await Promise.all(
      deliveryStatuses.map(async (status) => [status, await count({ status })] as const),
    );
    return { total, byStatus: Object.fromEntries(byStatus) as Record<DeliveryStatus, number> };
  } finally {
    await session.endSession();
  }
}
