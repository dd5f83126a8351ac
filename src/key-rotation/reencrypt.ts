import type { mongo } from 'mongoose';
import { keyIdOf, type KeyRing } from '../crypto/key-ring.js';
import type { Models } from '../models/models.js';
import { sealedCollections, type SealedCollection } from '../models/sealed-fields.js';
import { takeCensus, type Census } from './census.js';
import { keyHolders } from './key-holders.js';
import { recordsOf, sealedRecords, type SealedRecord } from './walk.js';

/** Why nothing is encrypted again: what to do stands in the message. */
export class RotationRefused extends Error {
  override readonly name = 'RotationRefused';
}

/** What was done, and what is stored now. */
export interface Reencryption {
  /** Records whose secrets were encrypted again. */
  changed: number;
  /** Records with a secret that no key opens, such as one that was changed by hand: `webhooks wh_… signingSecret`. */
  unreadable: string[];
  census: Census;
}

/** Passes in which what was changed by others meanwhile is looked at again; a change seals with the newest key by itself. */
const mostPasses = 10;

/**
 * Encrypts everything that is stored with the ring's first key, beside a system that runs: in batches, each record only where
 * it is as it was read, so that a change by others wins. Nothing else of a record changes. It can be ended at any
 * moment and be started again. Throws `RotationRefused`, with nothing written, where a stored secret needs a key that is not
 * in the ring, or a process runs that could not read what is written.
 */
export async function reencrypt(
  models: Models,
  keyRing: KeyRing,
  report: (line: string) => void,
): Promise<Reencryption> {
  await refuseWhereUnreadable(models, keyRing);
  let changed = 0;
  const unreadable = new Set<string>();
  for (let pass = 1; pass <= mostPasses; pass += 1) {
    let missed = 0;
    for (const collection of sealedCollections) {
      const done = await reencryptCollection(models, collection, { keyRing, report, unreadable });
      changed += done.changed;
      missed += done.missed;
    }
    if (missed === 0) break;
    report(`${missed} records were changed meanwhile: looking again`);
  }
  return { changed, unreadable: [...unreadable], census: await takeCensus(models) };
}

async function refuseWhereUnreadable(models: Models, keyRing: KeyRing): Promise<void> {
  const census = await takeCensus(models);
  const missing = [...census].filter(([id]) => !keyRing.ids.includes(id));
  if (missing.length > 0) {
    const counts = missing.map(([id, count]) => `${id} (${count} secrets)`).join(', ');
    throw new RotationRefused(
      `Stored secrets need keys that are not given: ${counts}. Put them back behind the first key of POSTRIDER_ENCRYPTION_KEYS.`,
    );
  }
  const { currentId } = keyRing;
  const without = (await keyHolders(models)).filter(({ keyIds }) => !keyIds.includes(currentId));
  if (without.length > 0) {
    throw new RotationRefused(
      `Processes run that do not have the key ${currentId}, and could not read what it encrypts: ` +
        `${without.map((holder) => holder.process).join('; ')}. Restart them with it. One that was killed counts for a minute.`,
    );
  }
}

interface Task {
  keyRing: KeyRing;
  report: (line: string) => void;
  unreadable: Set<string>;
}

async function reencryptCollection(
  models: Models,
  collection: SealedCollection,
  task: Task,
): Promise<{ changed: number; missed: number }> {
  let [changed, missed] = [0, 0];
  for await (const records of sealedRecords(models, collection)) {
    const writes = records.flatMap((record) => writeOf(collection, record, task));
    if (writes.length === 0) continue;
    const { modifiedCount } = await recordsOf(models, collection).bulkWrite(writes, { ordered: false });
    missed += writes.length - modifiedCount;
    changed += modifiedCount;
    task.report(`${collection}: ${modifiedCount} records, up to ${records.at(-1)?._id ?? ''}`);
  }
  return { changed, missed };
}

/** The write that seals a record's secrets anew, where one of them needs it. */
function writeOf(
  collection: SealedCollection,
  { _id, fields }: SealedRecord,
  { keyRing, unreadable }: Task,
): mongo.AnyBulkWriteOperation<{ _id: string }>[] {
  const filter: Record<string, string> = { _id };
  const $set: Record<string, string> = {};
  for (const { path, sealed } of fields) {
    if (keyIdOf(sealed) === keyRing.currentId) continue;
    try {
      $set[path] = keyRing.seal(keyRing.open(sealed, _id), _id);
      filter[path] = sealed;
    } catch {
      unreadable.add(`${collection} ${_id} ${path}`);
    }
  }
  return Object.keys($set).length === 0 ? [] : [{ updateOne: { filter, update: { $set } } }];
}
