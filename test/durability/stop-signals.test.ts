import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { isRunning, type ProcessIdentity } from '../../src/stack/process-identity.js';
import { cacheDir, processesOf } from '../stack/stacks.js';
import { waitFor } from '../support/wait.js';

const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const longMs = 120_000;

let dataDir: string;
let child: ChildProcess;
let parts: ProcessIdentity[];

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'postrider-stop-'));
  parts = [];
});

afterEach(async () => {
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
  for (const part of parts.filter(isRunning)) process.kill(part.pid, 'SIGKILL');
  await waitFor('the parts to be gone', () => !parts.some(isRunning));
  await rm(dataDir, { recursive: true, force: true });
});

/** Everything in one process, with an embedded stack of its own, as `npm start` runs it. Resolves once it is ready. */
async function start(settings: Record<string, string>): Promise<void> {
  const { PATH = '', HOME = '', TEMPORAL_CLI_PATH = '', MONGOD_PATH = '' } = process.env;
  child = spawn(process.execPath, [main], {
    env: {
      PATH,
      HOME,
      TEMPORAL_CLI_PATH,
      MONGOD_PATH,
      POSTRIDER_CACHE_DIR: cacheDir,
      POSTRIDER_DATA_DIR: dataDir,
      POSTRIDER_PORT: '0',
      POSTRIDER_LOG_LEVEL: 'error',
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  if (child.stdout) createInterface(child.stdout).on('line', (line) => lines.push(line));
  await waitFor('Postrider', () => lines.includes('Postrider is ready.'), longMs);
  parts = await processesOf(dataDir);
  expect(parts).toHaveLength(2);
}

it(
  'takes the signals of one key press for one, and ends all that it started in order, itself whatever a library leaves',
  async () => {
    await start({ NODE_OPTIONS: '--import=data:text/javascript,setInterval(()=>{},1e6)' });
    const ended = once(child, 'exit');
    // Different ones, since the system may make one of two that are the same.
    for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM'] as const) child.kill(signal);
    expect(await ended).toEqual([0, null]);
    expect(parts.filter(isRunning)).toEqual([]);
  },
  2 * longMs,
);

it(
  'ends at once at a later signal, and leaves nothing running',
  async () => {
    // In order it would end after ten minutes.
    await start({ POSTRIDER_LEAVE: '10m' });
    const ended = once(child, 'exit');
    const pressing = setInterval(() => child.kill('SIGINT'), 100);
    try {
      expect(await ended).toEqual([1, null]);
    } finally {
      clearInterval(pressing);
    }
    await waitFor('the parts to be gone', () => !parts.some(isRunning));
  },
  2 * longMs,
);
