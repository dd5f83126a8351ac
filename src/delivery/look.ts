import type { Context } from '../context.js';
import type { DeliveryRecord } from '../models/delivery.js';
import type { EventRecord } from '../models/event.js';
import type { ExternalSystemRecord } from '../models/external-system.js';
import type { WebhookRecord } from '../models/webhook.js';
import type { DeliverWebhookInput } from '../workflows/input.js';

/** A delivery with all that its next attempt needs. Its attempts are left out: they can be large. */
export interface Due {
  delivery: DeliveryRecord;
  event: EventRecord;
  webhook: WebhookRecord;
  system: ExternalSystemRecord | null;
  now: Date;
}

/** What a delivery needs now. */
export type Look =
  | { kind: 'missing' }
  | { kind: 'over'; delivery: DeliveryRecord }
  /** Somebody wants it cancelled, or its webhook is off or deleted. */
  | { kind: 'cancel'; delivery: DeliveryRecord }
  /** It is due, and its webhook is paused. */
  | { kind: 'hold'; delivery: DeliveryRecord }
  | { kind: 'wait'; delivery: DeliveryRecord; delayMs: number }
  | { kind: 'due'; due: Due };

/** Looks at a delivery as MongoDB has it, or as this process has just written it. Nothing is changed. */
export async function lookAtDelivery(ctx: Context, input: DeliverWebhookInput): Promise<Look> {
  const fresh = ctx.handover.take(input.deliveryId);
  if (fresh) return { kind: 'due', due: { ...fresh, now: await ctx.clock.now() } };
  const [delivery, event, webhook, now] = await Promise.all([
    ctx.models.deliveries.findById(input.deliveryId, { attempts: 0 }).lean(),
    ctx.models.events.findById(input.eventId).lean(),
    ctx.models.webhooks.findById(input.webhookId).lean(),
    ctx.clock.now(),
  ]);
  if (!delivery || !event) return { kind: 'missing' };
  if (!delivery.open) return { kind: 'over', delivery };
  const gone = !webhook || webhook.deletedAt !== null || webhook.state === 'off';
  if (gone || delivery.intent?.action === 'cancel') return { kind: 'cancel', delivery };
  const delayMs = delivery.nextAttemptAt === null ? 0 : delivery.nextAttemptAt.getTime() - now.getTime();
  if (delayMs > 0 && !wantsToBeSentNow(delivery)) return { kind: 'wait', delivery, delayMs };
  if (webhook.state === 'paused') return { kind: 'hold', delivery };
  const system =
    webhook.externalSystemId === null
      ? null
      : await ctx.models.externalSystems.findById(webhook.externalSystemId).lean();
  return { kind: 'due', due: { delivery, event, webhook, system, now } };
}

function wantsToBeSentNow({ intent, attemptCount }: DeliveryRecord): boolean {
  return intent?.action === 'send-now' && intent.afterAttempt === attemptCount;
}
