import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError } from '../../src/config/environment.js';
import { Secret } from '../../src/config/secret.js';
import { KeyRing } from '../../src/crypto/key-ring.js';
import { loadKeys, type Keys } from '../../src/keys/keys-file.js';

const nothing = { root: undefined, sandbox: undefined, production: undefined, encryption: undefined };
let parent: string;
let directory: string;

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'postrider-keys-'));
  directory = join(parent, 'data');
});

afterEach(async () => rm(parent, { recursive: true, force: true }));

const revealed = (keys: Keys) => Object.values(keys).map((key: Secret) => key.reveal());

describe('the keys of a deployment', () => {
  it('are made up at the first start, for their owner alone to read, and stay', async () => {
    const first = await loadKeys(directory, nothing);
    expect(new Set(revealed(first)).size).toBe(4);
    for (const key of revealed(first)) expect(key.length).toBeGreaterThanOrEqual(32);
    expect(() => KeyRing.parse(first.encryption.reveal())).not.toThrow();
    expect((await stat(join(directory, 'keys.json'))).mode & 0o777).toBe(0o600);
    expect(await readdir(directory)).toEqual(['keys.json']);
    expect(revealed(await loadKeys(directory, nothing))).toEqual(revealed(first));
  });

  it('that are given are used, and not kept', async () => {
    const given = new Secret('given-root-key-0123456789-0123456789');
    const keys = await loadKeys(directory, { ...nothing, root: given });
    expect(keys.root).toBe(given);
    expect(await readFile(join(directory, 'keys.json'), 'utf8')).not.toContain('root');
    const later = await loadKeys(directory, nothing);
    expect(later.root.reveal()).not.toBe(given.reveal());
    expect(later.encryption.reveal()).toBe(keys.encryption.reveal());
  });

  it('need no file where all are given', async () => {
    const given = new Secret('x'.repeat(40));
    await loadKeys(directory, { root: given, sandbox: given, production: given, encryption: given });
    await expect(stat(directory)).rejects.toThrow('ENOENT');
  });

  it('are the same for all first starts at once', async () => {
    const all = await Promise.all(Array.from({ length: 5 }, async () => loadKeys(directory, nothing)));
    expect(new Set(all.map((keys) => revealed(keys).join())).size).toBe(1);
  });

  it.each(['', '{', '[]', '{"root":1}', '{"other":"x"}'])(
    'in a file that holds %j are not guessed',
    async (text) => {
      await loadKeys(directory, nothing);
      await writeFile(join(directory, 'keys.json'), text);
      await expect(loadKeys(directory, nothing)).rejects.toThrow(ConfigError);
      expect(await readFile(join(directory, 'keys.json'), 'utf8')).toBe(text);
    },
  );

  it('that cannot be written are told with the setting to change', async () => {
    await writeFile(directory, 'a file where the directory should be');
    await expect(loadKeys(directory, nothing)).rejects.toThrow(/keys\.json cannot be (?:read|written)/);
  });
});
