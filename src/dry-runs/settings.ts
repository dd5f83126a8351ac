import type { Context } from '../context.js';
import { acceptorOf } from '../ingestion/matching.js';
import type { SubscriptionRecord } from '../models/subscription.js';
import { tenantOf, type Tenant } from '../models/tenant.js';
import type { WebhookRecord } from '../models/webhook.js';
import type { JsonValue } from '../request/json-value.js';

/** The part of a webhook that says what its bodies are. */
export type BodySettings = Pick<WebhookRecord, 'payloadTemplateJson' | 'format'>;

/** Which events go to a webhook, and what of them: as it is saved, or as somebody thinks of saving it. */
export interface Settings {
  rules: readonly { eventTypes: readonly string[]; accepts: (data: JsonValue) => boolean }[];
  body: BodySettings;
}

/** What stands in for what is saved. */
export interface Changes {
  eventTypes?: string[] | undefined;
  filterJson?: string | null | undefined;
  active?: boolean | undefined;
  state?: WebhookRecord['state'] | undefined;
  payloadTemplateJson?: string | null | undefined;
  format?: WebhookRecord['format'] | undefined;
}

/** What a dry run compares. A new subscription, or webhook, has nothing that is saved. */
export interface Compared {
  subscription: SubscriptionRecord | null;
  webhook: WebhookRecord | null;
}

const unsavedBody: BodySettings = { payloadTemplateJson: null, format: 'json' };

/** As it is saved. */
export async function savedSettings(
  ctx: Context,
  tenant: Tenant,
  compared: Compared,
  isNew: boolean,
): Promise<Settings> {
  const body = compared.webhook ?? unsavedBody;
  if (isNew || !compared.webhook || compared.webhook.state === 'off') return { rules: [], body };
  return { rules: (await subscriptionsOf(ctx, tenant, compared)).map(ruleOf), body };
}

/** With the changes: those of a subscription are for the one that is named, or for a new one. */
export async function changedSettings(
  ctx: Context,
  tenant: Tenant,
  compared: Compared,
  changes: Changes,
): Promise<Settings> {
  const { subscription, webhook } = compared;
  const { payloadTemplateJson, format, eventTypes, filterJson, active, state } = changes;
  const saved = webhook ?? unsavedBody;
  const body = {
    payloadTemplateJson: payloadTemplateJson === undefined ? saved.payloadTemplateJson : payloadTemplateJson,
    format: format ?? saved.format,
  };
  if ((state ?? webhook?.state) === 'off') return { rules: [], body };
  if (!subscription && eventTypes === undefined) {
    return { rules: (await subscriptionsOf(ctx, tenant, compared)).map(ruleOf), body };
  }
  if (!(active ?? subscription?.active ?? true)) return { rules: [], body };
  const rule = ruleOf({
    eventTypes: eventTypes ?? subscription?.eventTypes ?? [],
    filterJson: filterJson === undefined ? (subscription?.filterJson ?? null) : filterJson,
  });
  return { rules: [rule], body };
}

/** Every type that one of them is about. */
export function typesOf(...settings: readonly Settings[]): string[] {
  return [...new Set(settings.flatMap(({ rules }) => rules.flatMap(({ eventTypes }) => eventTypes)))];
}

async function subscriptionsOf(
  ctx: Context,
  tenant: Tenant,
  { subscription, webhook }: Compared,
): Promise<Pick<SubscriptionRecord, 'eventTypes' | 'filterJson'>[]> {
  if (subscription) return subscription.active ? [subscription] : [];
  if (!webhook) return [];
  return ctx.models.subscriptions.find({ webhookId: webhook._id, ...tenantOf(tenant), active: true }).lean();
}

function ruleOf({
  eventTypes,
  filterJson,
}: Pick<SubscriptionRecord, 'eventTypes' | 'filterJson'>): Settings['rules'][number] {
  return { eventTypes, accepts: acceptorOf({ filterJson }) };
}
