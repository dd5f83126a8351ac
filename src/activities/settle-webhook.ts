import { activityInfo, heartbeat } from '@temporalio/activity';
import type { Context } from '../context.js';
import { endCancelled } from '../delivery/record.js';
import { loadStarts } from '../dispatch/start.js';
import { summaryFields, type DeliverySummary } from '../models/delivery.js';

const pageSize = 100;
/** What is held by a pause, or waits for a circuit to close. */
const heldBack = { $or: [{ held: true }, { heldBy: 'circuit' as const }] };

/**
 * Lets a webhook's open deliveries act on its state: wakes what was held, cancels where it is off or deleted. It
 * goes through them by id and remembers how far it is, so a run that is cut off goes on where it was.
 */
export function settleWebhook(ctx: Context): (webhookId: string) => Promise<void> {
  return async (webhookId) => {
    const webhook = await ctx.models.webhooks
      .findById(webhookId, { state: 1, deletedAt: 1, settleAt: 1 })
      .lean();
    if (!webhook) return;
    const off = webhook.deletedAt !== null || webhook.state === 'off';
    if (off || webhook.state === 'active') await settleDeliveries(ctx, webhookId, off);
    await ctx.models.webhooks.updateOne(
      { _id: webhookId, settleAt: webhook.settleAt },
      { $set: { settleAt: null } },
    );
  };
}

async function settleDeliveries(ctx: Context, webhookId: string, off: boolean): Promise<void> {
  let after = (activityInfo().heartbeatDetails as string | undefined) ?? '';
  for (;;) {
    const page = await ctx.models.deliveries
      .find({ webhookId, open: true, _id: { $gt: after }, ...(off ? {} : heldBack) }, summaryFields)
      .sort({ _id: 1 })
      .limit(pageSize)
      .lean();
    await (off ? Promise.all(page.map(async (delivery) => end(ctx, delivery))) : wake(ctx, page));
    const last = page.at(-1);
    if (!last) return;
    after = last._id;
    heartbeat(after);
  }
}

/** A delivery without a workflow (it is not started yet) is ended here; the others end with theirs. */
async function end(ctx: Context, { _id, workflowId }: DeliverySummary): Promise<void> {
  if (!(await ctx.dispatcher.cancel(workflowId))) await endCancelled(ctx, _id);
}

/** A held delivery has no time at which it would be missed, so one that lost its workflow is noticed here. */
async function wake(ctx: Context, page: readonly DeliverySummary[]): Promise<void> {
  const { dispatcher } = ctx;
  const woken = await Promise.all(page.map(async ({ workflowId }) => dispatcher.wake(workflowId)));
  for (const start of await loadStarts(
    ctx,
    page.filter((_, index) => woken[index] === false),
  )) {
    if ((await dispatcher.revive(start)) === 'closed') await endCancelled(ctx, start._id);
  }
}
