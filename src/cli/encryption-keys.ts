import type { Config } from '../config/config.js';
import { KeyRing } from '../crypto/key-ring.js';
import { takeCensus, type Census } from '../key-rotation/census.js';
import { keyHolders } from '../key-rotation/key-holders.js';
import { reencrypt } from '../key-rotation/reencrypt.js';
import { addEncryptionKey, loadKeys, nextKeyId } from '../keys/keys-file.js';
import { connectMongodb } from '../models/connection.js';
import { createModels, type Models } from '../models/models.js';
import { mongodbAlone } from '../stack/mongodb-alone.js';
import type { CommandName } from './command.js';

type Print = (line: string) => void;

/** The commands that look after the encryption keys. Gives the exit code: 0 where all is as it should be. */
export async function runKeyCommand(
  command: Exclude<CommandName, 'start'>,
  config: Config,
  print: Print,
): Promise<number> {
  if (command === 'new-encryption-key') {
    print(await newEncryptionKey(config));
    return 0;
  }
  const keyRing = KeyRing.parse((await loadKeys(config.dataDir, config.keys)).encryption.reveal());
  return withModels(config, print, async (models) => {
    if (command === 'encryption-keys') {
      print(await verdictOf(models, keyRing, await takeCensus(models)));
      return 0;
    }
    const { changed, unreadable, census } = await reencrypt(models, keyRing, print);
    print(`${changed} records were encrypted with ${keyRing.currentId}.`);
    for (const field of unreadable) print(`No key opens this secret, and it was left as it is: ${field}`);
    print(await verdictOf(models, keyRing, census));
    return [...census.keys()].every((id) => id === keyRing.currentId) ? 0 : 1;
  });
}

async function newEncryptionKey({ dataDir, keys }: Config): Promise<string> {
  if (keys.encryption === undefined) {
    const { path, id } = await addEncryptionKey(dataDir, keys);
    return `The key ${id} is now in front in ${path}. Stop Postrider, start it again, and run: npm start -- reencrypt`;
  }
  const { ids } = KeyRing.parse(keys.encryption.reveal());
  return [
    'A new key, for POSTRIDER_ENCRYPTION_KEYS of all processes:',
    '',
    `  ${KeyRing.generate(nextKeyId(ids))}`,
    '',
    'Put it last and restart them one by one, so that each can read what it encrypts; put it first and restart them',
    'again, so that it encrypts; then run: npm start -- reencrypt',
  ].join('\n');
}

/** A line for each key: what it has encrypted, and whether it may be removed. */
async function verdictOf(models: Models, keyRing: KeyRing, census: Census): Promise<string> {
  const { ids, currentId } = keyRing;
  const holders = await keyHolders(models);
  const lines = [...new Set([...ids, ...census.keys()])].map((id) => {
    const secrets = `${id}: ${census.get(id) ?? 0} secrets`;
    if (id === currentId) return `${secrets}; encrypts`;
    if (!ids.includes(id)) return `${secrets}; MISSING: put it back, or they cannot be read`;
    if (census.has(id)) return `${secrets}; needed: run npm start -- reencrypt`;
    const users = holders.filter(({ keyIds }) => keyIds[0] === id).map((holder) => holder.process);
    return users.length === 0
      ? `${secrets}; may be removed; a backup that was made before still needs it`
      : `${secrets}; needed: ${users.join('; ')} still encrypts with it; restart that with ${currentId} first`;
  });
  return ['Stored secrets by encryption key:', ...lines.map((line) => `  ${line}`)].join('\n');
}

/** MongoDB: the one that is given, that of the stack that runs, or one that is started for this. */
async function withModels<T>(config: Config, print: Print, work: (models: Models) => Promise<T>): Promise<T> {
  const { mongodb, dataDir, cacheDir } = config;
  const found =
    mongodb.uri === undefined
      ? await mongodbAlone({
          dataDir,
          cacheDir,
          report: print,
          ...(mongodb.mongodPath === undefined ? {} : { mongodPath: mongodb.mongodPath }),
        })
      : { uri: mongodb.uri.reveal(), letGo: () => Promise.resolve() };
  try {
    const connection = await connectMongodb(found.uri);
    try {
      return await work(createModels(connection));
    } finally {
      await connection.close();
    }
  } finally {
    await found.letGo();
  }
}
