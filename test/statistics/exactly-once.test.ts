import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import mongoose, { type Connection } from 'mongoose';
import type { Context } from '../../src/context.js';
import type { AttemptRecord } from '../../src/models/attempt.js';
import { gatherAttemptWrites } from '../../src/delivery/attempt-writes.js';
import { newDelivery } from '../../src/delivery/new-delivery.js';
import { endCancelled, recordAttempt } from '../../src/delivery/record.js';
import { buildConfig } from '../../src/config/config.js';
import { readEnvironment } from '../../src/config/environment.js';
import { newId } from '../../src/models/ids.js';
import { createModels, ensureIndexes, type Models } from '../../src/models/models.js';
import { native } from '../../src/models/native.js';
import { statsId } from '../../src/models/webhook-stats.js';
import { rollUpStatistics } from '../../src/statistics/roll-up.js';
import { hourOf } from '../../src/statistics/tally.js';
import { hoursOf, statisticsOf } from '../../src/statistics/webhook-statistics.js';
import { databaseUri } from '../support/postrider.js';

const loader = fileURLToPath(new URL('../support/typescript-loader.mjs', import.meta.url));
const roller = fileURLToPath(new URL('roll-up-until-killed.ts', import.meta.url));
// Now, since MongoDB removes at once what expired long ago.
const now = new Date();
const range = {
  from: hourOf(now),
  to: new Date(hourOf(now).getTime() + 3_600_000),
  interval: 'hour',
} as const;

function attemptOf(number: number, succeeded: boolean): AttemptRecord {
  const request = { method: 'POST', url: 'https://example.com', headers: [] };
  const errorCode = succeeded ? null : 'timeout';
  const common = { number, startedAt: now, durationMs: 100, request, response: null };
  return { ...common, errorCode, errorMessage: null, nextAttemptAt: null };
}

describe('every attempt and every end is counted exactly once', () => {
  const uri = databaseUri(`statistics-${process.pid}-${Date.now().toString(36)}`);
  const children = new Set<ChildProcess>();
  let connection: Connection;
  let models: Models;
  let ctx: Context;

  beforeAll(async () => {
    connection = await mongoose.createConnection(uri, { autoIndex: false, autoCreate: false }).asPromise();
    models = createModels(connection);
    await ensureIndexes(models);
    // The parts of a context that records of attempts use.
    ctx = {
      attemptWrites: gatherAttemptWrites(models),
      connection,
      models,
      clock: { now: () => now },
      config: buildConfig(readEnvironment({})),
    } as unknown as Context;
  });

  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL');
    await connection.dropDatabase();
    await connection.close();
  });

  /** Makes a delivery, then its attempts one after the other; the last one ends it, unless it is cancelled. */
  async function deliver(
    webhookId: string,
    attempts: number,
    end: 'succeeded' | 'failed' | 'cancelled',
  ): Promise<void> {
    const event = {
      _id: newId('event'),
      organizationId: 'org_default',
      environment: 'sandbox',
      type: 'a.b',
      correlationId: null,
    } as const;
    const delivery = newDelivery(event, { _id: newId('subscription'), webhookId }, now);
    await models.deliveries.create(delivery);
    for (let number = 1; number <= attempts; number += 1) {
      const last = number === attempts && end !== 'cancelled';
      const attempt = attemptOf(number, last && end === 'succeeded');
      await recordAttempt(
        ctx,
        { ...delivery, attemptCount: number - 1 },
        attempt,
        last
          ? end === 'succeeded'
            ? { kind: 'succeeded' }
            : { kind: 'failed', reason: 'exhausted' }
          : { kind: 'retry', delayMs: 1 },
        null,
      );
    }
    if (end === 'cancelled') await endCancelled(ctx, delivery._id);
  }

  async function rollUp(): Promise<void> {
    await rollUpStatistics(ctx, new AbortController().signal);
  }

  /** Starts a process that rolls up, and gives what kills it. */
  async function startRolling(): Promise<() => Promise<void>> {
    const child = spawn(process.execPath, ['--import', loader, roller, uri], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.add(child);
    const sessions: string[] = [];
    createInterface(child.stdout).on('line', (id) => sessions.push(id));
    await once(child.stdout, 'data');
    return async () => {
      child.kill('SIGKILL');
      await once(child, 'close');
      children.delete(child);
      // MongoDB gives a transaction whose process has died 60 s before it ends it; this is the same at once.
      const killed = sessions.map((id) => ({ id: new mongoose.mongo.UUID(id) }));
      await connection.getClient().db('admin').command({ killSessions: killed });
    };
  }

  it('by several at once, while attempts go on', async () => {
    const webhookId = newId('webhook');
    const stopping = new AbortController();
    const rolling = Array.from({ length: 3 }, async () => {
      while (!stopping.signal.aborted) await rollUp();
    });
    await Promise.all(
      Array.from({ length: 60 }, async (_, n) =>
        deliver(webhookId, 1 + (n % 4), n % 3 === 0 ? 'failed' : 'succeeded'),
      ),
    );
    stopping.abort();
    await Promise.all(rolling);
    await rollUp();
    const { totals } = await statisticsOf(ctx, webhookId, range);
    expect(totals.deliveries).toEqual({ succeeded: 40, failed: 20, cancelled: 0 });
    expect(totals.attempts).toEqual({ total: 150, succeeded: 40, failed: 110, errors: { timeout: 110 } });
    expect(await models.deliveries.exists({ statsDue: { $exists: true } })).toBeNull();
  });

  it('by a process that is killed at any point', async () => {
    const webhookId = newId('webhook');
    const rounds = 8;
    for (let round = 0; round < rounds; round += 1) {
      const kill = await startRolling();
      const delivering = Promise.all(
        Array.from({ length: 40 }, async (_, n) =>
          deliver(webhookId, 1 + (n % 2), n % 4 === 0 ? 'cancelled' : 'succeeded'),
        ),
      );
      // At some point of the work: after so many of its deliveries have been written.
      await Promise.race([delivering, someWritten(webhookId, round * 40 + 4 * round + 5)]);
      await kill();
      await delivering;
    }
    await rollUp();
    const { totals } = await statisticsOf(ctx, webhookId, range);
    expect(totals.deliveries).toEqual({ succeeded: 30 * rounds, failed: 0, cancelled: 10 * rounds });
    expect(totals.attempts.total).toBe(60 * rounds);
    expect(totals.attempts.succeeded).toBe(30 * rounds);
  });

  async function someWritten(webhookId: string, count: number): Promise<void> {
    while ((await models.deliveries.countDocuments({ webhookId, attemptCount: { $gt: 0 } })) < count);
  }

  it('and nothing twice by a pass that is repeated', async () => {
    const webhookId = newId('webhook');
    await deliver(webhookId, 2, 'succeeded');
    await rollUp();
    const first = await statisticsOf(ctx, webhookId, range);
    await rollUp();
    expect(await statisticsOf(ctx, webhookId, range)).toEqual(first);
    expect(first.totals.attempts.total).toBe(2);
  });

  it('a cancelled delivery without an attempt counts as an end alone', async () => {
    const webhookId = newId('webhook');
    await deliver(webhookId, 0, 'cancelled');
    await rollUp();
    const { totals } = await statisticsOf(ctx, webhookId, range);
    expect(totals.deliveries.cancelled).toBe(1);
    expect(totals.attempts.total).toBe(0);
  });

  it('and read from at most one record an hour, found by the index of ids alone', async () => {
    const hours = 100 * 24;
    const start = hourOf(now).getTime() - hours * 3_600_000;
    const webhooks = Array.from({ length: 3 }, () => newId('webhook'));
    // 2,000 attempts an hour for 100 days: 14 million of three webhooks.
    await native(models.webhookStats).insertMany(
      webhooks.flatMap((webhookId) =>
        Array.from({ length: hours }, (_, n) => {
          const hour = new Date(start + n * 3_600_000);
          const counts = { attempts: { succeeded: 2_000 }, latency: { 115: 1_000, 150: 1_000 } };
          return { _id: statsId(webhookId, hour), hour, ...counts };
        }),
      ),
    );
    const [webhookId = ''] = webhooks.slice(1);
    const from = new Date(start + 1_000 * 3_600_000);
    const to = new Date(from.getTime() + 24 * 3_600_000);
    const plan = await models.webhookStats
      .find(hoursOf(webhookId, from, to))
      .sort({ _id: 1 })
      .explain('executionStats');
    const { executionStats, queryPlanner } = plan as unknown as {
      executionStats: { totalKeysExamined: number; totalDocsExamined: number; nReturned: number };
      queryPlanner: { winningPlan: object };
    };
    expect(executionStats).toMatchObject({ nReturned: 24, totalDocsExamined: 24 });
    expect(executionStats.totalKeysExamined).toBeLessThanOrEqual(25);
    expect(JSON.stringify(queryPlanner.winningPlan)).toContain('"indexName":"_id_"');
    expect(JSON.stringify(queryPlanner.winningPlan)).not.toMatch(/COLLSCAN|SORT/);
    const { totals } = await statisticsOf(ctx, webhookId, { from, to, interval: 'hour' });
    expect(totals.attempts.total).toBe(48_000);
  });
});
