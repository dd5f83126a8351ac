import type { Context } from '../context.js';
import type { Tenant } from '../models/tenant.js';
import { prepared, type NewEvent, type PathOf, type Published } from './new-event.js';

/**
 * Publishes events, all or none: they are valid, their deliveries are written with them in one transaction, and
 * only then are workflows started. Throws a Problem for what is not valid, for an idempotency key that was used with
 * another body, and where more waits to be written than can be in time.
 */
export async function publish(
  ctx: Context,
  tenant: Tenant,
  events: readonly NewEvent[],
  pathOf: PathOf,
): Promise<Published[]> {
  return ctx.publications.add({ tenant, events: events.map(prepared), pathOf });
}
