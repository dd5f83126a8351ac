import { activityInfo, heartbeat } from '@temporalio/activity';
import { LRUCache } from 'lru-cache';
import type { Context } from '../context.js';
import { endCancelled } from '../delivery/record.js';
import { loadStarts } from '../dispatch/start.js';
import { reviveLanes } from '../lanes/revive.js';
import { summaryFields, type DeliverySummary } from '../models/delivery.js';

const pageSize = 100;
const rememberedLanes = 10_000;

/**
 * Lets a webhook's open deliveries act on its state: wakes what was held, by a pause, by its circuit or by its rate limit
 * (which may be another one now), and cancels where it is off or deleted. It goes through them by id and remembers how far it is, so
 * a run that is cut off goes on where it was.
 */
export function settleWebhook(ctx: Context): (webhookId: string) => Promise<void> {
  return async (webhookId) => {
    const webhook = await ctx.models.webhooks
      .findById(webhookId, { state: 1, deletedAt: 1, settleAt: 1 })
      .lean();
    if (!webhook) return;
    const off = webhook.deletedAt !== null || webhook.state === 'off';
    // Whoever still waits for the limit lines up anew.
    await ctx.models.rateLimits.updateOne({ _id: webhookId }, { $set: { lineUntil: 0 } });
    if (off || webhook.state === 'active') await settleDeliveries(ctx, webhookId, off);
    await ctx.models.webhooks.updateOne(
      { _id: webhookId, settleAt: webhook.settleAt },
      { $set: { settleAt: null } },
    );
  };
}

const held = { $or: [{ held: true }, { heldBy: { $in: ['rate_limit', 'circuit'] as const } }] };

async function settleDeliveries(ctx: Context, webhookId: string, off: boolean): Promise<void> {
  // A lane that was told once ends all that is in it.
  const told = new LRUCache<string, true>({ max: rememberedLanes });
  let after = (activityInfo().heartbeatDetails as string | undefined) ?? '';
  for (;;) {
    const page = await ctx.models.deliveries
      .find({ webhookId, open: true, _id: { $gt: after }, ...(off ? {} : held) }, summaryFields)
      .sort({ _id: 1 })
      .limit(pageSize)
      .lean();
    const each = page.filter(({ lane }) => {
      const isTold = lane !== undefined && told.has(lane);
      if (lane !== undefined) told.set(lane, true);
      return !isTold;
    });
    await (off ? Promise.all(each.map(async (delivery) => end(ctx, delivery))) : wake(ctx, each));
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
  const now = await ctx.clock.now();
  await ctx.models.deliveries.updateMany(
    { _id: { $in: page.map(({ _id }) => _id) }, open: true, status: 'waiting', heldBy: 'rate_limit' },
    { $set: { heldBy: null, nextAttemptAt: now } },
  );
  const woken = await Promise.all(page.map(async ({ workflowId }) => dispatcher.wake(workflowId)));
  const lost = page.filter((_, index) => woken[index] === false);
  await reviveLanes(
    ctx,
    lost.flatMap(({ lane }) => lane ?? []),
  );
  for (const start of await loadStarts(
    ctx,
    lost.filter(({ lane }) => lane === undefined),
  )) {
    if ((await dispatcher.revive(start)) === 'closed') await endCancelled(ctx, start._id);
  }
}
