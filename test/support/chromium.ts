import { chromium, type Browser } from 'playwright-core';
import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { tryLock } from '../../src/stack/lock.js';
import { waitFor } from './wait.js';

const run = promisify(execFile);

/** A browser that speaks to nobody but the pages under test, and needs neither a display nor a sandbox of the kernel's. */
const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
/** What a start may take on a busy machine. */
const startMs = 120_000;
/** What all steps of an installation may take. */
const installMs = 900_000;
const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Starts a real Chromium. Throws an error that says what to install where there is none. */
export async function startChromium(): Promise<Browser> {
  const executablePath = await findChromium();
  return chromium.launch({ executablePath, args: flags, timeout: startMs });
}

/**
 * Where Chromium is: what `CHROMIUM_PATH` names; the system's; Playwright's own download; Debian's package, which needs
 * root. What was found or installed is found again by the next run.
 */
async function findChromium(): Promise<string> {
  const named = process.env['CHROMIUM_PATH'];
  if (named !== undefined && named !== '') return named;
  const found = await presentOrInstalled();
  if (found !== undefined) return found;
  throw new Error(
    'No Chromium: install one (Debian: apt-get install chromium), or name one with CHROMIUM_PATH.',
  );
}

/** One process at a time: apt-get refuses a second one at once, and what is half installed is on PATH already. */
async function presentOrInstalled(): Promise<string | undefined> {
  const lock = await waitFor(
    'another process that installs Chromium',
    () => {
      const taken = tryLock(join(tmpdir(), 'postrider-chromium.lock'));
      return 'release' in taken && taken;
    },
    installMs,
  );
  try {
    return (await onPath()) ?? (await playwrights()) ?? (await downloaded()) ?? (await debians());
  } finally {
    lock.release();
  }
}

async function onPath(): Promise<string | undefined> {
  const directories = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean);
  for (const name of names) {
    for (const directory of [...directories, '/usr/bin']) {
      const path = join(directory, name);
      if (await isExecutable(path)) return path;
    }
  }
  return undefined;
}

/** Where Playwright keeps the Chromium that fits it, if it is there. */
async function playwrights(): Promise<string | undefined> {
  const path = chromium.executablePath();
  return (await isExecutable(path)) ? path : undefined;
}

async function downloaded(): Promise<string | undefined> {
  const cli = createRequire(import.meta.url).resolve('playwright-core/cli.js');
  await attempt(process.execPath, [cli, 'install', 'chromium']);
  return playwrights();
}

async function debians(): Promise<string | undefined> {
  await attempt('apt-get', ['update']);
  await attempt('apt-get', ['install', '--yes', '--no-install-recommends', 'chromium']);
  return onPath();
}

/** Runs a command that may fail: what counts is what is there afterwards. */
async function attempt(command: string, args: string[]): Promise<void> {
  await run(command, args, { timeout: 300_000 }).catch(() => undefined);
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
