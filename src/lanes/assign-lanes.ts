import { inLane } from '../delivery/new-delivery.js';
import type { Context } from '../context.js';
import type { DeliveryRecord } from '../models/delivery.js';
import type { JsonValue } from '../request/json-value.js';
import { laneOf } from './lane-of.js';

/**
 * Deliveries of events that were published before, each with its lane as its webhook is now: they go to the end of it.
 * Nothing but the webhooks is read where none of them is ordered by a key.
 */
export async function assignLanes(
  ctx: Context,
  deliveries: readonly DeliveryRecord[],
): Promise<DeliveryRecord[]> {
  const webhookIds = [...new Set(deliveries.map(({ webhookId }) => webhookId))];
  const ordered = await ctx.models.webhooks
    .find({ _id: { $in: webhookIds }, ordered: { $ne: null } }, { ordered: 1 })
    .lean();
  if (ordered.length === 0) return [...deliveries];
  const webhooks = new Map(ordered.map((webhook) => [webhook._id, webhook]));
  const eventIds = deliveries.flatMap(({ webhookId, eventId }) =>
    (webhooks.get(webhookId)?.ordered?.orderingKey ?? null) === null ? [] : [eventId],
  );
  const events = await ctx.models.events.find({ _id: { $in: eventIds } }, { dataJson: 1 }).lean();
  const data = new Map(events.map(({ _id, dataJson }) => [_id, dataJson]));
  return deliveries.map((delivery) => {
    const webhook = webhooks.get(delivery.webhookId);
    const dataJson = data.get(delivery.eventId) ?? 'null';
    const lane = webhook && laneOf(webhook, JSON.parse(dataJson) as JsonValue);
    return lane ? inLane(delivery, lane) : delivery;
  });
}
