import { LRUCache } from 'lru-cache';
import type { EventSchema } from '../event-schemas/event-schema.js';
import { acceptorOf, type Acceptor } from '../ingestion/matching.js';
import type { ExternalSystemRecord } from '../models/external-system.js';
import type { Models } from '../models/models.js';
import { native } from '../models/native.js';
import type { SubscriptionRecord } from '../models/subscription.js';
import { tenantOf, type Tenant } from '../models/tenant.js';
import type { WebhookRecord } from '../models/webhook.js';
import { environmentOwner } from '../models/webhook-stats.js';
import { committed, type ConfigurationVersions } from './versions.js';

/** Records that are remembered in all; a tenant with more of its own is read for each round of writes. */
const mostRecords = 200_000;

/** What was changed by other hands than Postrider's is seen after this. */
const longestMs = 60_000;

/** An event type as events are checked against it. */
export interface KnownEventType {
  /** Names the schema for as long as it does not change. */
  schemaKey: string;
  schema: EventSchema | null;
}

/** An active subscription, its webhook, which is not off, and where its credentials are elsewhere, that. */
export interface Route {
  subscription: SubscriptionRecord;
  webhook: WebhookRecord;
  system: ExternalSystemRecord | null;
  accepts: Acceptor;
}

/** What a tenant's events are checked and matched by. */
export interface Configuration {
  version: number;
  eventTypes: ReadonlyMap<string, KnownEventType>;
  /** By event type, in the order of the subscriptions' ids. */
  routes: ReadonlyMap<string, readonly Route[]>;
  /** Event types that an ordered webhook gets. */
  orderedTypes: ReadonlySet<string>;
}

/**
 * The configurations of tenants, remembered, and true at once in every process: a change makes a new version in its own
 * transaction, and the version is asked for before each use. So a change that was answered is always seen.
 */
export class Configurations {
  readonly #models: Models;
  readonly #versions: ConfigurationVersions;
  readonly #remembered = new LRUCache<string, Configuration>({
    maxSize: mostRecords,
    ttl: longestMs,
    sizeCalculation: ({ eventTypes, routes }) => 1 + eventTypes.size + routes.size,
  });

  constructor(models: Models, versions: ConfigurationVersions) {
    this.#models = models;
    this.#versions = versions;
  }

  /** The configurations as they are now, by `environmentOwner`: one read where nothing has changed since the last time. */
  async of(tenants: readonly Tenant[]): Promise<ReadonlyMap<string, Configuration>> {
    const byOwner = new Map(tenants.map((tenant) => [environmentOwner(tenant), tenant]));
    const versions = await this.#versions.read([...byOwner.keys()]);
    const current = await Promise.all(
      Array.from(byOwner, async ([owner, tenant]) => {
        const version = versions.get(owner) ?? 0;
        const remembered = this.#remembered.get(owner);
        if (remembered?.version === version) return [owner, remembered] as const;
        // Read after its version: it can only be newer than that, and is then read again.
        const configuration = await this.#load(tenant, version);
        this.#remembered.set(owner, configuration);
        return [owner, configuration] as const;
      }),
    );
    return new Map(current);
  }

  async #load(tenant: Tenant, version: number): Promise<Configuration> {
    const scope = tenantOf(tenant);
    const [types, subscriptions, webhooks, systems] = await Promise.all([
      native(this.#models.eventTypes)
        .find(scope, { ...committed, projection: { name: 1, schemaJson: 1, revision: 1 } })
        .toArray(),
      native(this.#models.subscriptions)
        .find({ ...scope, active: true }, { ...committed, sort: { createdAt: 1, _id: 1 } })
        .toArray(),
      native(this.#models.webhooks)
        .find({ ...scope, deletedAt: null, state: { $ne: 'off' } }, committed)
        .toArray(),
      native(this.#models.externalSystems).find(scope, committed).toArray(),
    ]);
    const routes = routesOf(subscriptions, webhooks, systems);
    return {
      version,
      eventTypes: new Map(
        types.map(({ _id, name, schemaJson, revision }) => [
          name,
          {
            schemaKey: `${_id}@${revision}`,
            schema: schemaJson === null ? null : (JSON.parse(schemaJson) as EventSchema),
          },
        ]),
      ),
      routes,
      orderedTypes: new Set(
        [...routes].flatMap(([type, ofType]) =>
          ofType.some(({ webhook }) => webhook.ordered) ? [type] : [],
        ),
      ),
    };
  }
}

function routesOf(
  subscriptions: readonly SubscriptionRecord[],
  webhooks: readonly WebhookRecord[],
  systems: readonly ExternalSystemRecord[],
): Map<string, Route[]> {
  const webhookById = new Map(webhooks.map((webhook) => [webhook._id, webhook]));
  const systemById = new Map(systems.map((system) => [system._id, system]));
  const routes = new Map<string, Route[]>();
  for (const subscription of subscriptions) {
    const webhook = webhookById.get(subscription.webhookId);
    if (!webhook) continue;
    const system = systemById.get(webhook.externalSystemId ?? '') ?? null;
    const route = { subscription, webhook, system, accepts: acceptorOf(subscription) };
    for (const type of new Set(subscription.eventTypes)) {
      const ofType = routes.get(type) ?? [];
      routes.set(type, ofType);
      ofType.push(route);
    }
  }
  return routes;
}
