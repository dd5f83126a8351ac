import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Agent, request } from 'undici';
import type { Stack } from '../src/stack/stack.js';
import { Child } from './child.js';
import { inParallel } from './load.js';
import { memoryMiB } from './process-usage.js';
import type { Way } from './ways.js';

const mainScript = new URL('../../../dist/main.js', import.meta.url);
const firstPort = 18_471;
const key = 'the-key-of-the-benchmark-0123456789abcdef';
/** The same for all processes: they share what is encrypted, and who may call. */
const keys = {
  POSTRIDER_SANDBOX_KEY: key,
  POSTRIDER_PRODUCTION_KEY: `${key}-production`,
  POSTRIDER_ROOT_KEY: `${key}-root`,
  POSTRIDER_ENCRYPTION_KEYS: `bench:${randomBytes(32).toString('base64')}`,
};

/** What a process does: API and worker together, or one of them. */
export type Role = 'all' | 'api' | 'worker';

/** A call of the API that must succeed; gives its answer. */
export type Call = (
  method: 'GET' | 'POST' | 'PATCH',
  path: string,
  body?: object,
  headers?: Record<string, string>,
) => Promise<Record<string, unknown>>;

export interface PostriderWay extends Way {
  /** Calls with a key; by default that of the organization which the other measurements are made with. */
  callWith(key?: string): Call;
  /** Calls with the root key. */
  readonly root: Call;
  /** Publishes events whose deliveries all fail and then wait; gives the memory of the first process while they do. */
  holdWaiting(count: number, url: string): Promise<string>;
  /** The way through an ordered webhook, whose events have so many different keys in turn. */
  inOrder(keyCount: number, url: string): Promise<Way>;
}

/** Starts the built program, a process for each role; callers take those with an API in turns. */
export async function startPostrider(
  stack: Stack,
  dataDir: string,
  sinkUrl: string,
  roles: readonly Role[] = ['all'],
): Promise<PostriderWay> {
  // A light driver: it shares the machine with what it measures.
  const agent = new Agent({ connections: 200 });
  const children = roles.map(
    (role, index) =>
      new Child(mainScript, [], {
        ...process.env,
        ...keys,
        TEMPORAL_ADDRESS: stack.temporalAddress,
        MONGODB_URI: stack.mongodbUri,
        POSTRIDER_PORT: String(firstPort + index),
        POSTRIDER_DATA_DIR: dataDir,
        POSTRIDER_ROLE: role,
        POSTRIDER_EGRESS_ALLOW: '127.0.0.0/8',
        POSTRIDER_LOG_LEVEL: 'info',
      }),
  );
  const urls = roles.map((_, index) => `http://127.0.0.1:${firstPort + index}`);
  const apis = urls.filter((_, index) => roles[index] !== 'worker');
  let calls = 0;
  const callWith =
    (bearer = key): Call =>
    async (method, path, body, headers = {}) => {
      calls += 1;
      const { statusCode, body: answer } = await request(`${apis[calls % apis.length]}${path}`, {
        method,
        dispatcher: agent,
        headers: {
          authorization: `Bearer ${bearer}`,
          'content-type': 'application/json',
          ...headers,
        },
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
      if (statusCode >= 300)
        throw new Error(`${method} ${path} answered ${statusCode}: ${await answer.text()}`);
      return (await answer.json()) as Record<string, unknown>;
    };
  const call = callWith();
  await Promise.all(urls.map(async (url) => untilReady(`${url}/readyz`)));
  // Event types of its own: other processes have left theirs in the same database.
  const type = `bench.${roles.join('.')}`;
  for (const name of [type, `${type}.waiting`]) await call('POST', '/v1/event-types', { name });
  await call('POST', '/v1/webhooks', { name: 'sink', url: sinkUrl, eventTypes: [type] });
  const pids = children.map(({ pid }) => pid);
  const publishing =
    (published: string, dataOf: (index: number) => object): Way['send'] =>
    async ({ count, ...load }) => {
      const began = new Map<string, number>();
      const numbers = Array.from({ length: count }, (_, index) => String(index));
      const ids = new Map<string, string>();
      const sent = await inParallel({ ids: numbers, ...load }, async (number) => {
        const { id } = await call('POST', '/v1/events', {
          type: published,
          data: dataOf(Number(number)),
        });
        ids.set(number, String(id));
      });
      for (const [number, at] of sent) began.set(ids.get(number) ?? '', at);
      return began;
    };
  return {
    pids,
    path: new URL(sinkUrl).pathname,
    callWith,
    root: callWith(keys.POSTRIDER_ROOT_KEY),
    send: publishing(type, () => ({ n: 1 })),
    async inOrder(keyCount, url) {
      const name = `${type}.lanes.${keyCount}`;
      await call('POST', '/v1/event-types', { name });
      const ordered = { orderingKey: 'key' };
      await call('POST', '/v1/webhooks', { name, url, eventTypes: [name], ordered });
      const send = publishing(name, (index) => ({ key: index % keyCount }));
      return { pids, path: new URL(url).pathname, send, stop: async () => undefined };
    },
    async holdWaiting(count, url) {
      await call('POST', '/v1/webhooks', {
        name: 'down',
        url,
        eventTypes: [`${type}.waiting`],
        retrySchedule: ['2h'],
      });
      const batch = {
        events: Array.from({ length: 500 }, (_, n) => ({
          type: `${type}.waiting`,
          data: { n },
        })),
      };
      for (let published = 0; published < count; published += batch.events.length)
        await call('POST', '/v1/events/batch', batch);
      const metric = /^postrider_open_deliveries\{status="waiting"\} (\d+)/m;
      for (let held = 0; held < count; await delay(500)) {
        const text = await (await fetch(`${urls[0]}/metrics`)).text();
        held = Number(metric.exec(text)?.[1] ?? 0);
      }
      const { now, peak } = memoryMiB(children[0]?.pid ?? 0);
      return `${now.toFixed(0)} MiB, ${peak.toFixed(0)} at its peak`;
    },
    async stop() {
      await agent.close();
      await Promise.all(children.map(async (child) => child.stop()));
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
