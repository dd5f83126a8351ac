import type { z } from 'zod';
import type { Context } from '../../context.js';
import type { DeliveryRecord } from '../../models/delivery.js';
import type { DeliveryRow } from './delivery-rows.js';
import { showDelivery, type Delivery, type Links } from './delivery-shapes.js';

type Shown = z.infer<typeof Delivery>;

/** Deliveries as lists show them: with the names of their webhooks, deleted ones included, by one query. */
export async function showDeliveries(
  ctx: Context,
  records: readonly (DeliveryRecord | DeliveryRow)[],
): Promise<Shown[]> {
  const ids = [...new Set(records.map(({ webhookId }) => webhookId))];
  const webhooks = await ctx.models.webhooks.find({ _id: { $in: ids } }, { name: 1 }).lean();
  const names = new Map(webhooks.map(({ _id, name }) => [_id, name]));
  const links = linksOf(ctx);
  return records.map((record) => showDelivery(record, links, names.get(record.webhookId) ?? null));
}

/** One delivery, as `showDeliveries`. */
export async function showOne(ctx: Context, record: DeliveryRecord): Promise<Shown> {
  const webhook = await ctx.models.webhooks.findById(record.webhookId, { name: 1 }).lean();
  return showDelivery(record, linksOf(ctx), webhook?.name ?? null);
}

/** Where links into the Temporal UI lead. */
export function linksOf(ctx: Context): Links {
  return { namespace: ctx.config.temporal.namespace, uiUrl: ctx.temporalUiUrl };
}
