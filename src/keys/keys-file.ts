import { randomBytes, randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ConfigError } from '../config/environment.js';
import { Secret } from '../config/secret.js';
import { KeyRing } from '../crypto/key-ring.js';

/** The keys of a deployment: those that were given, and for the rest what the first start made up. */
export interface Keys {
  root: Secret;
  sandbox: Secret;
  production: Secret;
  /** For secrets at rest, as `KeyRing.parse` reads it. */
  encryption: Secret;
}

type KeyName = keyof Keys;
type StoredKeys = Partial<Record<KeyName, string>>;

const KeysFile = z.partialRecord(z.enum(['root', 'sandbox', 'production', 'encryption']), z.string());

const makeKey: Record<KeyName, () => string> = {
  root: () => `pr_root_${randomBytes(32).toString('base64url')}`,
  sandbox: () => `pr_sandbox_${randomBytes(32).toString('base64url')}`,
  production: () => `pr_production_${randomBytes(32).toString('base64url')}`,
  encryption: () => KeyRing.generate('k1'),
};

/**
 * The keys to use. What is not given comes from `<dataDir>/keys.json`, which is made at the first start for its owner
 * alone to read. Throws a ConfigError when that file cannot be read or written.
 */
export async function loadKeys(
  dataDir: string,
  given: Readonly<Record<KeyName, Secret | undefined>>,
): Promise<Keys> {
  const path = join(dataDir, 'keys.json');
  const names = Object.keys(makeKey) as KeyName[];
  const found = await readKeys(path);
  const stored: StoredKeys = { ...found };
  const missing = names.filter((name) => given[name] === undefined && stored[name] === undefined);
  if (missing.length > 0) {
    for (const name of missing) stored[name] = makeKey[name]();
    if (!(await writeKeys(dataDir, path, stored, found === undefined))) return loadKeys(dataDir, given);
  }
  const key = (name: KeyName) => given[name] ?? new Secret(stored[name] ?? '');
  return {
    root: key('root'),
    sandbox: key('sandbox'),
    production: key('production'),
    encryption: key('encryption'),
  };
}

/**
 * Puts a new encryption key in front of those in `<dataDir>/keys.json`; it encrypts from the next start on. The other keys are
 * those of the file, as `loadKeys` gives them. Throws a ConfigError as that does.
 */
export async function addEncryptionKey(
  dataDir: string,
  given: Readonly<Record<KeyName, Secret | undefined>>,
): Promise<{ path: string; id: string }> {
  const path = join(dataDir, 'keys.json');
  const before = (await loadKeys(dataDir, given)).encryption.reveal();
  const id = nextKeyId(KeyRing.parse(before).ids);
  const stored = { ...(await readKeys(path)), encryption: `${KeyRing.generate(id)},${before}` };
  await writeKeys(dataDir, path, stored, false);
  return { path, id };
}

/** `k1`, `k2`, …: the first one after those that are there. */
export function nextKeyId(ids: readonly string[]): string {
  const numbers = ids.map((id) => Number(/^k(\d{1,9})$/.exec(id)?.[1] ?? 0));
  return `k${Math.max(0, ...numbers) + 1}`;
}

/** What the file holds; undefined where there is none. */
async function readKeys(path: string): Promise<StoredKeys | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw new ConfigError(`${path} cannot be read: ${String(error)}`);
  }
  try {
    return KeysFile.parse(JSON.parse(text));
  } catch {
    throw new ConfigError(
      `${path} is not what Postrider wrote. Restore it from a backup: without its encryption key stored secrets cannot be read.`,
    );
  }
}

/**
 * Writes the file whole or not at all: a key that is lost takes every stored secret with it. False where it was to be
 * the first and another start was faster: its keys are the ones to use.
 */
async function writeKeys(
  dataDir: string,
  path: string,
  keys: StoredKeys,
  isFirst: boolean,
): Promise<boolean> {
  const draft = `${path}.${randomUUID()}`;
  try {
    await mkdir(dataDir, { recursive: true });
    await writeDurably(draft, `${JSON.stringify(keys, null, 2)}\n`);
    await (isFirst ? link(draft, path) : rename(draft, path));
    return true;
  } catch (error) {
    if (isFirst && codeOf(error) === 'EEXIST') return false;
    throw new ConfigError(
      `${path} cannot be written: ${String(error)}\nSet POSTRIDER_DATA_DIR to a directory that can be written to.`,
    );
  } finally {
    await rm(draft, { force: true }).catch(() => undefined);
  }
}

async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
