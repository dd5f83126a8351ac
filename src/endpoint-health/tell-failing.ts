import type { Context } from '../context.js';
import { announce, isSubscribed } from '../operational-events/announce.js';
import { webhookFailing, type Failures } from '../operational-events/data.js';
import { changeHealth } from './change-health.js';

/** Announces `webhook.failing`, once in a run of failures, where somebody subscribes to it. */
export async function tellFailing(ctx: Context, failures: Failures): Promise<void> {
  const { webhook, failingSince } = failures;
  if (webhook.failingTold?.getTime() === failingSince.getTime()) return;
  const isTold = await isSubscribed(ctx, webhook, 'webhook.failing');
  await changeHealth(ctx, webhook, {
    known: { failingSince, failingTold: { $ne: failingSince } },
    fields: { failingTold: failingSince },
    tell: async (session) => {
      if (isTold) await announce(ctx, [webhookFailing(failures)], session);
    },
  });
}
