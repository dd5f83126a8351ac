import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, expect, it } from '@jest/globals';
import { tryLock, type Lock } from '../../src/stack/lock.js';
import { Stacks } from './stacks.js';

const stacks = new Stacks();
afterAll(() => stacks.remove());

const loader = fileURLToPath(new URL('../support/typescript-loader.mjs', import.meta.url));
const holder = fileURLToPath(new URL('hold-lock.ts', import.meta.url));

type Child = ChildProcessByStdio<Writable, Readable, null>;
const children: Child[] = [];

/** Processes that are about to try the lock; `go` lets each do so, and tells what each saw. */
async function contenders(path: string, count: number): Promise<{ go: () => Promise<string[]> }> {
  const started = Array.from({ length: count }, () => {
    const child = spawn(process.execPath, ['--import', loader, holder, path], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    children.push(child);
    return { child, lines: createInterface(child.stdout)[Symbol.asyncIterator]() };
  });
  await Promise.all(started.map(({ lines }) => lines.next()));
  return {
    async go() {
      for (const { child } of started) child.stdin.write('go\n');
      const seen = await Promise.all(started.map(({ lines }) => lines.next()));
      return seen.map(({ value }) => String(value)).toSorted();
    },
  };
}

async function killAll(): Promise<void> {
  await Promise.all(
    children.splice(0).map(async (child) => {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    }),
  );
}
afterEach(killAll);

it('is held by one, and names it to others, until it is released', async () => {
  const path = join(await stacks.directory(), 'lock');
  const lock = tryLock(path) as Lock;
  expect(tryLock(path)).toMatchObject({ heldBy: { pid: process.pid } });
  lock.release();
  const next = tryLock(path) as Lock;
  // A release that is repeated does not release the next owner's.
  lock.release();
  expect(tryLock(path)).toHaveProperty('heldBy');
  next.release();
});

it('goes to exactly one of those that find its owner killed', async () => {
  const directory = await stacks.directory();
  const path = join(directory, 'lock');
  const owner = await contenders(path, 1);
  const others = await contenders(path, 4);
  expect(await owner.go()).toEqual(['taken']);
  const [first] = children.splice(0, 1);
  first?.kill('SIGKILL');
  await once(first ?? process, 'exit');
  expect(await others.go()).toEqual(['refused', 'refused', 'refused', 'taken']);
  await killAll();
  const last = tryLock(path) as Lock;
  last.release();
  expect(await readdir(directory)).toEqual([]);
});
