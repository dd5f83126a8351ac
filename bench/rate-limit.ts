import { setTimeout as delay } from 'node:timers/promises';
import type { Child } from './child.js';
import type { PostriderWay } from './postrider.js';

/** So many times what the limit allows is published, for so long: ever more waits. */
const surplus = 1.5;
const lastingS = 25;
/** Until then, the first of what waits is still lined up. */
const beginS = 2;

/**
 * How much of a `rateLimit` is used while enough waits: the arrivals under each limit (a second) as a part of what it allows, from
 * the first one on, and from 2 s after it, to the end of publishing.
 */
export async function measureRateLimit(
  { callWith }: Pick<PostriderWay, 'callWith'>,
  sink: Child,
  sinkUrl: string,
): Promise<void> {
  const call = callWith();
  console.log('\nof a rateLimit, while half as much again is published:');
  for (const rateLimit of [10, 20]) {
    const type = `paced.${rateLimit}`;
    const path = `/${type}`;
    await call('POST', '/v1/event-types', { name: type });
    await call('POST', '/v1/webhooks', {
      name: type,
      url: `${sinkUrl}${path}`,
      eventTypes: [type],
      rateLimit,
    });
    const count = rateLimit * lastingS * surplus;
    const arrived = sink.message<[string, number][]>('arrivals');
    sink.send({ expect: count, path });
    await sink.message('ready');
    const began = performance.now();
    const published: Promise<unknown>[] = [];
    for (let n = 0; n < count; n += 1) {
      published.push(call('POST', '/v1/events', { type, data: { n } }));
      await delay(Math.max(0, began + (n + 1) * (1_000 / rateLimit / surplus) - performance.now()));
    }
    const end = (performance.timeOrigin + performance.now()) / 1_000;
    await Promise.all(published);
    const times = (await arrived).map(([, at]) => at / 1_000).toSorted((a, b) => a - b);
    const [first = 0] = times;
    const used = (from: number): string => {
      const inTime = times.filter((at) => at >= from && at < end).length;
      return `${((100 * inTime) / rateLimit / (end - from)).toFixed(0)} %`;
    };
    console.log(
      `  ${rateLimit} a second: ${used(first + beginS)} used after the first ${beginS} s, ${used(first)} with them; ` +
        `${mostIn(times, 10) / 10} a second at most in ten seconds`,
    );
  }
}

/** The most that came within `seconds`. */
function mostIn(times: readonly number[], seconds: number): number {
  let from = 0;
  let most = 0;
  for (const [index, time] of times.entries()) {
    while ((times[from] ?? time) <= time - seconds) from += 1;
    most = Math.max(most, index - from + 1);
  }
  return most;
}
