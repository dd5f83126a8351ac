import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isRunning, type ProcessIdentity } from '../../src/stack/process-identity.js';
import { defaultCacheDir, startStack, type Stack, type StackOptions } from '../../src/stack/stack.js';

export const cacheDir = process.env['POSTRIDER_CACHE_DIR'] || defaultCacheDir();

/** The first run on a machine may have to build Temporal. */
export const firstStartMs = 900_000;

/** Data directories and stacks of one test file, all of which `remove` ends. */
export class Stacks {
  readonly #directories: string[] = [];
  readonly #stacks: Stack[] = [];

  async directory(): Promise<string> {
    const directory = await mkdtemp(join(tmpdir(), 'postrider-stack-'));
    this.#directories.push(directory);
    return directory;
  }

  /** A stack, and the lines that it reported. */
  async start(
    dataDir: string,
    options: Partial<StackOptions> = {},
  ): Promise<{ stack: Stack; lines: string[] }> {
    const lines: string[] = [];
    const stack = await startStack({ dataDir, cacheDir, report: (line) => lines.push(line), ...options });
    this.#stacks.push(stack);
    return { stack, lines };
  }

  async remove(): Promise<void> {
    await Promise.all(this.#stacks.map((stack) => stack.stop()));
    await Promise.all(this.#directories.map((directory) => rm(directory, { recursive: true, force: true })));
  }
}

/** The processes that the state file of a data directory names, those that have ended left out. */
export async function processesOf(dataDir: string): Promise<ProcessIdentity[]> {
  const state = JSON.parse(await readFile(join(dataDir, 'stack.json'), 'utf8')) as Record<
    string,
    { process?: ProcessIdentity }
  >;
  return Object.values(state).flatMap((part) =>
    part.process && isRunning(part.process) ? [part.process] : [],
  );
}
