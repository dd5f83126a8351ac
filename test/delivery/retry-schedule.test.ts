import { describe, expect, it } from '@jest/globals';
import { durationMs } from '../../src/config/duration.js';
import {
  defaultRetrySchedule,
  parseRetrySchedule,
  RetrySchedule,
} from '../../src/delivery/retry-schedule.js';

describe('a retry schedule', () => {
  it('is by default seven attempts in 17 h 40 min 5 s less the time of the attempts', () => {
    const total = defaultRetrySchedule.reduce((sum, delay) => sum + durationMs(delay), 0);
    expect(defaultRetrySchedule).toHaveLength(6);
    expect(total).toBe(((17 * 60 + 35) * 60 + 5) * 1_000);
    expect(RetrySchedule.parse(defaultRetrySchedule)).toEqual(['5s', '5m', '30m', '2h', '5h', '10h']);
  });

  it('may be empty', () => {
    expect(RetrySchedule.parse([])).toEqual([]);
  });

  it('has at most 50 delays, each at most 30 days', () => {
    expect(RetrySchedule.safeParse(Array(50).fill('30d')).success).toBe(true);
    expect(RetrySchedule.safeParse(Array(51).fill('1s')).error?.issues).toMatchObject([
      { path: [], message: 'must be at most 50 delays' },
    ]);
    expect(RetrySchedule.safeParse(['5s', '31d']).error?.issues).toMatchObject([
      { path: [1], message: 'must be at most 30d' },
    ]);
  });

  it.each([5, '5', '-5s', '5 s', '1.5h', '5w', ''])('has no delay such as %j', (delay) => {
    expect(RetrySchedule.safeParse(['5s', delay]).error?.issues).toMatchObject([{ path: [1] }]);
  });
});

describe('a retry schedule in the environment', () => {
  it('is a list with commas', () => {
    expect(parseRetrySchedule('5s, 5m ,2h')).toEqual(['5s', '5m', '2h']);
    expect(parseRetrySchedule('')).toEqual([]);
  });

  it.each([
    ['5s,soon', '"soon" must be a whole number with a unit'],
    ['5s,,5m', '"" must be a whole number with a unit'],
    ['5s,31d', '"31d" must be at most 30d'],
    [Array(51).fill('1s').join(','), 'must be at most 50 delays'],
  ])('names the delay that is wrong in %s', (text, message) => {
    expect(() => parseRetrySchedule(text)).toThrow(message);
  });
});
