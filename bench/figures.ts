import type { Measured, Part } from './measure.js';
import { quantile } from './load.js';
import { memoryMiB } from './process-usage.js';

/** One way in figures: medians over the rounds. */
export interface Side {
  perSecond: number;
  cpuMs: Record<Part | 'all', number>;
  quiet: { p50: number; p99: number };
  busyP50: number;
  peakMiB: number;
}

function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** What the runs of a way come to; `pid` is its process. */
export function figuresOf(busy: readonly Measured[], quiet: readonly Measured[], pid: number): Side {
  const cpu = (part: Part) => median(busy.map(({ cpuMs }) => cpuMs[part]));
  const byPart = { temporal: cpu('temporal'), mongodb: cpu('mongodb'), process: cpu('process') };
  return {
    perSecond: median(busy.map(({ perSecond }) => perSecond)),
    cpuMs: { ...byPart, all: byPart.temporal + byPart.mongodb + byPart.process },
    quiet: { p50: median(quiet.map(({ p50 }) => p50)), p99: median(quiet.map(({ p99 }) => p99)) },
    busyP50: median(busy.map(({ p50 }) => p50)),
    peakMiB: memoryMiB(pid).peak,
  };
}

/** The table that the benchmark is for: (a), (b), and what (b) is of (a). */
export function printFigures(bare: Side, full: Side): void {
  const rows: [string, (side: Side) => number, number][] = [
    ['deliveries a second, 50 callers', (side) => side.perSecond, 1],
    ['CPU ms a delivery, all', (side) => side.cpuMs.all, 2],
    ['  Temporal', (side) => side.cpuMs.temporal, 2],
    ['  MongoDB', (side) => side.cpuMs.mongodb, 2],
    ['  our process', (side) => side.cpuMs.process, 2],
    ['publish to arrival, quiet, p50 ms', (side) => side.quiet.p50, 1],
    ['publish to arrival, quiet, p99 ms', (side) => side.quiet.p99, 1],
    ['publish to arrival, 50 callers, p50 ms', (side) => side.busyP50, 1],
    ['peak memory of our process, MiB', (side) => side.peakMiB, 0],
  ];
  console.log(
    `\n${'figure'.padEnd(42)}${'(a) bare'.padStart(12)}${'(b) full'.padStart(12)}${'(b)/(a)'.padStart(10)}`,
  );
  for (const [name, of, digits] of rows) {
    const [a, b] = [of(bare), of(full)];
    const ratio = a > 0 ? (b / a).toFixed(2) : '';
    console.log(
      `${name.padEnd(42)}${a.toFixed(digits).padStart(12)}${b.toFixed(digits).padStart(12)}${ratio.padStart(10)}`,
    );
  }
}
