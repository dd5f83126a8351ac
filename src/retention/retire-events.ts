import type { Context } from '../context.js';

const pageSize = 500;
/** An event with deliveries left is looked at again after so long. */
const againMs = 24 * 3_600_000;

/**
 * Lets events go whose retention is over and of whose deliveries none is left. Deliveries go by their own clock,
 * which starts at their end, so nothing that waits ever loses its event.
 */
export async function retireEvents(ctx: Context, signal: AbortSignal): Promise<void> {
  const { events, deliveries } = ctx.models;
  while (!signal.aborted) {
    const now = await ctx.clock.now();
    const page = await events
      .find({ retainUntil: { $lte: now }, expiresAt: null }, { _id: 1 })
      .sort({ retainUntil: 1 })
      .limit(pageSize)
      .lean();
    const ids = page.map(({ _id }) => _id);
    const kept = new Set(await deliveries.distinct('eventId', { eventId: { $in: ids } }));
    const gone = ids.filter((id) => !kept.has(id));
    // One that is being delivered after all, by a replay, was given more time in between.
    await events.updateMany({ _id: { $in: gone }, retainUntil: { $lte: now } }, { $set: { expiresAt: now } });
    await events.updateMany(
      { _id: { $in: [...kept] } },
      { $set: { retainUntil: new Date(now.getTime() + againMs) } },
    );
    if (page.length < pageSize) return;
  }
}
