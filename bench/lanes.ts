import { measureRun, type Meters } from './measure.js';
import type { PostriderWay } from './postrider.js';

const callers = 50;

/** Deliveries in order, through one lane and through a thousand, to a receiver that answers after 1 ms. */
export async function measureLanes(
  postrider: PostriderWay,
  meters: Meters,
  url: string,
  count: number,
): Promise<void> {
  for (const keys of [1, 1_000]) {
    const way = await postrider.inOrder(keys, url);
    const { perSecond, cpuMs, p50, p99 } = await measureRun(meters, way, { count, callers });
    const all = cpuMs.temporal + cpuMs.mongodb + cpuMs.process;
    console.log(
      `${count} in order, ${keys} lane${keys === 1 ? '' : 's'}: ${perSecond.toFixed(1)} a second, ` +
        `CPU ms each ${all.toFixed(2)} (Temporal ${cpuMs.temporal.toFixed(2)}, MongoDB ${cpuMs.mongodb.toFixed(2)}, ` +
        `our process ${cpuMs.process.toFixed(2)}), publish to arrival p50 ${p50.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms`,
    );
  }
}
