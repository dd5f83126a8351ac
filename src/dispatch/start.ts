import type { Context } from '../context.js';
import { isOAuth } from '../models/auth.js';
import type { DeliverySummary } from '../models/delivery.js';
import type { ExternalSystemRecord } from '../models/external-system.js';
import type { LaneRecord } from '../models/lane.js';
import type { WebhookRecord } from '../models/webhook.js';
import { resolveUrl } from '../delivery/destination.js';
import type { LaneStart, Start } from './dispatcher.js';
import { parseUrl } from '../http/parse-url.js';

/** In bytes: Temporal refuses a start whose summary is longer than 400. */
const longestSummary = 400;

/** The start of a delivery: with where it goes, as operators see it, and whether a token comes first. */
export function startOf(
  ctx: Context,
  delivery: DeliverySummary,
  webhook: WebhookRecord | undefined,
  system: ExternalSystemRecord | null,
): Start {
  const { _id, organizationId, environment, eventId, eventType, webhookId, workflowId } = delivery;
  const needsToken = webhook !== undefined && isOAuth((system ?? webhook).auth);
  // What has to wait for a limit would hold up a workflow's task.
  const isLimited = (webhook?.rateLimit ?? webhook?.maxConcurrency ?? null) !== null;
  const firstAttemptLocal = !isLimited && ctx.pace.isFast(webhookId);
  return {
    _id,
    organizationId,
    environment,
    eventId,
    eventType,
    webhookId,
    workflowId,
    summary: webhook ? summaryOf(webhook, system) : 'webhook deleted',
    needsToken,
    firstAttemptLocal,
    isLimited,
    // An endpoint that is fast has had a token not long ago.
    shareable:
      webhook?.state === 'active' &&
      webhook.circuit?.state !== 'open' &&
      ctx.pace.mayShare(webhookId) &&
      (!needsToken || firstAttemptLocal),
  };
}

/** The start of a lane. */
export function laneStartOf(ctx: Context, lane: LaneRecord): LaneStart {
  return { ...lane, firstWalkLocal: ctx.pace.isFast(lane.webhookId) };
}

/** The starts of deliveries of whatever webhooks, read from MongoDB. */
export async function loadStarts(ctx: Context, deliveries: readonly DeliverySummary[]): Promise<Start[]> {
  if (deliveries.length === 0) return [];
  const ids = [...new Set(deliveries.map(({ webhookId }) => webhookId))];
  const webhooks = await ctx.models.webhooks.find({ _id: { $in: ids } }).lean();
  const systemIds = webhooks.flatMap(({ externalSystemId }) => externalSystemId ?? []);
  const systems =
    systemIds.length === 0 ? [] : await ctx.models.externalSystems.find({ _id: { $in: systemIds } }).lean();
  const webhookById = new Map(webhooks.map((webhook) => [webhook._id, webhook]));
  const systemById = new Map(systems.map((system) => [system._id, system]));
  return deliveries.map((delivery) => {
    const webhook = webhookById.get(delivery.webhookId);
    return startOf(ctx, delivery, webhook, systemById.get(webhook?.externalSystemId ?? '') ?? null);
  });
}

function summaryOf(webhook: WebhookRecord, system: ExternalSystemRecord | null): string {
  const url = system ? resolveUrl(webhook.url, system) : webhook.url;
  const host = (url === undefined ? undefined : parseUrl(url)?.host) ?? 'unknown host';
  return withinBytes(`${host} (${webhook.name.replace(/\s+/g, ' ')})`, longestSummary);
}

function withinBytes(text: string, most: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= most) return text;
  // A character that is cut in the middle is left out.
  return new TextDecoder().decode(bytes.subarray(0, most - 3), { stream: true }) + '…';
}
