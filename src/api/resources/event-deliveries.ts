import type { Context } from '../../context.js';
import type { DeliveryStatus } from '../../models/delivery.js';

/** How many deliveries each of a page of events has, by status. One query, by the index of their ids. */
export async function countByStatus(
  { models }: Context,
  events: readonly { _id: string }[],
): Promise<Map<string, Partial<Record<DeliveryStatus, number>>>> {
  const found = await models.deliveries.aggregate<{
    _id: { eventId: string; status: DeliveryStatus };
    count: number;
  }>([
    { $match: { eventId: { $in: events.map(({ _id }) => _id) } } },
    { $group: { _id: { eventId: '$eventId', status: '$status' }, count: { $sum: 1 } } },
  ]);
  const counts = new Map<string, Partial<Record<DeliveryStatus, number>>>();
  for (const { _id, count } of found) {
    counts.set(_id.eventId, { ...counts.get(_id.eventId), [_id.status]: count });
  }
  return counts;
}
