import { describe, expect, it } from '@jest/globals';
import { Pace } from '../../src/dispatch/pace.js';

describe('the pace of an endpoint', () => {
  it('is fast after three fast exchanges in a row, and not after a slower one', () => {
    const pace = new Pace();
    for (const fast of [false, false, false, true]) {
      expect(pace.isFast('wh_1')).toBe(fast);
      pace.observe('wh_1', true, 100);
    }
    pace.observe('wh_1', true, 251);
    expect(pace.isFast('wh_1')).toBe(false);
    expect(pace.isFast('wh_2')).toBe(false);
  });

  it('keeps an endpoint out of groups that failed or was slow the last time, and lets it in again', () => {
    const pace = new Pace();
    expect(pace.mayShare('wh_1')).toBe(true);
    for (const [succeeded, durationMs, mayShare] of [
      [false, 10, false],
      [true, 10, true],
      [true, 2_001, false],
      [true, 10, true],
    ] as const) {
      pace.observe('wh_1', succeeded, durationMs);
      expect(pace.mayShare('wh_1')).toBe(mayShare);
    }
  });

  it('does not take what a busy machine adds for a slow endpoint', () => {
    const pace = new Pace();
    pace.observe('wh_1', true, 1_500);
    expect(pace.mayShare('wh_1')).toBe(true);
  });
});
