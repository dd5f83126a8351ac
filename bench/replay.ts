import { setTimeout as delay } from 'node:timers/promises';
import type { Child } from './child.js';
import { memoryMiB } from './process-usage.js';
import type { PostriderWay } from './postrider.js';

/** Events of one call that publishes. */
const batch = 500;
/** Deliveries a second: the most that a replay may be given. */
const rate = 1_000;

/** Publishes events in batches and replays all of their deliveries: how many arrive a second, until the last one, and the memory of the first process. */
export async function measureReplay(
  { callWith, pids }: Pick<PostriderWay, 'callWith' | 'pids'>,
  sink: Child,
  sinkUrl: string,
  count: number,
): Promise<void> {
  const call = callWith();
  const type = 'replayed';
  const path = `/${type}`;
  await call('POST', '/v1/event-types', { name: type });
  await call('POST', '/v1/webhooks', { name: type, url: `${sinkUrl}${path}`, eventTypes: [type] });
  const published = await perSecond(sink, path, count, async () => {
    for (let sent = 0; sent < count; sent += batch) {
      const events = Array.from({ length: Math.min(batch, count - sent) }, (_, n) => ({ type, data: { n } }));
      await call('POST', '/v1/events/batch', { events });
    }
  });
  const filter = { eventType: type, status: 'succeeded' };
  // The last ones that arrived are not recorded yet.
  for (let found = 0; found < count; await delay(250)) {
    found = Number((await call('POST', '/v1/replays', { filter, dryRun: true }))['count']);
  }
  const replayed = await perSecond(sink, path, count, async () => {
    await call('POST', '/v1/replays', { filter, rate });
  });
  const { now, peak } = memoryMiB(pids[0] ?? 0);
  console.log(
    `${count} published in batches of ${batch}: ${published.toFixed(0)} a second; replayed at ${rate} a second at most: ` +
      `${replayed.toFixed(0)}; our process has ${now.toFixed(0)} MiB, ${peak.toFixed(0)} at its peak`,
  );
}

/** Arrivals a second, from when it begins until so many have come. */
async function perSecond(
  sink: Child,
  path: string,
  count: number,
  send: () => Promise<void>,
): Promise<number> {
  const ready = sink.message('ready');
  sink.send({ expect: count, path });
  await ready;
  const arrived = sink.message('arrivals');
  const began = performance.now();
  await send();
  await arrived;
  return count / ((performance.now() - began) / 1_000);
}
