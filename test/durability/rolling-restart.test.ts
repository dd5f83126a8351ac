import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../src/stack/free-ports.js';
import { Agent, request } from 'undici';
import { Supervised } from '../../chaos/supervised.js';
import { Api } from '../support/api.js';
import { makeNamespace, sandboxKey } from '../support/postrider.js';
import { Receiver } from '../support/receiver.js';
import { subscribe } from '../support/subscribe.js';
import { waitFor } from '../support/wait.js';
import { deployment, newName } from './program.js';

const main = new URL('../../dist/main.js', import.meta.url);
const longMs = 240_000;
/** How long an API that is to stop still takes calls; and how old an answer of `/readyz` may be for a call to be sent there. */
const leaveMs = 15_000;
const freshMs = 1_000;
/** Deliveries that may be under way: where a machine delivers more slowly than it publishes, the calls wait for it. */
const mostUnderWay = 100;

let dataDir: string;
let receiver: Receiver;
let agent: Agent;
const programs: Supervised[] = [];

beforeEach(async () => {
  [dataDir, receiver] = await Promise.all([mkdtemp(join(tmpdir(), 'postrider-rolling-')), Receiver.start()]);
  agent = new Agent({ connections: 4 });
});

afterEach(async () => {
  await Promise.all(programs.splice(0).map(async (program) => program.stop()));
  await agent.close();
  await receiver.stop();
  await rm(dataDir, { recursive: true, force: true });
});

/** As a load balancer does: it asks each API whether it is ready, again and again, and sends calls in turn to those that said so just now. */
class Balancer {
  readonly #urls: readonly string[];
  readonly #readyAt = new Map<string, number>();
  #isOver = false;
  #turn = 0;
  readonly #asking: Promise<unknown>;
  /** What was seen to answer 503 although it still took calls. */
  readonly saidNo = new Set<string>();

  constructor(urls: readonly string[]) {
    this.#urls = urls;
    this.#asking = Promise.all(urls.map(async (url) => this.#ask(url)));
  }

  async #ask(url: string): Promise<void> {
    while (!this.#isOver) {
      const askedAt = Date.now();
      const status = await fetch(`${url}/readyz`, { headers: { connection: 'close' } }).then(
        (response) => response.status,
        () => 0,
      );
      if (status === 200) this.#readyAt.set(url, askedAt);
      else this.#readyAt.delete(url);
      if (status === 503) this.saidNo.add(url);
      await new Promise((resolve) => {
        setTimeout(resolve, 100);
      });
    }
  }

  isReady(url: string): boolean {
    return Date.now() - (this.#readyAt.get(url) ?? 0) < freshMs;
  }

  async next(): Promise<string> {
    return waitFor(
      'an API that is ready',
      () => {
        const ready = this.#urls.filter((url) => this.isReady(url));
        this.#turn += 1;
        return ready[this.#turn % Math.max(1, ready.length)];
      },
      longMs,
    );
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#asking;
  }
}

it('fails no publish, and loses nothing, while each process is restarted in turn under load', async () => {
  const name = newName();
  await makeNamespace(process.env['TEST_TEMPORAL_ADDRESS'] ?? '', name);
  const ports: number[] = [];
  while (ports.length < 4) ports.push(await freePort());
  const env = deployment(name, { POSTRIDER_DATA_DIR: dataDir });
  for (const [index, port] of ports.entries()) {
    const role = index < 2 ? 'api' : 'worker';
    const leave = role === 'api' ? { POSTRIDER_LEAVE: `${leaveMs}ms` } : {};
    const own = { ...env, ...leave, POSTRIDER_PORT: String(port), POSTRIDER_LOG_LEVEL: 'error' };
    const log = join(dataDir, `${role} ${index}.log`);
    programs.push(new Supervised(`${role} ${index}`, main, ['--role', role], own, log));
  }
  const urls = ports.map((port) => `http://127.0.0.1:${port}`);
  const [apiUrl = '', otherUrl = ''] = urls;
  const balancer = new Balancer(urls);
  const ready = async (url: string) => waitFor(`${url} to be ready`, () => balancer.isReady(url), longMs);
  for (const url of urls) await ready(url);
  const calls = new Balancer([apiUrl, otherUrl]);

  receiver.always(({ url }, response) => {
    setTimeout(() => response.writeHead(200).end(), url === '/slow' ? 1_500 : 10);
  });
  const quick = await subscribe(new Api(apiUrl, sandboxKey), { url: receiver.url() });
  const slow = await subscribe(new Api(apiUrl, sandboxKey), { url: receiver.url('/slow') });

  const published: string[] = [];
  const failed: unknown[] = [];
  const over = new AbortController();
  const caller = async (type: string, pauseMs: number) => {
    while (!over.signal.aborted) {
      await waitFor('arrivals', () => published.length - receiver.arrivals.length < mostUnderWay, longMs);
      const url = await calls.next();
      try {
        const { statusCode, body } = await request(`${url}/v1/events`, {
          method: 'POST',
          dispatcher: agent,
          headers: { authorization: `Bearer ${sandboxKey}`, 'content-type': 'application/json' },
          body: JSON.stringify({ type, data: { a: 1 } }),
        });
        const answer = (await body.json()) as { deliveries: { id: string }[] };
        if (statusCode === 202) published.push(...answer.deliveries.map(({ id }) => id));
        else failed.push({ statusCode, answer });
      } catch (error) {
        failed.push(error);
      }
      await new Promise((resolve) => {
        setTimeout(resolve, pauseMs);
      });
    }
  };
  const load = Promise.all([caller(quick.type, 50), caller(quick.type, 50), caller(slow.type, 400)]);
  for (const index of [0, 2, 1, 3]) {
    const before = published.length;
    await waitFor('calls', () => published.length > before + 10, longMs);
    expect(await programs[index]?.terminate()).toBe(0);
    programs[index]?.start();
    await ready(urls[index] ?? '');
  }
  over.abort();
  await load;
  await Promise.all([balancer.stop(), calls.stop()]);
  expect(failed).toEqual([]);
  expect([apiUrl, otherUrl].filter((url) => !calls.saidNo.has(url))).toEqual([]);

  const api = new Api(apiUrl, sandboxKey);
  const { body } = await waitFor(
    'the ends',
    async () => {
      const answer = await api.get('/v1/ledger');
      const { pending, delivering, waiting } = answer.body.deliveries.byStatus;
      return pending + delivering + waiting === 0 && answer;
    },
    longMs,
  );
  const total = published.length;
  expect(body).toMatchObject({ balanced: true, deliveries: { total, byStatus: { succeeded: total } } });
  // What a worker hands back in the middle of a request is sent again: as the same attempt.
  const arrived = new Set(receiver.arrivals.map(({ headers }) => String(headers['postrider-delivery-id'])));
  expect([...arrived].toSorted()).toEqual(published.toSorted());
  const repeated = receiver.arrivals.filter(({ headers }) => headers['postrider-attempt'] !== '1');
  const why = repeated.map(async ({ headers }) => {
    const { body: delivery } = await api.get(`/v1/deliveries/${String(headers['postrider-delivery-id'])}`);
    return delivery.attempts as unknown;
  });
  expect(await Promise.all(why)).toEqual([]);
}, 1_200_000);
