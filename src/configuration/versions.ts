import type { ClientSession } from 'mongoose';
import { LRUCache } from 'lru-cache';
import { isDuplicateKey } from '../models/availability.js';
import type { AuditedResource } from '../models/audit-entry.js';
import type { Models } from '../models/models.js';
import { native } from '../models/native.js';
import type { Tenant } from '../models/tenant.js';
import { environmentOwner } from '../models/webhook-stats.js';

/** What events are checked, matched and sent by. */
const configures = new Set<AuditedResource>([
  'webhook',
  'subscription',
  'event_type',
  'catalogue',
  'external_system',
]);

/** Whether a change of such a resource is one of the configuration. */
export function isConfiguration(resource: AuditedResource): boolean {
  return configures.has(resource);
}

const remembered = 10_000;

/** The versions of the tenants' configurations in MongoDB. */
export class ConfigurationVersions {
  readonly #models: Models;
  /** Tenants whose version is known to be there. */
  readonly #there = new LRUCache<string, true>({ max: remembered });

  constructor(models: Models) {
    this.#models = models;
  }

  /** Makes a tenant's version before its first change: two transactions that both made it would be in each other's way. */
  async ensure(tenant: Tenant): Promise<void> {
    const owner = environmentOwner(tenant);
    if (this.#there.has(owner)) return;
    try {
      await native(this.#models.configurationVersions).updateOne(
        { _id: owner },
        { $setOnInsert: { version: 0 } },
        { upsert: true },
      );
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
    this.#there.set(owner, true);
  }

  /** The next version, in the transaction of the change that makes it; without one, right after a change that nobody waits for. */
  async advance(tenant: Tenant, session?: ClientSession): Promise<void> {
    const owner = environmentOwner(tenant);
    const { matchedCount } = await native(this.#models.configurationVersions).updateOne(
      { _id: owner },
      { $inc: { version: 1 } },
      session ? { session } : {},
    );
    if (matchedCount === 1) return;
    this.#there.delete(owner);
    throw new Error(`the version of the configuration of ${owner} is gone`);
  }

  /** The versions of tenants by their owner id, each at least that of every change that was answered before; 0 where nothing was ever changed. */
  async read(owners: readonly string[]): Promise<Map<string, number>> {
    const found = await native(this.#models.configurationVersions)
      .find({ _id: { $in: [...owners] } }, committed)
      .toArray();
    const versions = new Map(found.map(({ _id, version }) => [_id, version]));
    return new Map(owners.map((owner) => [owner, versions.get(owner) ?? 0]));
  }
}

/** What is remembered by its version must never be rolled back, nor come from a member that is behind. */
export const committed = { readConcern: 'majority', readPreference: 'primary' } as const;
