import type { Context } from '../context.js';
import type { DeliveryRecord } from '../models/delivery.js';

/** The delivery right before this one in its lane that is not over: this one leaves once it is. null where it is the first. */
export async function predecessorOf(
  ctx: Context,
  { lane, place, open }: Pick<DeliveryRecord, 'lane' | 'place' | 'open'>,
): Promise<string | null> {
  if (lane === undefined || place === undefined || !open) return null;
  const before = await ctx.models.deliveries
    .findOne({ lane, open: true, place: { $lt: place } }, { _id: 1 })
    .sort({ place: -1 })
    .lean();
  return before?._id ?? null;
}
