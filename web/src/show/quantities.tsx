import type { ReactNode } from 'react';

const unit = (name: string, digits = 0): Intl.NumberFormat =>
  new Intl.NumberFormat(undefined, {
    style: 'unit',
    unit: name,
    unitDisplay: 'narrow',
    maximumFractionDigits: digits,
  });

const durations = [
  [86_400_000, unit('day', 1)],
  [3_600_000, unit('hour', 1)],
  [60_000, unit('minute', 1)],
  [1_000, unit('second', 2)],
  [1, unit('millisecond')],
] as const;

const sizes = [
  [1_048_576, unit('megabyte', 1)],
  [1_024, unit('kilobyte', 1)],
  [1, unit('byte')],
] as const;

function inUnits(value: number, units: readonly (readonly [number, Intl.NumberFormat])[]): string {
  const [size, format] = units.find(([each]) => value >= each) ?? units.at(-1) ?? [1, unit('second')];
  return format.format(value / size);
}

/** A span of time, given in ms, as text: "1.5s". */
export function durationText(ms: number): string {
  return inUnits(ms, durations);
}

/** A span of time, given in ms. */
export function Duration({ ms }: { ms: number }): ReactNode {
  return <span style={{ whiteSpace: 'nowrap' }}>{durationText(ms)}</span>;
}

/** A size, given in bytes; a kilobyte is 1,024 of them. */
export function Bytes({ count }: { count: number }): ReactNode {
  return <span style={{ whiteSpace: 'nowrap' }}>{inUnits(count, sizes)}</span>;
}
