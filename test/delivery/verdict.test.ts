import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { retryAfterMs } from '../../src/delivery/retry-after.js';
import { defaultRetrySchedule } from '../../src/delivery/retry-schedule.js';
import { judge } from '../../src/delivery/verdict.js';
import type { AttemptOutcome, Verdict } from '../../src/delivery/verdict.js';

const now = new Date('2026-01-02T03:04:05Z');
const hour = 3_600_000;

function verdict(outcome: AttemptOutcome, attemptNumber = 1, schedule = defaultRetrySchedule): Verdict {
  return judge({ outcome, attemptNumber, schedule, now });
}

function status(code: number, retryAfter?: string): AttemptOutcome {
  return { ok: true, status: code, headers: retryAfter === undefined ? [] : [['Retry-After', retryAfter]] };
}

describe('the verdict on an attempt', () => {
  it.each([200, 201, 202, 204, 206, 299])('is succeeded for %i', (code) => {
    expect(verdict(status(code))).toEqual({ kind: 'succeeded' });
    expect(verdict(status(code), 7)).toEqual({ kind: 'succeeded' });
  });

  it('is rejected for 400, whatever is left of the schedule', () => {
    expect(verdict(status(400))).toEqual({ kind: 'failed', reason: 'rejected' });
    expect(verdict(status(400), 7)).toEqual({ kind: 'failed', reason: 'rejected' });
  });

  it('is a retry with a new token for 401', () => {
    expect(verdict(status(401))).toEqual({ kind: 'retry', delayMs: 5_000 });
    expect(verdict(status(401), 7)).toEqual({ kind: 'failed', reason: 'exhausted' });
  });

  it.each([300, 301, 302, 307, 304, 402, 403, 404, 408, 409, 410, 422, 429, 500, 502, 503, 504, 599])(
    'is a retry by the schedule for %i',
    (code) => {
      expect(verdict(status(code))).toEqual({ kind: 'retry', delayMs: 5_000 });
    },
  );

  it('is a retry by the schedule where there was no response', () => {
    expect(verdict({ ok: false })).toEqual({ kind: 'retry', delayMs: 5_000 });
    expect(verdict({ ok: false }, 7)).toEqual({ kind: 'failed', reason: 'exhausted' });
  });

  it('walks through the schedule, then is exhausted', () => {
    const verdicts = [1, 2, 3, 4, 5, 6, 7, 8].map((number) => verdict(status(500), number));
    const delays = verdicts.map((given) => (given.kind === 'retry' ? given.delayMs : given.kind));
    expect(delays).toEqual([5_000, 300_000, hour / 2, 2 * hour, 5 * hour, 10 * hour, 'failed', 'failed']);
    expect(verdict(status(500), 1, [])).toMatchObject({ kind: 'failed', reason: 'exhausted' });
  });

  it('never has a delay of 0, which would end the retries', () => {
    expect(verdict(status(500), 1, ['0s'])).toMatchObject({ kind: 'retry', delayMs: 1_000 });
    expect(verdict(status(500), 1, ['500ms'])).toMatchObject({ kind: 'retry', delayMs: 500 });
    expect(verdict(status(503, '0'), 1, ['0s'])).toMatchObject({ kind: 'retry', delayMs: 1_000 });
  });
});

describe('Retry-After', () => {
  it.each([429, 503])('of a %i counts where it is later than the schedule', (code) => {
    expect(verdict(status(code, '60'))).toMatchObject({ kind: 'retry', delayMs: 60_000 });
    expect(verdict(status(code, '2'))).toMatchObject({ kind: 'retry', delayMs: 5_000 });
    expect(verdict(status(code, '60'), 2)).toMatchObject({ kind: 'retry', delayMs: 300_000 });
    expect(verdict(status(code, 'Fri, 02 Jan 2026 04:04:05 GMT'))).toMatchObject({ delayMs: hour });
    expect(verdict(status(code, '999999999'))).toMatchObject({ delayMs: 24 * hour });
    expect(verdict(status(code, 'soon'))).toMatchObject({ delayMs: 5_000 });
  });

  it('gives no attempt more than the schedule has', () => {
    expect(verdict(status(503, '60'), 7)).toMatchObject({ kind: 'failed', reason: 'exhausted' });
  });

  it.each([401, 404, 500, 302])('of a %i counts for nothing', (code) => {
    expect(verdict(status(code, '60'))).toMatchObject({ kind: 'retry', delayMs: 5_000 });
  });

  it('of 400 or 200 changes nothing', () => {
    expect(verdict(status(400, '60'))).toMatchObject({ reason: 'rejected' });
    expect(verdict(status(200, '60'))).toEqual({ kind: 'succeeded' });
  });

  it.each([
    ['0', 0],
    ['120', 120_000],
    [' 7 ', 7_000],
    ['86401', 24 * hour],
    ['9'.repeat(400), 24 * hour],
    ['Fri, 02 Jan 2026 03:05:05 GMT', 60_000],
    ['Friday, 02-Jan-26 03:05:05 GMT', 60_000],
    ['Fri Jan  2 03:05:05 2026', 60_000],
    ['Fri, 02 Jan 2026 03:00:00 GMT', 0],
    ['Wed, 01 Jan 2031 00:00:00 GMT', 24 * hour],
  ])('reads %s', (value, ms) => {
    expect(retryAfterMs(value, now)).toBe(ms);
  });

  it.each([
    '',
    '-1',
    '1.5',
    '5s',
    '1e3',
    '2026-01-02T04:04:05Z',
    'Fri, 99 Jan 2026 03:05:05 GMT',
    '1, 2',
    'tomorrow',
  ])('ignores %j', (value) => {
    expect(retryAfterMs(value, now)).toBeUndefined();
  });

  it('is never more than a day, nor below nothing, whatever it says', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.integer().map(String),
          fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
        ),
        (value) => {
          const ms = retryAfterMs(value, now);
          if (ms === undefined) return;
          expect(ms).toBeGreaterThanOrEqual(0);
          expect(ms).toBeLessThanOrEqual(24 * hour);
        },
      ),
    );
  });
});
