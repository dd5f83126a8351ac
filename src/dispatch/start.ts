import type { Context } from '../context.js';
import { isOAuth } from '../models/auth.js';
import type { DeliverySummary } from '../models/delivery.js';
import type { ExternalSystemRecord } from '../models/external-system.js';
import type { WebhookRecord } from '../models/webhook.js';
import { resolveUrl } from '../delivery/destination.js';
import type { Start } from './dispatcher.js';

/** In bytes: Temporal refuses a start whose summary is longer than 400. */
const longestSummary = 400;

/** The starts of deliveries: each with where it goes, as operators see it, and whether a token comes first. */
export async function startsOf(
  ctx: Context,
  deliveries: readonly DeliverySummary[],
  webhooks: ReadonlyMap<string, WebhookRecord>,
): Promise<Start[]> {
  const systemIds = [...webhooks.values()].flatMap(({ externalSystemId }) => externalSystemId ?? []);
  const systems =
    systemIds.length === 0 ? [] : await ctx.models.externalSystems.find({ _id: { $in: systemIds } }).lean();
  const systemById = new Map(systems.map((system) => [system._id, system]));
  return deliveries.map((delivery) => {
    const webhook = webhooks.get(delivery.webhookId);
    const system = systemById.get(webhook?.externalSystemId ?? '') ?? null;
    const { _id, organizationId, environment, eventId, eventType, webhookId, workflowId } = delivery;
    const base = { _id, organizationId, environment, eventId, eventType, webhookId, workflowId };
    return {
      ...base,
      summary: webhook ? summaryOf(webhook, system) : 'webhook deleted',
      needsToken: webhook !== undefined && isOAuth((system ?? webhook).auth),
      firstAttemptLocal: ctx.pace.isFast(webhookId),
    };
  });
}

/** The starts of deliveries of whatever webhooks, read from MongoDB. */
export async function loadStarts(ctx: Context, deliveries: readonly DeliverySummary[]): Promise<Start[]> {
  const ids = [...new Set(deliveries.map(({ webhookId }) => webhookId))];
  const webhooks = await ctx.models.webhooks.find({ _id: { $in: ids } }).lean();
  return startsOf(ctx, deliveries, new Map(webhooks.map((webhook) => [webhook._id, webhook])));
}

function summaryOf(webhook: WebhookRecord, system: ExternalSystemRecord | null): string {
  const url = system ? resolveUrl(webhook.url, system) : webhook.url;
  const host = url !== undefined && URL.canParse(url) ? new URL(url).host : 'unknown host';
  return withinBytes(`${host} (${webhook.name.replace(/\s+/g, ' ')})`, longestSummary);
}

function withinBytes(text: string, most: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= most) return text;
  // A character that is cut in the middle is left out.
  return new TextDecoder().decode(bytes.subarray(0, most - 3), { stream: true }) + '…';
}
