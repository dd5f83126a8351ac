import type { Context } from '../context.js';
import { invalid } from '../errors/problem.js';
import { newId } from '../models/ids.js';
import type { WebhookRecord } from '../models/webhook.js';
import type { JsonValue } from '../request/json-value.js';
import type { RequestEvent } from './delivery-request.js';

/** An event and a delivery as a test or a preview shows them: of this moment, and never written. */
export interface Sample {
  event: RequestEvent;
  deliveryId: string;
  sentAt: Date;
}

/**
 * A sample for a webhook: of the type that is named, else of the first one that the webhook's oldest subscription
 * names; with the data that is given, else the type's sample payload. Throws a 422 Problem where there is neither.
 */
export async function sampleOf(
  ctx: Context,
  webhook: WebhookRecord,
  wanted: { eventType?: string | undefined; data?: JsonValue | undefined },
): Promise<Sample> {
  const { organizationId, environment } = webhook;
  const name = wanted.eventType ?? (await firstSubscribed(ctx, webhook));
  const type = await ctx.models.eventTypes.findOne({ organizationId, environment, name }).lean();
  if (!type) throw invalid([{ path: 'eventType', message: `there is no event type ${name}` }]);
  const dataJson = wanted.data === undefined ? type.samplePayloadJson : JSON.stringify(wanted.data);
  if (dataJson === null) {
    throw invalid([{ path: 'data', message: `is needed: the event type ${name} has no sample payload` }]);
  }
  const now = await ctx.clock.now();
  return {
    event: { _id: newId('event'), type: name, dataJson, occurredAt: now, correlationId: null },
    deliveryId: newId('delivery'),
    sentAt: now,
  };
}

async function firstSubscribed(ctx: Context, { _id: webhookId }: WebhookRecord): Promise<string> {
  const subscription = await ctx.models.subscriptions
    .findOne({ webhookId }, { eventTypes: 1 })
    .sort({ _id: 1 })
    .lean();
  const name = subscription?.eventTypes[0];
  if (name !== undefined) return name;
  throw invalid([{ path: 'eventType', message: 'is needed: no subscription refers to this webhook' }]);
}
