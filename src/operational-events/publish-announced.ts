import type { Context } from '../context.js';
import { Problem } from '../errors/problem.js';
import { prepared } from '../ingestion/new-event.js';
import { native } from '../models/native.js';
import type { OperationalEventRecord } from '../models/operational-event.js';
import { tenantOf } from '../models/tenant.js';
import type { JsonValue } from '../request/json-value.js';

const pageSize = 200;

/**
 * Publishes the operational events that are written and not published yet. Each has its idempotency key, so that a crash
 * between its publication and its removal, or another worker at the same time, makes no second one. Throws what kept one
 * from being published; it stays for the next pass.
 */
export async function publishAnnounced(ctx: Context, signal: AbortSignal): Promise<void> {
  const announced = native(ctx.models.operationalEvents);
  while (!signal.aborted) {
    const page = await announced.find({}, { limit: pageSize, readConcern: 'majority' }).toArray();
    if (page.length === 0) return;
    const outcomes = await Promise.allSettled(page.map(async (event) => publishOne(ctx, event)));
    const done = page.filter((_, index) => outcomes[index]?.status === 'fulfilled');
    await announced.deleteMany({ _id: { $in: done.map(({ _id }) => _id) } });
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
    if (page.length < pageSize) return;
  }
}

async function publishOne(ctx: Context, announced: OperationalEventRecord): Promise<void> {
  const { _id: idempotencyKey, type, dataJson, occurredAt } = announced;
  const data = JSON.parse(dataJson) as JsonValue;
  try {
    await ctx.publications.add({
      tenant: tenantOf(announced),
      events: [prepared({ type, data, idempotencyKey, occurredAt })],
      pathOf: () => [],
      operational: true,
    });
  } catch (error) {
    // Its type was deleted meanwhile, which nobody could do who subscribes to it.
    if (!(error instanceof Problem) || error.code !== 'invalid') throw error;
    ctx.logger.info({ idempotencyKey, reason: error.message }, 'operational event not made');
  }
}
