/*
 * Durations as counts in buckets whose bounds grow by a constant factor, so that the histograms of any hours can be
 * added up and every quantile is within 2 % of the duration that it stands for, from 1 ms on (durations are whole
 * milliseconds; 0 has a bucket of its own). 60 s, the longest timeout, is in bucket 276.
 * Masson, Rim, Lee: DDSketch, VLDB 2019, section 2.
 */

/** The largest relative error of a quantile. */
export const relativeError = 0.02;

const growth = (1 + relativeError) / (1 - relativeError);
/** Below every other. */
const zeroBucket = -1;

/** The bucket of a duration in milliseconds: i holds what is above growth^(i-1) and at most growth^i. */
export function bucketOf(durationMs: number): number {
  return durationMs < 1 ? zeroBucket : Math.ceil(Math.log(durationMs) / Math.log(growth));
}

/** The duration that stands for a bucket, in milliseconds: as far from its one end as from the other, relatively. */
export function durationOf(bucket: number): number {
  return bucket === zeroBucket ? 0 : (2 * growth ** bucket) / (growth + 1);
}

/**
 * The durations at or below which these shares (0 to 1) of all counted ones lie, by nearest rank, rounded to whole
 * milliseconds; null for each where nothing was counted.
 */
export function quantilesOf(
  counts: ReadonlyMap<number, number>,
  shares: readonly number[],
): (number | null)[] {
  const buckets = [...counts].toSorted(([a], [b]) => a - b);
  const total = buckets.reduce((sum, [, count]) => sum + count, 0);
  return shares.map((share) => {
    let left = Math.max(1, Math.ceil(share * total));
    const found = buckets.find(([, count]) => (left -= count) <= 0);
    return found ? Math.round(durationOf(found[0])) : null;
  });
}
