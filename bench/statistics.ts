import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mongoose from 'mongoose';
import pLimit from 'p-limit';
import type { Context } from '../src/context.js';
import { newDelivery } from '../src/delivery/new-delivery.js';
import { recordAttempt } from '../src/delivery/record.js';
import type { DeliveryRecord } from '../src/models/delivery.js';
import { newId } from '../src/models/ids.js';
import { createModels, ensureIndexes } from '../src/models/models.js';
import { native } from '../src/models/native.js';
import { defaultCacheDir, startStack } from '../src/stack/stack.js';
import { rollUpStatistics } from '../src/statistics/roll-up.js';
import { hoursOf, statisticsOf } from '../src/statistics/webhook-statistics.js';
import { gatherAttemptWrites } from '../src/delivery/attempt-writes.js';
import { cpuMs } from './process-usage.js';

const deliveries = Number(process.env['BENCH_DELIVERIES'] ?? 3_000);
const rounds = Number(process.env['BENCH_ROUNDS'] ?? 4);
const webhooks = 20;
const concurrency = 50;

/*
 * What the statistics cost: CPU of MongoDB and of this process for 1,000 records of an attempt, with the mark that
 * statistics need and without it, in turns; and for the roll-up of 1,000 marked ones. Then what a query reads.
 */
const dataDir = await mkdtemp(join(tmpdir(), 'postrider-bench-'));
const stack = await startStack({
  dataDir,
  cacheDir: process.env['POSTRIDER_CACHE_DIR'] ?? defaultCacheDir(),
  temporalAddress: 'none',
  report: () => undefined,
});
try {
  const state = JSON.parse(await readFile(join(dataDir, 'stack.json'), 'utf8')) as {
    mongodb: { process: { pid: number } };
  };
  const { pid } = state.mongodb.process;
  const connection = await mongoose
    .createConnection(stack.mongodbUri, {
      autoIndex: false,
      autoCreate: false,
      writeConcern: { w: 'majority', journal: true },
    })
    .asPromise();
  const models = createModels(connection);
  await ensureIndexes(models);
  const ctx = {
    connection,
    models,
    attemptWrites: gatherAttemptWrites(models),
    clock: { now: () => new Date() },
    config: { retentionMs: 86_400_000 },
  } as unknown as Context;
  const webhookIds = Array.from({ length: webhooks }, () => newId('webhook'));
  const collection = native(models.deliveries);
  const marking = collection.findOneAndUpdate.bind(collection);
  const plain = async (filter: object, update: object, options: object) =>
    marking(filter, { ...update, $min: {} }, options);

  const costs = { 'record without mark': [0, 0, 0], 'record with mark': [0, 0, 0], 'roll-up': [0, 0, 0] };
  for (let round = 0; round <= rounds; round += 1) {
    for (const way of ['record without mark', 'record with mark'] as const) {
      const records = await makeDeliveries();
      Object.assign(collection, { findOneAndUpdate: way === 'record with mark' ? marking : plain });
      await measure(way, round, async () => record(records));
    }
    await measure('roll-up', round, async () => rollUpStatistics(ctx, new AbortController().signal));
  }
  for (const [what, [mongodb = 0, own = 0, wall = 0]] of Object.entries(costs)) {
    const per = (ms: number) => ((ms / (rounds * deliveries)) * 1_000).toFixed(0).padStart(5);
    console.log(
      `${what.padEnd(20)} per 1,000: mongod ${per(mongodb)} ms CPU, process ${per(own)} ms CPU, ${per(wall)} ms`,
    );
  }

  await printQuery();
  await connection.close();

  async function makeDeliveries(): Promise<DeliveryRecord[]> {
    const now = new Date();
    const made = Array.from({ length: deliveries }, (_, n) => {
      const event = {
        _id: newId('event'),
        organizationId: 'org_default',
        environment: 'sandbox',
        type: 'a.b',
        correlationId: null,
      } as const;
      const webhookId = webhookIds[n % webhooks] ?? '';
      return newDelivery(event, { _id: newId('subscription'), webhookId }, now);
    });
    await collection.insertMany(made);
    return made;
  }

  async function record(records: readonly DeliveryRecord[]): Promise<void> {
    const limit = pLimit(concurrency);
    const headers = Array.from({ length: 10 }, (_, n) => ({
      name: `header-${n}`,
      value: 'a value of a header',
    }));
    const body = { contentType: 'application/json', text: JSON.stringify({ data: 'x'.repeat(500) }) };
    const attempt = {
      number: 1,
      startedAt: new Date(),
      request: { method: 'POST', url: 'https://example.com/hooks', headers },
      response: { status: 200, headers, body: 'ok', truncated: false },
      errorCode: null,
      errorMessage: null,
      nextAttemptAt: null,
    };
    await Promise.all(
      records.map(async (delivery, n) =>
        limit(async () =>
          recordAttempt(ctx, delivery, { ...attempt, durationMs: n % 900 }, { kind: 'succeeded' }, body),
        ),
      ),
    );
  }

  /** The first round warms up. */
  async function measure(what: keyof typeof costs, round: number, work: () => Promise<void>): Promise<void> {
    const before = { mongodb: cpuMs(pid), own: cpuMs(process.pid), wall: performance.now() };
    await work();
    const cost = costs[what];
    if (round === 0) return;
    cost[0] = (cost[0] ?? 0) + cpuMs(pid) - before.mongodb;
    cost[1] = (cost[1] ?? 0) + cpuMs(process.pid) - before.own;
    cost[2] = (cost[2] ?? 0) + performance.now() - before.wall;
  }

  /** Ten million attempts, of ten webhooks in a year, as their hours: what a query of a day reads of them. */
  async function printQuery(): Promise<void> {
    const hourMs = 3_600_000;
    const now = Math.ceil(Date.now() / hourMs) * hourMs;
    const ids = Array.from({ length: 10 }, () => newId('webhook'));
    const latency = Object.fromEntries(Array.from({ length: 60 }, (_, n) => [String(n + 80), 2]));
    for (const id of ids) {
      await native(models.webhookStats).insertMany(
        Array.from({ length: 365 * 24 }, (_, n) => {
          const hour = new Date(now - (n + 1) * hourMs);
          return {
            _id: `${id}/${hour.toISOString().slice(0, 13)}`,
            hour,
            attempts: { succeeded: 114 },
            latency,
          };
        }),
      );
    }
    const webhookId = ids[5] ?? '';
    for (const [days, interval] of [
      [1, 'hour'],
      [31, 'hour'],
      [365, 'day'],
    ] as const) {
      const range = { from: new Date(now - days * 24 * hourMs), to: new Date(now), interval };
      const explained = (await models.webhookStats
        .find(hoursOf(webhookId, range.from, range.to))
        .sort({ _id: 1 })
        .explain('executionStats')) as unknown as {
        queryPlanner: { winningPlan: unknown };
        executionStats: { totalKeysExamined: number; totalDocsExamined: number };
      };
      const { totalKeysExamined, totalDocsExamined } = explained.executionStats;
      const started = performance.now();
      const { totals } = await statisticsOf(ctx, webhookId, range);
      const ms = (performance.now() - started).toFixed(0);
      console.log(
        `${days} days by the ${interval}: ${totalKeysExamined} keys, ${totalDocsExamined} records, ${ms} ms, ${totals.attempts.total} attempts`,
      );
      if (days === 1) console.log(JSON.stringify(explained.queryPlanner.winningPlan));
    }
  }
} finally {
  await stack.stop();
  await rm(dataDir, { recursive: true, force: true });
}
