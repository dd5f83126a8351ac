import { describe, expect, it } from '@jest/globals';
import { Attention } from '../../src/dispatch/attention.js';
import { Pace } from '../../src/dispatch/pace.js';
import { holdUp } from '../support/hold-up.js';
import { waitFor } from '../support/wait.js';

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
    let now = 0;
    const pace = new Pace(2_000, { now: () => now });
    expect(pace.mayShare('wh_1')).toBe(true);
    for (const [succeeded, tookMs, mayShare] of [
      [false, 10, false],
      [true, 10, true],
      [true, 2_001, false],
      [true, 10, true],
    ] as const) {
      const end = pace.begin('wh_1');
      now += tookMs;
      end();
      pace.observe('wh_1', succeeded, tookMs);
      expect(pace.mayShare('wh_1')).toBe(mayShare);
      expect(pace.mayShare('wh_2')).toBe(true);
    }
  });

  it('keeps an endpoint out of groups whose answer does not come', () => {
    let now = 0;
    const pace = new Pace(2_000, { now: () => now });
    const end = pace.begin('wh_1');
    now += 2_000;
    expect(pace.mayShare('wh_1')).toBe(true);
    now += 1;
    expect(pace.mayShare('wh_1')).toBe(false);
    end();
    expect(pace.mayShare('wh_1')).toBe(false);
  });

  it('keeps an endpoint out of groups whose access token could not be had', () => {
    const pace = new Pace();
    pace.observe('wh_1', false, 10);
    expect(pace.mayShare('wh_1')).toBe(false);
  });

  it('does not take what a busy machine adds for a slow endpoint', () => {
    const pace = new Pace(100);
    const end = pace.begin('wh_1');
    holdUp(300);
    expect(pace.mayShare('wh_1')).toBe(true);
    end();
    pace.observe('wh_1', true, 300);
    expect(pace.mayShare('wh_1')).toBe(true);
  });
});

describe('the attention of a process', () => {
  it('goes on while it waits for what comes, and stands still while it is held up', async () => {
    const attention = new Attention();
    const before = attention.now();
    await waitFor('100 ms of attention', () => attention.now() - before > 100);
    const heldUp = attention.now();
    holdUp(500);
    expect(attention.now() - heldUp).toBeLessThan(100);
  });
});
