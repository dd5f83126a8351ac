import type { Model } from 'mongoose';
import type { Context } from '../context.js';
import type { DeliveryRecord } from '../models/delivery.js';
import type { EventRecord } from '../models/event.js';
import type { ExternalSystemRecord } from '../models/external-system.js';
import type { WebhookRecord } from '../models/webhook.js';
import type { DeliveryIds } from '../workflows/input.js';

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
export async function lookAtDelivery(ctx: Context, input: DeliveryIds): Promise<Look> {
  const [look = { kind: 'missing' as const }] = await lookAtDeliveries(ctx, [input]);
  return look;
}

/** Looks at deliveries, each as `lookAtDelivery` does: four queries at most, however many they are. */
export async function lookAtDeliveries(ctx: Context, inputs: readonly DeliveryIds[]): Promise<Look[]> {
  const fresh = inputs.map(({ deliveryId }) => ctx.handover.take(deliveryId));
  const records = await read(
    ctx,
    inputs.filter((_, index) => !fresh[index]),
  );
  const now = await ctx.clock.now();
  return inputs.map((input, index) => {
    const known = fresh[index];
    return known ? { kind: 'due', due: { ...known, now } } : lookAt(records, input, now);
  });
}

/** What is to be looked at, by ids. */
interface Records {
  deliveries: Map<string, DeliveryRecord>;
  events: Map<string, EventRecord>;
  webhooks: Map<string, WebhookRecord>;
  systems: Map<string, ExternalSystemRecord>;
}

async function read({ models }: Context, inputs: readonly DeliveryIds[]): Promise<Records> {
  const [deliveries, events, webhooks] = await Promise.all([
    findByIds(
      models.deliveries,
      inputs.map(({ deliveryId }) => deliveryId),
      { attempts: 0 },
    ),
    findByIds(
      models.events,
      inputs.map(({ eventId }) => eventId),
    ),
    findByIds(
      models.webhooks,
      inputs.map(({ webhookId }) => webhookId),
    ),
  ]);
  const systemIds = [...webhooks.values()].flatMap(({ externalSystemId }) => externalSystemId ?? []);
  return { deliveries, events, webhooks, systems: await findByIds(models.externalSystems, systemIds) };
}

async function findByIds<T extends { _id: string }>(
  model: Model<T>,
  ids: readonly string[],
  projection: Record<string, 0> = {},
): Promise<Map<string, T>> {
  if (ids.length === 0) return new Map();
  const found = (await model.find({ _id: { $in: [...new Set(ids)] } }, projection).lean()) as unknown as T[];
  return new Map(found.map((record) => [record._id, record]));
}

function lookAt(records: Records, input: DeliveryIds, now: Date): Look {
  const delivery = records.deliveries.get(input.deliveryId);
  const event = records.events.get(input.eventId);
  const webhook = records.webhooks.get(input.webhookId);
  if (!delivery || !event) return { kind: 'missing' };
  if (!delivery.open) return { kind: 'over', delivery };
  const gone = !webhook || webhook.deletedAt !== null || webhook.state === 'off';
  if (gone || delivery.intent?.action === 'cancel') return { kind: 'cancel', delivery };
  const waitMs = delivery.nextAttemptAt === null ? 0 : delivery.nextAttemptAt.getTime() - now.getTime();
  // What a circuit holds back is due, and was woken because that has closed.
  const delayMs = delivery.heldBy === 'circuit' ? 0 : waitMs;
  if (delayMs > 0 && !wantsToBeSentNow(delivery)) return { kind: 'wait', delivery, delayMs };
  if (webhook.state === 'paused') return { kind: 'hold', delivery };
  const system = records.systems.get(webhook.externalSystemId ?? '') ?? null;
  return { kind: 'due', due: { delivery, event, webhook, system, now } };
}

function wantsToBeSentNow({ intent, attemptCount }: DeliveryRecord): boolean {
  return intent?.action === 'send-now' && intent.afterAttempt === attemptCount;
}
