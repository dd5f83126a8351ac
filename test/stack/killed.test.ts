import { spawn, type ChildProcess } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from '@jest/globals';
import mongoose from 'mongoose';
import { identityOf, isRunning } from '../../src/stack/process-identity.js';
import type { Stack } from '../../src/stack/stack.js';
import { firstStartMs, processesOf, Stacks } from './stacks.js';

const stacks = new Stacks();
afterAll(() => stacks.remove());

const loader = fileURLToPath(new URL('../support/typescript-loader.mjs', import.meta.url));
const holder = fileURLToPath(new URL('hold-stack.ts', import.meta.url));

/** A process that has started a stack and holds it. */
async function startElsewhere(dataDir: string): Promise<{ child: ChildProcess; stack: Stack }> {
  const child = spawn(process.execPath, ['--import', loader, holder, dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return { child, stack: JSON.parse(line) as Stack };
}

async function kill(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

async function inMongo<Result>(
  stack: Stack,
  use: (kept: mongoose.mongo.Collection) => Promise<Result>,
): Promise<Result> {
  const client = await mongoose.mongo.MongoClient.connect(stack.mongodbUri, {
    serverSelectionTimeoutMS: 5_000,
  });
  try {
    return await use(client.db().collection('kept'));
  } finally {
    await client.close();
  }
}

it(
  'takes over what a killed start left running, and ends it',
  async () => {
    const dataDir = await stacks.directory();
    const { child, stack: before } = await startElsewhere(dataDir);
    await expect(stacks.start(dataDir)).rejects.toThrow(`in use by process ${child.pid}`);
    const parts = await processesOf(dataDir);
    expect(parts).toHaveLength(2);
    await kill(child);
    expect(parts.filter(isRunning)).toEqual(parts);

    const { stack, lines } = await stacks.start(dataDir);
    expect(lines.filter((line) => line.includes('taken over'))).toHaveLength(2);
    expect(stack).toMatchObject({ temporalAddress: before.temporalAddress, mongodbUri: before.mongodbUri });
    await stack.stop();
    expect(parts.filter(isRunning)).toEqual([]);
  },
  firstStartMs,
);

it('goes on with the data on disk when everything was killed', async () => {
  const dataDir = await stacks.directory();
  const { child, stack: before } = await startElsewhere(dataDir);
  await inMongo(before, (kept) => kept.insertOne({ text: 'kept' }));
  const parts = await processesOf(dataDir);
  await kill(child);
  for (const { pid } of parts) process.kill(pid, 'SIGKILL');

  const { stack } = await stacks.start(dataDir);
  expect(await inMongo(stack, (kept) => kept.countDocuments())).toBe(1);
  await stack.stop();
});

it('does not take a process for its own that has been given the pid of one', async () => {
  const dataDir = await stacks.directory();
  const { stack } = await stacks.start(dataDir);
  const stateFile = join(dataDir, 'stack.json');
  const state = JSON.parse(await readFile(stateFile, 'utf8')) as {
    mongodb: { process: { pid: number; began: string } };
  };
  await stack.stop();

  const stranger = spawn('sleep', ['600']);
  try {
    state.mongodb.process.pid = Number(stranger.pid);
    await writeFile(stateFile, JSON.stringify(state));
    const { stack: next, lines } = await stacks.start(dataDir);
    expect(lines.join('\n')).not.toContain('taken over');
    await next.stop();
    expect(identityOf(Number(stranger.pid))).toBeDefined();
  } finally {
    stranger.kill('SIGKILL');
  }
});

it('is told when a part ends unasked', async () => {
  const dataDir = await stacks.directory();
  const told = new EventEmitter();
  const ended = once(told, 'MongoDB ended') as Promise<[string]>;
  const report = (line: string): void => {
    if (line.includes('unasked')) told.emit('MongoDB ended', line);
  };
  const { stack } = await stacks.start(dataDir, { report });
  const state = JSON.parse(await readFile(join(dataDir, 'stack.json'), 'utf8')) as {
    mongodb: { process: { pid: number } };
  };
  process.kill(state.mongodb.process.pid, 'SIGKILL');
  const [line] = await ended;
  expect(line).toMatch(/^MongoDB: it ended with SIGKILL, unasked\. Its log: .*mongodb\.log$/);
  await stack.stop();
});
