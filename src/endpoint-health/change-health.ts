import type { ClientSession, mongo } from 'mongoose';
import type { Context } from '../context.js';
import { native } from '../models/native.js';
import type { WebhookRecord } from '../models/webhook.js';

/** The health of a webhook's endpoint from one state to the next. */
export interface HealthChange {
  /** What it has to be, so that of many who make the change one does. */
  known: mongo.Filter<WebhookRecord>;
  fields: mongo.MatchKeysAndValues<WebhookRecord>;
  /** Writes what belongs to it, in its transaction. */
  tell?: (session: ClientSession) => Promise<void>;
}

/**
 * Changes what attempts have shown of a webhook's endpoint, together with the tenant's next version of the configuration: attempts
 * that are made with what is remembered of the webhook have to know. False where it is not as `known` says, or not any more.
 */
export async function changeHealth(
  { connection, models, configurationVersions, handover }: Context,
  webhook: WebhookRecord,
  { known, fields, tell }: HealthChange,
): Promise<boolean> {
  const asKnown = { ...known, _id: webhook._id };
  const webhooks = native(models.webhooks);
  // Attempts that end after the change see it here, and begin no transaction.
  if ((await webhooks.findOne(asKnown, { projection: { _id: 1 } })) === null) return false;
  await configurationVersions.ensure(webhook);
  const isChanged = await connection.withSession(async (session) =>
    session.withTransaction(async () => {
      const { modifiedCount } = await webhooks.updateOne(asKnown, { $set: fields }, { session });
      if (modifiedCount === 0) return false;
      await configurationVersions.advance(webhook, session);
      await tell?.(session);
      return true;
    }),
  );
  if (isChanged) handover.clear();
  return isChanged;
}
