import type { Models } from '../models/models.js';
import { leaseFrom, mongodbNow } from '../models/leasing.js';
import { patienceMs } from './gate.js';

/** What a process asks of a limit at once. */
export interface Wanted {
  perSecond: number;
  /** Those that have waited for their own time, and go before the others. */
  returning: number;
  /** Those that ask for the first time; while others wait, they get a time to come again. */
  fresh: number;
  /** Moments beyond these, for what comes next. */
  spare: number;
}

/** What it gets: delays (ms) from when the answer came. */
export interface Lease {
  /** Until each moment at which one may go; the first may be past. */
  moments: number[];
  /** Until the times at which the rest come again. */
  comebacks: number[];
  /** Whether others wait, so that who asks for the first time does not go before them. */
  isLine: boolean;
}

/** What does not go within the second looks again no sooner than this, in ms. */
const soonestMs = 1_000;
const dayMs = 86_400_000;

/**
 * Takes moments of a limit, and times to come again for those that get none: one atomic update, however many they are. Moments
 * are a constant time apart and within the next second, so that no process holds many, and what it does not use is soon past.
 */
export async function lease(models: Models, id: string, wanted: Wanted): Promise<Lease> {
  const { perSecond, returning, fresh, spare } = wanted;
  const stepMs = 1_000 / perSecond;
  const soon = add('$leasedAt', patienceMs);
  const goers = add(returning, { $cond: ['$isLine', 0, fresh] });
  const momentsLeft = add({ $floor: { $divide: [{ $subtract: [soon, '$first'] }, stepMs] } }, 1);
  const leased = await leaseFrom(models.rateLimits, id, [
    { $set: { perSecond, leasedAt: mongodbNow } },
    { $set: { first: latest('$leasedUntil', '$leasedAt'), isLine: { $gt: ['$lineUntil', soon] } } },
    { $set: { granted: { $max: [0, { $min: [add(goers, spare), momentsLeft] }] } } },
    { $set: { leasedUntil: add('$first', { $multiply: ['$granted', stepMs] }) } },
    {
      $set: {
        left: { $max: [0, { $subtract: [returning + fresh, { $min: ['$granted', goers] }] }] },
        comeback: latest('$lineUntil', '$leasedUntil', add('$leasedAt', soonestMs)),
      },
    },
    {
      $set: {
        lineUntil: {
          $cond: ['$left', add('$comeback', { $multiply: ['$left', stepMs] }), latest('$lineUntil', 0)],
        },
      },
    },
    { $set: { expiresAt: { $toDate: add(latest('$lineUntil', '$leasedUntil'), dayMs) } } },
  ]);
  const { leasedAt, first, granted, comeback, left, isLine } = leased;
  return {
    moments: Array.from({ length: granted }, (_, index) => first - leasedAt + index * stepMs),
    comebacks: Array.from({ length: left }, (_, index) => comeback - leasedAt + index * stepMs),
    isLine,
  };
}

function add(...numbers: unknown[]): object {
  return { $add: numbers };
}

/** Of times that may not be there yet. */
function latest(...times: unknown[]): object {
  return { $max: times };
}
