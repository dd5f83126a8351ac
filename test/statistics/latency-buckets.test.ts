import { describe, expect, it } from '@jest/globals';
import { array, assert, integer, oneof, property } from 'fast-check';
import { bucketOf, quantilesOf, relativeError } from '../../src/statistics/latency-buckets.js';

/** From nothing to well over the longest timeout. */
const durations = array(oneof(integer({ min: 0, max: 120_000 }), integer({ min: 0, max: 50 })), {
  minLength: 1,
  maxLength: 500,
});
const shares = [0.01, 0.5, 0.95, 0.99, 1];

function countsOf(values: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(bucketOf(value), (counts.get(bucketOf(value)) ?? 0) + 1);
  return counts;
}

describe('quantiles of latencies', () => {
  it('are within the error that is promised, for any durations', () => {
    assert(
      property(durations, (values) => {
        const sorted = values.toSorted((a, b) => a - b);
        const found = quantilesOf(countsOf(values), shares);
        for (const [index, share] of shares.entries()) {
          const exact = sorted[Math.max(1, Math.ceil(share * sorted.length)) - 1] ?? NaN;
          // Half a millisecond for the rounding to whole ones.
          expect(Math.abs((found[index] ?? NaN) - exact)).toBeLessThanOrEqual(exact * relativeError + 0.5);
        }
      }),
    );
  });

  it('are exact up to 25 ms, where the buckets are finer than a millisecond', () => {
    for (let ms = 0; ms <= 25; ms += 1)
      expect(quantilesOf(new Map([[bucketOf(ms), 1]]), [0.5])).toEqual([ms]);
  });

  it('are null where nothing was counted', () => {
    expect(quantilesOf(new Map(), [0.5, 0.99])).toEqual([null, null]);
  });

  it('need fewer than 300 buckets up to two minutes', () => {
    const used = new Set(Array.from({ length: 120_001 }, (_, ms) => bucketOf(ms)));
    expect(used.size).toBeLessThan(300);
  });
});
