import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { deployment, newName, Program } from '../durability/program.js';
import { freePort } from '../../src/stack/free-ports.js';
import { Api } from '../support/api.js';
import { databaseUri, makeNamespace, sandboxKey } from '../support/postrider.js';
import mongoose from 'mongoose';
import { Receiver, type Arrival } from '../support/receiver.js';
import { subscribe } from '../support/subscribe.js';
import { waitFor } from '../support/wait.js';
import { dataOf } from './stage.js';

/** Processes start in seconds, and a dead worker is noticed after ten; on a busy machine three that start at once take a minute. */
const longMs = 300_000;
const retrySchedule = ['10ms', '10ms', '10ms', '10ms', '10ms'];

/** What is published under a key, call by call, and how often the receiver fails each of its events. */
interface KeyPlan {
  batches: { size: number; api: number }[];
  failures: number[];
}

interface Plan {
  keys: KeyPlan[];
  onFailure: 'block' | 'park' | { skipAfter: number };
  /** Kills of a process, each after this share (in percent) of what is to arrive, or to be published. */
  kills: { role: 'api' | 'worker'; which: number; at: number }[];
}

const plans: fc.Arbitrary<Plan> = fc.record({
  keys: fc.array(
    fc.record({
      batches: fc.array(
        fc.record({ size: fc.integer({ min: 1, max: 5 }), api: fc.integer({ min: 0, max: 1 }) }),
        { minLength: 4, maxLength: 8 },
      ),
      failures: fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 7 }),
    }),
    { minLength: 3, maxLength: 5 },
  ),
  onFailure: fc.constantFrom('block' as const, 'park' as const, { skipAfter: 2 }),
  kills: fc.tuple(kill('worker'), kill('worker'), kill('api')).map((all) => [...all]),
});

function kill(role: 'api' | 'worker') {
  return fc.record({
    role: fc.constant(role),
    which: fc.integer({ min: 0, max: 1 }),
    at: fc.integer({ min: 5, max: 80 }),
  });
}

const name = newName();
/** The first two are APIs, the others workers. */
const programs: Program[] = [];
const starts: (() => Program)[] = [];
const urls: string[] = [];
let receiver: Receiver;
let connection: mongoose.Connection;

beforeAll(async () => {
  receiver = await Receiver.start();
  await makeNamespace(process.env['TEST_TEMPORAL_ADDRESS'] ?? '', name);
  connection = await mongoose.createConnection(databaseUri(name)).asPromise();
  for (const _ of [0, 1]) {
    const port = await freePort();
    urls.push(`http://127.0.0.1:${port}`);
    starts.push(() => new Program('api', { ...deployment(name), POSTRIDER_PORT: String(port) }));
  }
  for (const _ of [0, 1]) starts.push(() => new Program('worker', deployment(name)));
  for (const start of starts) programs.push(start());
  await Promise.all(
    urls.map(async (url) =>
      waitFor('the API', async () => (await fetch(`${url}/healthz`).catch(() => undefined))?.ok, longMs),
    ),
  );
});

afterAll(async () => {
  await killed.catch(() => undefined);
  await Promise.all(programs.map(async (program) => program.kill()));
  await connection.dropDatabase().catch(() => undefined);
  await connection.close();
  await receiver.stop();
});

/** Two kills may come at once, of one process: each ends what the one before has started. */
let killed: Promise<void> = Promise.resolve();

async function killAndStart(index: number): Promise<void> {
  const before = killed;
  killed = (async () => {
    await before;
    const [program, start] = [programs[index], starts[index]];
    if (!program || !start) throw new Error('no such process');
    await program.kill();
    programs[index] = start();
  })();
  return killed;
}

/** What a receiver sees of an order that is broken. */
class Watch {
  readonly faults: string[] = [];
  /** Events of each key in the order of their first arrivals. */
  readonly firsts = new Map<string, number[]>();
  /** Requests of each key that are not answered, by the event. */
  readonly #underWay = new Map<string, Map<ServerResponse, number>>();
  readonly #failuresLeft = new Map<string, number>();
  readonly #plan: Plan;
  readonly #held = new Set<ServerResponse>();
  #isReleased = false;
  onArrival: (count: number) => void = () => undefined;
  #count = 0;

  constructor(plan: Plan) {
    this.#plan = plan;
  }

  async answer(arrival: Arrival, response: ServerResponse): Promise<void> {
    const { account, n } = dataOf(arrival);
    const key = account.id;
    this.onArrival((this.#count += 1));
    const underWay = this.#underWay.get(key) ?? new Map<ServerResponse, number>();
    this.#underWay.set(key, underWay);
    for (const other of underWay.values()) {
      if (other !== n) this.faults.push(`${key}/${n} came while ${key}/${other} was under way`);
    }
    underWay.set(response, n);
    response.on('close', () => underWay.delete(response));
    const firsts = this.firsts.get(key) ?? [];
    this.firsts.set(key, firsts);
    if (!firsts.includes(n)) {
      firsts.push(n);
      if (firsts.at(-2) !== undefined && firsts.at(-2) !== n - 1) {
        this.faults.push(`${key}/${n} came right after ${key}/${firsts.at(-2)}`);
      }
      if (n > 0 && this.#failuresLeftOf(key, n - 1) > 0 && this.#plan.onFailure === 'block') {
        this.faults.push(`${key}/${n} came before ${key}/${n - 1} had ended`);
      }
    }
    if (key === 'stuck' && !this.#isReleased) {
      this.#held.add(response);
      return;
    }
    await delay(n % 4);
    const left = this.#failuresLeftOf(key, n);
    this.#failuresLeft.set(`${key}/${n}`, left - 1);
    underWay.delete(response);
    response.writeHead(left > 0 ? 500 : 200).end();
  }

  /** Answers what was held. */
  release(): void {
    this.#isReleased = true;
    for (const response of this.#held) response.writeHead(200).end();
  }

  #failuresLeftOf(key: string, n: number): number {
    const { failures } = this.#plan.keys[Number(key)] ?? { failures: [0] };
    return this.#failuresLeft.get(`${key}/${n}`) ?? failures[n % failures.length] ?? 0;
  }
}

/** Publishes the events of a key, one call after the other; a call that a kill cuts off is repeated until it is answered. */
async function publishKey(
  type: string,
  key: string,
  { batches }: Pick<KeyPlan, 'batches'>,
  run: string,
): Promise<number> {
  let n = 0;
  for (const { size, api } of batches) {
    const events = Array.from({ length: size }, (_, index) => ({
      type,
      data: { account: { id: key }, n: n + index },
      idempotencyKey: `${run}/${key}/${n + index}`,
    }));
    await waitFor(
      'an answer',
      async () => {
        const answer = await fetch(`${urls[api]}/v1/events/batch`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: `Bearer ${sandboxKey}` },
          body: JSON.stringify({ events }),
        }).catch(() => undefined);
        return answer?.status === 202;
      },
      longMs,
    );
    n += size;
  }
  return n;
}

async function openDeliveries(which: object = {}): Promise<number> {
  return connection.collection('deliveries').countDocuments({ open: true, ...which });
}

let runs = 0;

async function carryOut(plan: Plan): Promise<void> {
  runs += 1;
  const api = new Api(urls[0] ?? '', sandboxKey);
  const ordered = { orderingKey: 'account.id', onFailure: plan.onFailure };
  const webhook = { url: receiver.url(), ordered, retrySchedule };
  const { type } = await waitFor(
    'the API',
    async () => subscribe(api, webhook).catch(() => undefined),
    longMs,
  );
  const watch = new Watch(plan);
  receiver.always(async (arrival, response) => watch.answer(arrival, response));
  const total = plan.keys.flatMap(({ batches }) => batches).reduce((sum, { size }) => sum + size, 0);
  const kills: Promise<void>[] = [];
  const waiting = [...plan.kills];
  watch.onArrival = (count) => {
    for (const one of waiting.splice(0)) {
      if (count * 100 < one.at * total) waiting.push(one);
      else kills.push(killAndStart(one.role === 'api' ? one.which : 2 + one.which));
    }
  };
  const stuck = { batches: [{ size: 2, api: 0 }] };
  const [published] = await Promise.all([
    Promise.all(plan.keys.map(async (key, index) => publishKey(type, String(index), key, `run ${runs}`))),
    publishKey(type, 'stuck', stuck, `run ${runs}`),
  ]);
  // One key waits for its receiver all the time, and no other for it. Its lane may be the one that a dead worker had
  // taken: then it is the last to arrive. Where the others take longer than a request may, its second event may have come too.
  await waitFor(
    'the end of all but what is stuck',
    async () => (await openDeliveries({ laneKey: { $ne: 'stuck' } })) === 0,
    longMs,
  );
  const [first] = await waitFor('the arrival of what is stuck', () => watch.firsts.get('stuck'), longMs);
  expect(first).toBe(0);
  watch.release();
  await waitFor('the end of all', async () => (await openDeliveries()) === 0, longMs);
  await waitFor(
    'the end of the lanes',
    async () => (await connection.collection('lanes').countDocuments()) === 0,
    longMs,
  );
  await Promise.all(kills);
  expect(watch.faults).toEqual([]);
  expect(published.map((_, index) => watch.firsts.get(String(index)))).toEqual(
    published.map((count) => Array.from({ length: count }, (_, n) => n)),
  );
  expect(kills.length).toBeGreaterThan(0);
}

describe('whatever fails and is killed', () => {
  it('the order within a key is never broken, and no key waits for another', async () => {
    await fc.assert(fc.asyncProperty(plans, carryOut), { numRuns: 2, endOnFailure: true });
  }, 1_800_000);
});
