import type { Context } from '../context.js';
import { announce, isSubscribed } from '../operational-events/announce.js';
import { webhookFailing, type Failures } from '../operational-events/data.js';

/** Announces `webhook.failing`, once in a run of failures, where somebody subscribes to it. */
export async function tellFailing(ctx: Context, failures: Failures): Promise<void> {
  const { webhook, failingSince } = failures;
  const { _id } = webhook;
  if (webhook.failingTold?.getTime() === failingSince.getTime()) return;
  const isTold = await isSubscribed(ctx, webhook, 'webhook.failing');
  const { configurationVersions, connection, models } = ctx;
  await configurationVersions.ensure(webhook);
  await connection.withSession(async (session) =>
    session.withTransaction(async () => {
      const { modifiedCount } = await models.webhooks.updateOne(
        { _id, failingSince, failingTold: { $ne: failingSince } },
        { $set: { failingTold: failingSince } },
        { session },
      );
      if (modifiedCount === 0) return;
      // Attempts that are made with what is remembered of the webhook need not ask again.
      await configurationVersions.advance(webhook, session);
      if (isTold) await announce(ctx, [webhookFailing(failures)], session);
    }),
  );
}
