import type { Measured, Part } from './measure.js';
import { quantile } from './load.js';
import { memoryMiB } from './process-usage.js';

/** The loads that each way is measured under. */
export interface Runs {
  /** 50 callers, as fast as they are answered. */
  busy: Measured[];
  /** 200 callers. */
  crowded: Measured[];
  /** One event after another, at a rate. */
  quiet: Measured[];
}

/** One way in figures: medians over the rounds. */
export interface Side {
  perSecond: { busy: number; crowded: number };
  cpuMs: Record<Part | 'all', number>;
  quiet: { p50: number; p99: number };
  busyP50: number;
  peakMiB: number;
}

function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** What the runs of a way come to; `pids` are its processes. */
export function figuresOf({ busy, crowded, quiet }: Runs, pids: readonly number[]): Side {
  const cpu = (part: Part) => median(busy.map(({ cpuMs }) => cpuMs[part]));
  const byPart = { temporal: cpu('temporal'), mongodb: cpu('mongodb'), process: cpu('process') };
  const rate = (runs: readonly Measured[]) => median(runs.map(({ perSecond }) => perSecond));
  return {
    perSecond: { busy: rate(busy), crowded: rate(crowded) },
    cpuMs: { ...byPart, all: byPart.temporal + byPart.mongodb + byPart.process },
    quiet: { p50: median(quiet.map(({ p50 }) => p50)), p99: median(quiet.map(({ p99 }) => p99)) },
    busyP50: median(busy.map(({ p50 }) => p50)),
    peakMiB: Math.max(...pids.map((pid) => memoryMiB(pid).peak)),
  };
}

/** The table that the benchmark is for: (a), (b), and what (b) is of (a). `postMs` is the CPU of a bare POST, driver and sink. */
export function printFigures(bare: Side, full: Side, postMs: number): void {
  const rows: [string, (side: Side) => number, number][] = [
    ['deliveries a second, 50 callers', (side) => side.perSecond.busy, 1],
    ['deliveries a second, 200 callers', (side) => side.perSecond.crowded, 1],
    ['CPU ms a delivery, 50 callers, all', (side) => side.cpuMs.all, 2],
    ['  Temporal', (side) => side.cpuMs.temporal, 2],
    ['  MongoDB', (side) => side.cpuMs.mongodb, 2],
    ['  our process', (side) => side.cpuMs.process, 2],
    [`  as a multiple of a bare POST (${postMs.toFixed(2)} ms)`, (side) => side.cpuMs.all / postMs, 1],
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

/** One run in a line. */
export function summaryOf({ perSecond, cpuMs, p50, p99 }: Measured): string {
  const all = cpuMs.temporal + cpuMs.mongodb + cpuMs.process;
  const [rate, cpu, middle, late] = [perSecond.toFixed(0), all.toFixed(2), p50.toFixed(0), p99.toFixed(0)];
  return `${rate} a second, ${cpu} ms of CPU a delivery, publish to arrival p50 ${middle} ms, p99 ${late} ms`;
}
