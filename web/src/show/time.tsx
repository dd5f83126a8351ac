import { useInterval } from '@mantine/hooks';
import { useState, type ReactNode } from 'react';
import { hint } from './hint.js';

const local = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const relativeTo = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto', style: 'short' });

/** A moment (ISO 8601) in local time, where only text can stand. */
export function timeText(at: string): string {
  return local.format(new Date(at));
}

/** Steps of relative time, the longest first, in ms. */
const steps: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
];

/** A moment (ISO 8601) in local time, or with `relative` from now, which keeps up; the exact UTC on hover. */
export function Time({ at, relative = false }: { at: string; relative?: boolean }): ReactNode {
  return (
    <time dateTime={at} style={{ whiteSpace: 'nowrap' }} {...hint(at)}>
      {relative ? <FromNow at={at} /> : local.format(new Date(at))}
    </time>
  );
}

function FromNow({ at }: { at: string }): ReactNode {
  const [now, setNow] = useState(() => Date.now());
  useInterval(() => setNow(Date.now()), 1_000, { autoInvoke: true });
  return fromNow(Date.parse(at) - now);
}

/** A distance of time in ms (negative: past) in words: "5 min. ago". */
export function fromNow(distanceMs: number): string {
  const [unit, length] = steps.find(([, step]) => Math.abs(distanceMs) >= step) ?? ['second', 1_000];
  return relativeTo.format(Math.round(distanceMs / length), unit);
}
