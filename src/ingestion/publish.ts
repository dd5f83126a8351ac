import type { Context } from '../context.js';
import { isDuplicateKey } from '../models/availability.js';
import type { Tenant } from '../models/tenant.js';
import { checkEvents } from './check-events.js';
import { findEarlier } from './find-earlier.js';
import type { NewEvent, PathOf, Published } from './new-event.js';
import { writeEvents } from './write-events.js';

/** Each round that fails has seen another call be faster with one of the keys, which the next round finds. */
const mostRounds = 10;

/**
 * Publishes events, all or none: they are valid, their deliveries are written with them in one transaction, and
 * only then are workflows started. Throws a Problem for what is not valid, and for an idempotency key that
 * was used with another body.
 */
export async function publish(
  ctx: Context,
  tenant: Tenant,
  events: readonly NewEvent[],
  pathOf: PathOf,
): Promise<Published[]> {
  await checkEvents(ctx, tenant, events, pathOf);
  for (let round = 1; ; round += 1) {
    const earlier = await findEarlier(ctx, tenant, events, pathOf);
    try {
      return await writeEvents(ctx, tenant, events, earlier, pathOf);
    } catch (error) {
      if (!isDuplicateKey(error) || round === mostRounds) throw error;
    }
  }
}
