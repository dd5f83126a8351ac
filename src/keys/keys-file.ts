import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
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

const KeysFile = z.partialRecord(z.enum(['root', 'sandbox', 'production', 'encryption']), z.string());

const makeKey: Record<KeyName, () => string> = {
  root: () => `pr_root_${randomBytes(32).toString('base64url')}`,
  sandbox: () => `pr_sandbox_${randomBytes(32).toString('base64url')}`,
  production: () => `pr_production_${randomBytes(32).toString('base64url')}`,
  encryption: () => KeyRing.generate('k1'),
};

/**
 * The keys to use. What is not given comes from `<dataDir>/keys.json`, which is made at the first start for its owner
 * alone to read. Throws a ConfigError when that file cannot be read.
 */
export async function loadKeys(
  dataDir: string,
  given: Readonly<Record<KeyName, Secret | undefined>>,
): Promise<Keys> {
  const path = join(dataDir, 'keys.json');
  const stored = await readKeys(path);
  const names = Object.keys(makeKey) as KeyName[];
  const missing = names.filter((name) => given[name] === undefined && stored[name] === undefined);
  if (missing.length > 0) {
    for (const name of missing) stored[name] = makeKey[name]();
    await mkdir(dataDir, { recursive: true });
    await writeKeys(path, stored);
  }
  const key = (name: KeyName) => given[name] ?? new Secret(stored[name] ?? '');
  return {
    root: key('root'),
    sandbox: key('sandbox'),
    production: key('production'),
    encryption: key('encryption'),
  };
}

async function readKeys(path: string): Promise<Partial<Record<KeyName, string>>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
  try {
    return KeysFile.parse(JSON.parse(text));
  } catch {
    throw new ConfigError(
      `${path} is not what Postrider wrote. Restore it from a backup: without its encryption key stored secrets cannot be read.`,
    );
  }
}

/** Written whole or not at all: a key that is lost takes every stored secret with it. */
async function writeKeys(path: string, keys: Partial<Record<KeyName, string>>): Promise<void> {
  const draft = `${path}.new`;
  const file = await open(draft, 'w', 0o600);
  try {
    await file.writeFile(`${JSON.stringify(keys, null, 2)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
}
