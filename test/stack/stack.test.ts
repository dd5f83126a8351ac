import { writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import mongoose from 'mongoose';
import { isRunning } from '../../src/stack/process-identity.js';
import type { Stack } from '../../src/stack/stack.js';
import { firstStartMs, processesOf, Stacks } from './stacks.js';

const stacks = new Stacks();
afterAll(() => stacks.remove());

async function withTemporal<Result>(stack: Stack, use: (client: Client) => Promise<Result>): Promise<Result> {
  const connection = await Connection.connect({ address: stack.temporalAddress });
  try {
    return await use(new Client({ connection }));
  } finally {
    await connection.close();
  }
}

async function withMongo<Result>(
  stack: Stack,
  use: (db: mongoose.mongo.Db) => Promise<Result>,
): Promise<Result> {
  const client = await mongoose.mongo.MongoClient.connect(stack.mongodbUri, {
    serverSelectionTimeoutMS: 5_000,
  });
  try {
    return await use(client.db());
  } finally {
    await client.close();
  }
}

function listen(port: number): Promise<Server> {
  const server = createServer((socket) => socket.destroy());
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', () => resolve(server));
  });
}

describe('a fresh start', () => {
  let dataDir: string;
  let stack: Stack;
  beforeAll(async () => {
    dataDir = await stacks.directory();
    ({ stack } = await stacks.start(dataDir));
  }, firstStartMs);

  it('gives a MongoDB with transactions', async () => {
    const count = await withMongo(stack, async (db) => {
      await db.createCollection('kept');
      await db.client.withSession((session) =>
        session.withTransaction(() => db.collection('kept').insertOne({ text: 'kept' }, { session })),
      );
      return db.collection('kept').countDocuments();
    });
    expect(count).toBe(1);
  });

  it('gives a Temporal that keeps closed workflows for 30 days, and its UI', async () => {
    await withTemporal(stack, async ({ workflow, workflowService }) => {
      const { config } = await workflowService.describeNamespace({ namespace: 'default' });
      expect(Number(config?.workflowExecutionRetentionTtl?.seconds)).toBe(30 * 86_400);
      await workflow.start('waits', { workflowId: 'kept', taskQueue: 'nobody' });
    });
    const page = await fetch(String(stack.temporalUiUrl));
    expect(await page.text()).toContain('<html');
  });

  it('is refused to a second one, which is told the process of the first', async () => {
    await expect(stacks.start(dataDir)).rejects.toMatchObject({
      name: 'StackError',
      message: expect.stringContaining(`in use by process ${process.pid}`),
    });
  });

  it('leaves nothing running when it is stopped, and keeps data and namespace for a start on other ports', async () => {
    const running = await processesOf(dataDir);
    expect(running).toHaveLength(2);
    await stack.stop();
    expect(running.filter(isRunning)).toEqual([]);

    const taken = await listen(Number(new URL(stack.mongodbUri).port));
    const { stack: next } = await stacks.start(dataDir);
    expect(next.mongodbUri).not.toBe(stack.mongodbUri);
    expect(await withMongo(next, (db) => db.collection('kept').countDocuments())).toBe(1);
    const kept = await withTemporal(next, ({ workflow }) => workflow.getHandle('kept').describe());
    expect(kept.status.name).toBe('RUNNING');
    await next.stop();
    await new Promise((resolve) => taken.close(resolve));
  });
});

it('starts nothing where addresses are given', async () => {
  const dataDir = await stacks.directory();
  const given = {
    temporalAddress: 'temporal.example:7233',
    mongodbUri: 'mongodb://mongodb.example/postrider',
  };
  const { stack } = await stacks.start(dataDir, given);
  expect(stack).toEqual({ ...given, stop: expect.any(Function) });
  await expect(processesOf(dataDir)).rejects.toThrow('ENOENT');
});

it('says how a part ended that cannot start, and ends the other one', async () => {
  const dataDir = await stacks.directory();
  await writeFile(join(dataDir, 'temporal.db'), 'this is no database, though it has the name of one');
  await expect(stacks.start(dataDir)).rejects.toMatchObject({
    name: 'StackError',
    message: expect.stringMatching(
      /^Temporal could not start: it ended with 1\nFrom its log \(.*temporal\.log\):\n.*not a database/s,
    ),
  });
  expect(await processesOf(dataDir)).toEqual([]);
});

it('ends what it has started when the start is called off', async () => {
  const dataDir = await stacks.directory();
  const controller = new AbortController();
  const report = (line: string): void => {
    if (line.includes('starting on')) controller.abort();
  };
  await expect(stacks.start(dataDir, { report, signal: controller.signal })).rejects.toMatchObject({
    name: 'AbortError',
  });
  expect(await processesOf(dataDir)).toEqual([]);
});

it('starts when its first start was killed while Temporal set up its tables', async () => {
  const dataDir = await stacks.directory();
  await writeFile(join(dataDir, 'temporal.db'), 'half of a database');
  await writeFile(join(dataDir, 'temporal.db.in-set-up'), '');
  const { stack } = await stacks.start(dataDir);
  await stack.stop();
});
