import { Secret } from '../config/secret.js';
import type { Context } from '../context.js';
import { invalid } from '../errors/problem.js';
import type { AttemptRecord } from '../models/attempt.js';
import type { WebhookRecord } from '../models/webhook.js';
import type { OutgoingRequest } from '../http/exchange.js';
import { BodyTooLarge } from '../request/format.js';
import { MASK } from '../request/headers.js';
import { renderBody, requestOf } from './delivery-request.js';
import { originNotAllowed, resolveDestination } from './destination.js';
import type { Sample } from './sample.js';
import { attemptOf, authorize, renderOrNot, send, type Sending, type Target } from './send.js';

/** Sends a sample to a webhook, whatever its state, once. It is no delivery and leaves no history. */
export async function testWebhook(
  ctx: Context,
  webhook: WebhookRecord,
  sample: Sample,
): Promise<{ attempt: AttemptRecord; body: string | null }> {
  const sending = await sendSample(ctx, webhook, sample);
  const attempt = attemptOf(webhook, sending, { number: 1, startedAt: sample.sentAt, nextAttemptAt: null });
  return { attempt, body: sending.body?.text ?? null };
}

async function sendSample(ctx: Context, webhook: WebhookRecord, sample: Sample): Promise<Sending> {
  const authorized = await authorize(ctx, await targetOf(ctx, webhook));
  if (!authorized.ok) return authorized.unsent;
  const rendered = renderOrNot(webhook, authorized, sample);
  if (!rendered.ok) return rendered.unsent;
  return send(ctx, webhook, authorized, { ...sample, attempt: 1, body: rendered.body });
}

/**
 * The request that would be sent, with its secrets masked, and the placeholders that found nothing. No token is
 * fetched: OAuth shows as a masked `authorization`.
 */
export async function previewRequest(
  ctx: Context,
  webhook: WebhookRecord,
  { event, deliveryId, sentAt }: Sample,
): Promise<{ request: OutgoingRequest; missing: string[] }> {
  const { system } = await targetOf(ctx, webhook);
  const destination = resolveDestination(ctx.keyRing, webhook, system);
  if (!destination) throw invalid([{ path: 'url', message: originNotAllowed }]);
  const { url, auth } = destination;
  const { body, missing } = renderPreview(webhook, { event, deliveryId, sentAt });
  const built = requestOf(ctx.keyRing, {
    webhook,
    event,
    deliveryId,
    url,
    auth: auth.kind === 'direct' ? auth.auth : { type: 'bearer', token: new Secret(MASK) },
    body,
    attempt: 1,
    sentAt,
  });
  return { request: built.record, missing };
}

function renderPreview(
  webhook: WebhookRecord,
  { event, deliveryId, sentAt }: Sample,
): ReturnType<typeof renderBody> {
  try {
    return renderBody(webhook, event, deliveryId, sentAt);
  } catch (error) {
    if (error instanceof BodyTooLarge) throw invalid([{ path: 'format', message: error.message }]);
    throw error;
  }
}

async function targetOf(ctx: Context, webhook: WebhookRecord): Promise<Target> {
  const { externalSystemId } = webhook;
  const system =
    externalSystemId === null ? null : await ctx.models.externalSystems.findById(externalSystemId).lean();
  return { webhook, system };
}
