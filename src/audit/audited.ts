import { maskAuth } from '../api/auth.js';
import { maskVerification } from '../api/source-verification.js';
import type { ApiKeyRecord } from '../models/api-key.js';
import type { AuditedResource } from '../models/audit-entry.js';
import type { DeliveryRecord } from '../models/delivery.js';
import type { EventTypeRecord } from '../models/event-type.js';
import type { ExternalSystemRecord } from '../models/external-system.js';
import type { OrganizationRecord } from '../models/organization.js';
import type { StoredTls } from '../models/receiver-tls.js';
import type { ReplayRecord } from '../models/replay.js';
import type { SourceRecord } from '../models/source.js';
import type { SubscriptionRecord } from '../models/subscription.js';
import type { Tenant } from '../models/tenant.js';
import type { WebhookRecord } from '../models/webhook.js';
import { MASK } from '../request/headers.js';
import { facts, jsonFact, type Facts } from './facts.js';

/** The import of a catalogue, as it is told. */
export interface ImportedCatalogueRecord extends Tenant {
  _id: string;
  imported: readonly string[];
}

/** The record of each resource. */
export interface AuditedRecords {
  webhook: WebhookRecord;
  subscription: SubscriptionRecord;
  event_type: EventTypeRecord;
  catalogue: ImportedCatalogueRecord;
  external_system: ExternalSystemRecord;
  source: SourceRecord;
  delivery: Omit<DeliveryRecord, 'attempts' | 'body'> & { resentAs?: string };
  replay: ReplayRecord;
  api_key: ApiKeyRecord;
  organization: OrganizationRecord;
}

/** What the audit log tells of a resource. */
interface Audited<T> {
  /** What clients know it by, where that is not its stored id. */
  id?: (record: T) => string;
  name(record: T): string | null;
  facts(record: T): Facts;
  /** What else a change of it has an effect on. */
  concerns?: (record: T) => string[];
}

/** What the audit log tells of each resource: what a person can set of it, secrets masked. */
export const audited: { readonly [Resource in AuditedResource]: Audited<AuditedRecords[Resource]> } = {
  webhook: {
    name: ({ name }) => name,
    facts: ({ name, url, method, format, externalSystemId, timeoutMs, retrySchedule, state, ...rest }) => ({
      ...facts({ name, url, method, format, externalSystemId, timeoutMs, retrySchedule, state }),
      ...facts({ rateLimit: rest.rateLimit ?? null, maxConcurrency: rest.maxConcurrency ?? null }),
      ...facts({ pauseAfter: rest.pauseAfter, pauseOnGone: rest.pauseOnGone || null }),
      // Who asked for a pause is whose entry it is.
      ...facts({ pausedReason: rest.pausedReason === 'requested' ? null : rest.pausedReason }),
      ...headerFacts(rest.headers),
      ...facts(rest.auth, maskAuth(rest.auth), 'auth.'),
      ...facts({ ordered: rest.ordered }),
      ...tlsFacts(rest),
      ...jsonFact('payloadTemplate', rest.payloadTemplateJson),
      ...facts({ signingSecret: rest.signingSecret }, { signingSecret: MASK }),
    }),
  },
  subscription: {
    name: ({ name }) => name,
    facts: ({ name, eventTypes, webhookId, filterJson, active }) => ({
      ...facts({ name, eventTypes, webhookId, active }),
      ...jsonFact('filter', filterJson),
    }),
    concerns: ({ webhookId }) => [webhookId],
  },
  event_type: {
    id: ({ name }) => name,
    name: ({ label }) => label,
    facts: ({ name, label, category, description, schemaJson, samplePayloadJson }) => ({
      ...facts({ name, label, category, description }),
      ...jsonFact('schema', schemaJson),
      ...jsonFact('samplePayload', samplePayloadJson),
    }),
  },
  catalogue: {
    name: () => null,
    facts: ({ imported }) => facts(imported.length === 0 ? {} : { eventTypes: imported }),
  },
  external_system: {
    name: ({ name }) => name,
    facts: ({ name, baseUrl, origins, auth, ...rest }) => ({
      ...facts({ name, baseUrl, origins }),
      ...facts(auth, maskAuth(auth), 'auth.'),
      ...tlsFacts(rest),
    }),
  },
  source: {
    name: ({ name }) => name,
    facts: ({ name, kind, verification, respond, correlation, expiresAt }) => ({
      ...facts({ name, kind, expiresAt }),
      ...facts(verification, maskVerification(verification), 'verification.'),
      ...facts({ status: respond.status, delayMs: respond.delayMs }, undefined, 'respond.'),
      ...jsonFact('respond.body', respond.bodyJson),
      ...facts(correlation ?? {}, undefined, 'correlation.'),
    }),
  },
  delivery: {
    name: ({ eventType }) => eventType,
    facts: ({ intent, resentAs }) => facts({ intent: intent?.action, resentAs }),
    concerns: ({ webhookId }) => [webhookId],
  },
  replay: {
    name: () => null,
    facts: ({ status, filter, recover, rate, rerender, count }) =>
      facts({ status, filter, recover, rate, rerender, count }),
  },
  api_key: {
    name: ({ name }) => name,
    facts: ({ name, role, organizationId, environment }) =>
      facts({ name, role, organizationId, environment }),
  },
  organization: { name: ({ name }) => name, facts: ({ name }) => facts({ name }) },
};

function tlsFacts({ clientCertificate, caCertificates }: StoredTls): Facts {
  return {
    ...(clientCertificate
      ? facts(clientCertificate, { ...clientCertificate, privateKey: MASK }, 'clientCertificate.')
      : {}),
    ...facts({ caCertificates }),
  };
}

function headerFacts(headers: WebhookRecord['headers']): Facts {
  return Object.fromEntries(
    headers.map(({ name, value, secret }) => [
      `headers.${name}`,
      { is: JSON.stringify([value, secret]), shown: JSON.stringify(secret ? MASK : value) },
    ]),
  );
}
