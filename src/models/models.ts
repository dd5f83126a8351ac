import type { Connection, Model } from 'mongoose';
import { accessTokenSchema, type AccessTokenRecord } from './access-token.js';
import { apiKeySchema, type ApiKeyRecord } from './api-key.js';
import { auditEntrySchema, type AuditEntryRecord } from './audit-entry.js';
import { concurrencyShareSchema, type ConcurrencyShareRecord } from './concurrency-share.js';
import { configurationVersionSchema, type ConfigurationVersionRecord } from './configuration-version.js';
import { deliverySchema, type DeliveryRecord } from './delivery.js';
import { differenceSchema, type DifferenceRecord } from './difference.js';
import { eventCountSchema, type EventCountRecord } from './event-count.js';
import { eventSchema, type EventRecord } from './event.js';
import { eventTypeSchema, type EventTypeRecord } from './event-type.js';
import { externalSystemSchema, type ExternalSystemRecord } from './external-system.js';
import { laneSchema, type LaneRecord } from './lane.js';
import { keyHolderSchema, type KeyHolderRecord } from './key-holder.js';
import { operationalEventSchema, type OperationalEventRecord } from './operational-event.js';
import { ledgerHourSchema, type LedgerHourRecord } from './ledger-hour.js';
import { ingestBudgetSchema, type IngestBudgetRecord } from './ingest-budget.js';
import { organizationSchema, type OrganizationRecord } from './organization.js';
import { rateLimitSchema, type RateLimitRecord } from './rate-limit.js';
import { receivedSchema, type ReceivedRecord } from './received.js';
import { replaySchema, type ReplayRecord } from './replay.js';
import { sessionSchema, type SessionRecord } from './session.js';
import { sourceSchema, type SourceRecord } from './source.js';
import { statsJournalSchema, type StatsJournalRecord } from './stats-journal.js';
import { subscriptionSchema, type SubscriptionRecord } from './subscription.js';
import { sweepJournalSchema, type SweepJournalRecord } from './sweep-journal.js';
import { webhookSchema, type WebhookRecord } from './webhook.js';
import { environmentStatsSchema, webhookStatsSchema, type StatsRecord } from './webhook-stats.js';

/** Every collection, by its name. */
export interface Models {
  readonly organizations: Model<OrganizationRecord>;
  readonly apiKeys: Model<ApiKeyRecord>;
  readonly eventTypes: Model<EventTypeRecord>;
  readonly externalSystems: Model<ExternalSystemRecord>;
  readonly configurationVersions: Model<ConfigurationVersionRecord>;
  readonly webhooks: Model<WebhookRecord>;
  readonly subscriptions: Model<SubscriptionRecord>;
  readonly events: Model<EventRecord>;
  readonly deliveries: Model<DeliveryRecord>;
  readonly lanes: Model<LaneRecord>;
  readonly sources: Model<SourceRecord>;
  readonly received: Model<ReceivedRecord>;
  readonly replays: Model<ReplayRecord>;
  readonly sessions: Model<SessionRecord>;
  readonly accessTokens: Model<AccessTokenRecord>;
  readonly rateLimits: Model<RateLimitRecord>;
  readonly concurrencyShares: Model<ConcurrencyShareRecord>;
  readonly ingestBudgets: Model<IngestBudgetRecord>;
  readonly webhookStats: Model<StatsRecord>;
  readonly environmentStats: Model<StatsRecord>;
  readonly eventCounts: Model<EventCountRecord>;
  readonly statsJournal: Model<StatsJournalRecord>;
  readonly auditEntries: Model<AuditEntryRecord>;
  readonly keyHolders: Model<KeyHolderRecord>;
  readonly operationalEvents: Model<OperationalEventRecord>;
  readonly ledgerHours: Model<LedgerHourRecord>;
  readonly differences: Model<DifferenceRecord>;
  readonly sweepJournal: Model<SweepJournalRecord>;
}

/** The models of one connection; `ensureIndexes` makes what they need before the first use. */
export function createModels(connection: Connection): Models {
  return {
    organizations: connection.model<OrganizationRecord>('organizations', organizationSchema, 'organizations'),
    apiKeys: connection.model<ApiKeyRecord>('apiKeys', apiKeySchema, 'apiKeys'),
    eventTypes: connection.model<EventTypeRecord>('eventTypes', eventTypeSchema, 'eventTypes'),
    configurationVersions: connection.model<ConfigurationVersionRecord>(
      'configurationVersions',
      configurationVersionSchema,
      'configurationVersions',
    ),
    externalSystems: connection.model<ExternalSystemRecord>(
      'externalSystems',
      externalSystemSchema,
      'externalSystems',
    ),
    webhooks: connection.model<WebhookRecord>('webhooks', webhookSchema, 'webhooks'),
    subscriptions: connection.model<SubscriptionRecord>('subscriptions', subscriptionSchema, 'subscriptions'),
    events: connection.model<EventRecord>('events', eventSchema, 'events'),
    deliveries: connection.model<DeliveryRecord>('deliveries', deliverySchema, 'deliveries'),
    lanes: connection.model<LaneRecord>('lanes', laneSchema, 'lanes'),
    sources: connection.model<SourceRecord>('sources', sourceSchema, 'sources'),
    received: connection.model<ReceivedRecord>('received', receivedSchema, 'received'),
    replays: connection.model<ReplayRecord>('replays', replaySchema, 'replays'),
    sessions: connection.model<SessionRecord>('sessions', sessionSchema, 'sessions'),
    accessTokens: connection.model<AccessTokenRecord>('accessTokens', accessTokenSchema, 'accessTokens'),
    rateLimits: connection.model<RateLimitRecord>('rateLimits', rateLimitSchema, 'rateLimits'),
    ingestBudgets: connection.model<IngestBudgetRecord>('ingestBudgets', ingestBudgetSchema, 'ingestBudgets'),
    concurrencyShares: connection.model<ConcurrencyShareRecord>(
      'concurrencyShares',
      concurrencyShareSchema,
      'concurrencyShares',
    ),
    webhookStats: connection.model<StatsRecord>('webhookStats', webhookStatsSchema, 'webhookStats'),
    environmentStats: connection.model<StatsRecord>(
      'environmentStats',
      environmentStatsSchema,
      'environmentStats',
    ),
    eventCounts: connection.model<EventCountRecord>('eventCounts', eventCountSchema, 'eventCounts'),
    statsJournal: connection.model<StatsJournalRecord>('statsJournal', statsJournalSchema, 'statsJournal'),
    operationalEvents: connection.model<OperationalEventRecord>(
      'operationalEvents',
      operationalEventSchema,
      'operationalEvents',
    ),
    auditEntries: connection.model<AuditEntryRecord>('auditEntries', auditEntrySchema, 'auditEntries'),
    keyHolders: connection.model<KeyHolderRecord>('keyHolders', keyHolderSchema, 'keyHolders'),
    ledgerHours: connection.model<LedgerHourRecord>('ledgerHours', ledgerHourSchema, 'ledgerHours'),
    differences: connection.model<DifferenceRecord>('differences', differenceSchema, 'differences'),
    sweepJournal: connection.model<SweepJournalRecord>('sweepJournal', sweepJournalSchema, 'sweepJournal'),
  };
}

/** MongoDB's IndexOptionsConflict and IndexKeySpecsConflict: an earlier version made the index otherwise. */
const indexConflicts = [85, 86];

/** Makes collections and indexes that are not there yet; an index that has changed takes the place of the one before. */
export async function ensureIndexes(models: Models): Promise<void> {
  await Promise.all(
    Object.values(models).map(async (model: Model<unknown>) => {
      await model.createCollection();
      await model.createIndexes().catch(async (error: { code?: number }) => {
        if (!indexConflicts.includes(error.code ?? 0)) throw error;
        await model.syncIndexes();
      });
    }),
  );
}
