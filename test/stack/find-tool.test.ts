import { chmod, copyFile, mkdir, readdir, readFile, symlink, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { findTool } from '../../src/stack/find-tool.js';
import { runCommand } from '../../src/stack/run-command.js';
import { temporalCli } from '../../src/stack/temporal-cli.js';
import type { Download, Tool } from '../../src/stack/tool.js';
import { versions } from '../../src/stack/versions.js';
import { cacheDir, firstStartMs, Stacks } from './stacks.js';

const stacks = new Stacks();
afterAll(() => stacks.remove());

const environment = { ...process.env };
afterEach(() => {
  process.env = { ...environment };
});

/** A machine on which nothing is installed and nothing can be reached. */
function isolate(path = '/nowhere'): void {
  // Port 9 (discard): nothing listens there, so a download fails at once, on a machine with internet too.
  Object.assign(process.env, {
    PATH: path,
    HTTPS_PROXY: 'http://127.0.0.1:9',
    https_proxy: 'http://127.0.0.1:9',
  });
}

describe('the Temporal CLI', () => {
  let real: string;
  beforeAll(async () => {
    real = await findTool(temporalCli, { cacheDir, report: () => {} });
  }, firstStartMs);

  it('is the one that a setting names, before any other', async () => {
    const named = join(await stacks.directory(), 'my-temporal');
    await symlink(real, named);
    const lines: string[] = [];
    const report = (line: string): void => void lines.push(line);
    expect(await findTool(temporalCli, { path: named, cacheDir, report })).toBe(named);
    expect(lines).toEqual([expect.stringMatching(/^Temporal: server \S+, named by TEMPORAL_CLI_PATH /)]);
  });

  it('is refused, and no other taken, when the one that a setting names is of no use', async () => {
    const search = { path: '/nowhere/temporal', cacheDir, report: () => {} };
    await expect(findTool(temporalCli, search)).rejects.toMatchObject({
      name: 'StackError',
      message: expect.stringContaining('TEMPORAL_CLI_PATH names /nowhere/temporal'),
    });
    await expect(findTool(temporalCli, { ...search, path: process.execPath })).rejects.toThrow(
      /does not answer --version/,
    );
  });

  it('is the one on PATH, before the cache', async () => {
    const bin = await stacks.directory();
    await symlink(real, join(bin, 'temporal'));
    isolate(bin);
    const lines: string[] = [];
    const report = (line: string): void => void lines.push(line);
    expect(await findTool(temporalCli, { cacheDir, report })).toBe(join(bin, 'temporal'));
    expect(lines).toEqual([expect.stringMatching(/^Temporal: server \S+, on PATH /)]);
  });

  it('is not taken from the cache when it is half of one, and the error says what was tried and what to do', async () => {
    isolate();
    const cache = await stacks.directory();
    const half = join(cache, `temporal-${versions.temporalCli}`, 'temporal');
    await mkdir(dirname(half));
    await copyFile(real, half);
    await truncate(half, 1_000_000);
    await chmod(half, 0o755);
    const failure = findTool(temporalCli, { cacheDir: cache, report: () => {} });
    await expect(failure).rejects.toMatchObject({ name: 'StackError' });
    const message = await failure.catch((error: Error) => error.message);
    expect(message).toContain('on PATH: no temporal there');
    expect(message).toContain('in the cache: ');
    expect(message).toContain("from the vendor's download (temporal.download): ");
    expect(message).toMatch(/from the Go module proxy .*: go cannot be found/);
    expect(message).toMatch(/Install the Temporal CLI .* TEMPORAL_CLI_PATH .* TEMPORAL_ADDRESS/);
  });
});

const writeGreeter: Download['fetch'] = ({ into }) =>
  writeFile(join(into, 'greet'), '#!/bin/sh\necho hello\n');

/** A small program to fetch, so that a test need not fetch a large one. */
function greeter(download: Partial<Download>): Tool {
  return {
    name: 'Greeter',
    command: 'greet',
    setting: 'GREET_PATH',
    check: async (path) => (await runCommand({ command: path, args: [], limitMs: 60_000 })).trim(),
    downloads: [{ name: 'a download', directory: 'greet-1', fetch: writeGreeter, ...download }],
    advice: 'Install greet.',
  };
}

const report = (): void => {};

describe('what is fetched', () => {
  it('is found in the cache by the next start', async () => {
    const cache = await stacks.directory();
    const path = await findTool(greeter({}), { cacheDir: cache, report });
    const again = greeter({ fetch: () => Promise.reject(new Error('fetched twice')) });
    expect(await findTool(again, { cacheDir: cache, report })).toBe(path);
    expect(await readdir(cache)).toEqual(['greet-1']);
  });

  it('is nothing, and leaves nothing, when it breaks off or does not run', async () => {
    const cache = await stacks.directory();
    const breaksOff = greeter({
      async fetch({ into }) {
        await writeFile(join(into, 'greet'), '#!/bin/sh\necho hel');
        throw new Error('connection lost');
      },
    });
    await expect(findTool(breaksOff, { cacheDir: cache, report })).rejects.toThrow('connection lost');
    const doesNotRun = greeter({
      fetch: ({ into }) => writeFile(join(into, 'greet'), '#!/bin/sh\nexit 3\n'),
    });
    await expect(findTool(doesNotRun, { cacheDir: cache, report })).rejects.toThrow('ended with 3');
    expect(await readdir(cache)).toEqual([]);
  });

  it('is fetched once by two that start together, and what a killed one left behind is removed', async () => {
    const cache = await stacks.directory();
    await mkdir(join(cache, '.greet.left', 'into'), { recursive: true });
    let fetched = 0;
    const tool = greeter({
      async fetch(request) {
        fetched += 1;
        await runCommand({ command: 'sleep', args: ['1'], limitMs: 60_000 });
        await writeGreeter(request);
      },
    });
    const lines: string[] = [];
    const search = { cacheDir: cache, report: (line: string): void => void lines.push(line) };
    const [one, two] = await Promise.all([findTool(tool, search), findTool(tool, search)]);
    expect([one, fetched]).toEqual([two, 1]);
    expect(lines).toContain(`Greeter: process ${process.pid} is fetching it, waiting for that`);
    expect(await readdir(cache)).toEqual(['greet-1']);
    expect(await readFile(one, 'utf8')).toContain('hello');
  });
});

it('is told where the cache cannot be written to', async () => {
  const file = join(await stacks.directory(), 'file');
  await writeFile(file, '');
  await expect(findTool(greeter({}), { cacheDir: join(file, 'cache'), report })).rejects.toMatchObject({
    name: 'StackError',
    message: expect.stringContaining('Set POSTRIDER_CACHE_DIR'),
  });
});

describe('a command', () => {
  it('is ended when nothing arrives any more', async () => {
    const growing = { directory: await stacks.directory(), limitMs: 1_500 };
    const hangs = runCommand({ command: 'sleep', args: ['60'], limitMs: 60_000, growing });
    await expect(hangs).rejects.toThrow('nothing arrived for 1.5 s');
  });

  it('is ended at its limit', async () => {
    await expect(runCommand({ command: 'sleep', args: ['60'], limitMs: 500 })).rejects.toThrow(
      'not done after 0.5 s',
    );
  });
});
