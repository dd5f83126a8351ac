import type { ClientSession } from 'mongoose';
import type { Context } from '../context.js';
import { native } from '../models/native.js';
import type { OperationalEventRecord } from '../models/operational-event.js';
import type { Tenant } from '../models/tenant.js';
import { environmentOwner } from '../models/webhook-stats.js';
import type { OperationalEventType } from './types.js';

/** Whether anybody in an environment is subscribed to an operational event: otherwise none is made. */
export async function isSubscribed(
  { configurations }: Pick<Context, 'configurations'>,
  tenant: Tenant,
  type: OperationalEventType,
): Promise<boolean> {
  const owner = environmentOwner(tenant);
  return (await configurations.of([tenant])).get(owner)?.routes.has(type) === true;
}

/**
 * Writes operational events that are to be published: in the transaction of what they tell of, or before that is marked
 * as told. One that is there already stays.
 */
export async function announce(
  { models }: Pick<Context, 'models'>,
  events: readonly OperationalEventRecord[],
  session?: ClientSession,
): Promise<void> {
  if (events.length === 0) return;
  await native(models.operationalEvents).bulkWrite(
    events.map(({ _id, ...fields }) => ({
      updateOne: { filter: { _id }, update: { $setOnInsert: fields }, upsert: true },
    })),
    { ordered: false, ...(session ? { session } : {}) },
  );
}
