import { keyIdOf } from '../crypto/key-ring.js';
import type { Models } from '../models/models.js';
import { sealedCollections } from '../models/sealed-fields.js';
import { sealedRecords } from './walk.js';

/** How many stored secrets each key has encrypted, by the key's id. */
export type Census = ReadonlyMap<string, number>;

/** Counts what is stored. */
export async function takeCensus(models: Models): Promise<Census> {
  const counts = new Map<string, number>();
  for (const collection of sealedCollections) {
    for await (const records of sealedRecords(models, collection)) {
      for (const { sealed } of records.flatMap(({ fields }) => fields)) {
        const keyId = keyIdOf(sealed);
        counts.set(keyId, (counts.get(keyId) ?? 0) + 1);
      }
    }
  }
  return counts;
}
