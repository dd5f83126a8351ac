import { Gathering } from '../group-commit/gathering.js';
import type { ApiKeyRecord } from '../models/api-key.js';
import type { Models } from '../models/models.js';
import { native } from '../models/native.js';

/** Calls that are let in together. */
const mostKeys = 500;

/**
 * API keys by their hash. Nothing is remembered, so that a revoked key stops at once: calls that come while a query is
 * under way share the next one.
 */
export function gatherKeyLookups(models: Models): Gathering<string, ApiKeyRecord | null> {
  return new Gathering(
    async (hashes) => {
      const found = await native(models.apiKeys)
        .find({ hash: { $in: [...new Set(hashes)] } })
        .toArray();
      const byHash = new Map(found.map((key) => [key.hash, key]));
      return hashes.map((hash) => ({ status: 'fulfilled', value: byHash.get(hash) ?? null }));
    },
    { most: mostKeys },
  );
}
