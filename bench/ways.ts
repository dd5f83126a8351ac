import { setTimeout as delay } from 'node:timers/promises';
import { Agent, request } from 'undici';
import type { Stack } from '../src/stack/stack.js';
import { Child } from './child.js';
import { inParallel, type Load } from './load.js';
import { memoryMiB } from './process-usage.js';

/** A way to deliver. */
export interface Way {
  readonly pid: number;
  /** Sends; gives the time at which the publishing of each began, by the id that the sink will see. */
  send(load: Omit<Load, 'ids'> & { count: number }): Promise<Map<string, number>>;
  stop(): Promise<void>;
}

export async function startBare(stack: Stack, url: string): Promise<Way> {
  const child = new Child(new URL('bare.js', import.meta.url), [stack.temporalAddress, url]);
  await child.message('ready');
  let runs = 0;
  return {
    pid: child.pid,
    async send({ count, ...load }) {
      runs += 1;
      const ids = Array.from({ length: count }, (_, index) => `bare-${runs}-${index}`);
      const sent = child.message<[string, number][]>('sent');
      child.send({ ids, ...load });
      return new Map(await sent);
    },
    stop: async () => child.stop(),
  };
}

const key = 'the-key-of-the-benchmark-0123456789abcdef';
const mainScript = new URL('../../../dist/main.js', import.meta.url);

export interface PostriderWay extends Way {
  /** Publishes events whose deliveries all fail and then wait; gives the memory of the process while they do. */
  holdWaiting(count: number, url: string): Promise<string>;
  /** The way through an ordered webhook, whose events have so many different keys in turn. */
  inOrder(keys: number, url: string): Promise<Way>;
}

export async function startPostrider(stack: Stack, dataDir: string, sinkUrl: string): Promise<PostriderWay> {
  const port = '18471';
  // A light driver: it shares the machine with what it measures.
  const agent = new Agent({ connections: 200 });
  const child = new Child(mainScript, [], {
    ...process.env,
    TEMPORAL_ADDRESS: stack.temporalAddress,
    MONGODB_URI: stack.mongodbUri,
    POSTRIDER_PORT: port,
    POSTRIDER_DATA_DIR: dataDir,
    POSTRIDER_SANDBOX_KEY: key,
    POSTRIDER_EGRESS_ALLOW: '127.0.0.0/8',
    POSTRIDER_LOG_LEVEL: 'info',
  });
  const call = async (method: 'GET' | 'POST', path: string, body?: object) => {
    const { statusCode, body: answer } = await request(`http://127.0.0.1:${port}${path}`, {
      method,
      dispatcher: agent,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    if (statusCode >= 300)
      throw new Error(`${method} ${path} answered ${statusCode}: ${await answer.text()}`);
    return (await answer.json()) as Record<string, unknown>;
  };
  await untilReady(`http://127.0.0.1:${port}/readyz`);
  for (const name of ['bench', 'bench.waiting']) await call('POST', '/v1/event-types', { name });
  await call('POST', '/v1/webhooks', { name: 'sink', url: sinkUrl, eventTypes: ['bench'] });
  const publishing =
    (type: string, dataOf: (index: number) => object): Way['send'] =>
    async ({ count, ...load }) => {
      const began = new Map<string, number>();
      const numbers = Array.from({ length: count }, (_, index) => String(index));
      const ids = new Map<string, string>();
      const sent = await inParallel({ ids: numbers, ...load }, async (number) => {
        const { id } = await call('POST', '/v1/events', { type, data: dataOf(Number(number)) });
        ids.set(number, String(id));
      });
      for (const [number, at] of sent) began.set(ids.get(number) ?? '', at);
      return began;
    };
  return {
    pid: child.pid,
    send: publishing('bench', () => ({ n: 1 })),
    async inOrder(keys, url) {
      const name = `bench.lanes.${keys}`;
      await call('POST', '/v1/event-types', { name });
      const ordered = { orderingKey: 'key' };
      await call('POST', '/v1/webhooks', { name, url, eventTypes: [name], ordered });
      return {
        pid: child.pid,
        send: publishing(name, (index) => ({ key: index % keys })),
        stop: async () => undefined,
      };
    },
    async holdWaiting(count, url) {
      await call('POST', '/v1/webhooks', {
        name: 'down',
        url,
        eventTypes: ['bench.waiting'],
        retrySchedule: ['2h'],
      });
      const batch = {
        events: Array.from({ length: 500 }, (_, n) => ({ type: 'bench.waiting', data: { n } })),
      };
      for (let published = 0; published < count; published += batch.events.length)
        await call('POST', '/v1/events/batch', batch);
      const metric = /^postrider_open_deliveries\{status="waiting"\} (\d+)/m;
      for (let held = 0; held < count; await delay(500)) {
        const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
        held = Number(metric.exec(text)?.[1] ?? 0);
      }
      const { now, peak } = memoryMiB(child.pid);
      return `${now.toFixed(0)} MiB, ${peak.toFixed(0)} at its peak`;
    },
    async stop() {
      await agent.close();
      await child.stop();
    },
  };
}

async function untilReady(url: string): Promise<void> {
  for (let ready = false; !ready; await delay(100)) {
    ready = await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    );
  }
}
