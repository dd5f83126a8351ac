import type { Child } from './child.js';
import type { Load } from './load.js';
import { quantile } from './load.js';
import { cpuMs } from './process-usage.js';
import type { Way } from './ways.js';

/** The processes whose work is counted, and the sink that notes arrivals. */
export interface Meters {
  sink: Child;
  pids: { temporal: readonly number[]; mongodb: readonly number[]; process: readonly number[] };
}

export type Part = keyof Meters['pids'];

/** One run of one way. */
export interface Measured {
  /** Deliveries a second, until the last one arrived. */
  perSecond: number;
  /** CPU a delivery, by process, in ms. */
  cpuMs: Record<Part, number>;
  /** From the begin of the call that publishes to the arrival, in ms. */
  p50: number;
  p99: number;
}

/** After the last arrival, what is left to do for the deliveries (records, closing workflows) counts too. */
const settled = { everyMs: 250, belowMs: 30 };

/** Sends, waits until all have arrived and the processes have come to rest, and measures. */
export async function measureRun(
  { sink, pids }: Meters,
  way: Way,
  load: Omit<Load, 'ids'> & { count: number },
): Promise<Measured> {
  const ready = sink.message('ready');
  sink.send({ expect: load.count, path: way.path });
  await ready;
  const parts = Object.entries(pids) as [Part, readonly number[]][];
  const before = parts.map(([, ofPart]) => usedBy(ofPart));
  const arrived = sink.message<[string, number][]>('arrivals');
  const sent = await way.send(load);
  const arrivals = await arrived;
  await atRest(parts.flatMap(([, ofPart]) => ofPart));
  const used = parts.map(([part, ofPart], index): [Part, number] => [
    part,
    (usedBy(ofPart) - (before[index] ?? 0)) / load.count,
  ]);
  const latencies = arrivals.map(([id, at]) => at - (sent.get(id) ?? Number.NaN));
  const times = arrivals.map(([, at]) => at);
  const seconds = (Math.max(...times) - Math.min(...sent.values())) / 1_000;
  return {
    perSecond: load.count / seconds,
    cpuMs: Object.fromEntries(used) as Record<Part, number>,
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
  };
}

async function atRest(pids: readonly number[]): Promise<void> {
  for (let last = usedBy(pids); ;) {
    await new Promise((resolve) => {
      setTimeout(resolve, settled.everyMs);
    });
    const now = usedBy(pids);
    if (now - last <= settled.belowMs) return;
    last = now;
  }
}

function usedBy(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + cpuMs(pid), 0);
}
