import type { Context } from '../context.js';
import { countRepairs } from '../ledger/repairs.js';
import { openStatuses, summaryFields, type DeliverySummary } from '../models/delivery.js';
import { Sweep } from './sweep.js';

const pageSize = 200;
/** Deliveries that one walk looks at, each with a question to Temporal: 100,000 that wait are a round of some four hours. */
const mostLookedAt = 2_000;
/** What has changed within so long is in good hands. */
const freshMs = 60_000;

/**
 * Looks at the deliveries that are not over in turn, whether they are late or not, and goes on where the last walk ended:
 * one that waits for ten hours, or is held by a pause for weeks, is found to have lost its workflow long before anybody
 * would miss it. What it repairs is counted.
 */
export async function walkOpenDeliveries(ctx: Context, signal: AbortSignal): Promise<void> {
  const { deliveries, sweepJournal } = ctx.models;
  const sweep = new Sweep(ctx, signal);
  let { after = '' } = (await sweepJournal.findById('sweep').lean()) ?? {};
  for (let looked = 0; looked < mostLookedAt; looked += pageSize) {
    signal.throwIfAborted();
    const page = await deliveries
      .find({ open: true, status: { $in: openStatuses }, _id: { $gt: after } }, summaryFields)
      .sort({ _id: 1 })
      .limit(pageSize)
      .lean();
    const before = new Date((await ctx.clock.now()).getTime() - freshMs);
    const quiet = page.filter(({ updatedAt }) => updatedAt < before);
    await sweep.revive(quiet);
    await followWebhooks(ctx, quiet);
    const isLast = page.length < pageSize;
    after = isLast ? '' : (page.at(-1)?._id ?? '');
    await sweepJournal.updateOne({ _id: 'sweep' }, { $set: { after } }, { upsert: true });
    if (isLast) return;
  }
}

/** Has the webhooks settled whose deliveries do not follow them: held though it is active, open though it is off or deleted. */
async function followWebhooks(ctx: Context, page: readonly DeliverySummary[]): Promise<void> {
  const { webhooks } = ctx.models;
  const ids = [...new Set(page.map(({ webhookId }) => webhookId))];
  const found = await webhooks.find({ _id: { $in: ids }, settleAt: null }, { state: 1, deletedAt: 1 }).lean();
  for (const { _id: webhookId, state, deletedAt } of found) {
    const isOff = deletedAt !== null || state === 'off';
    const astray = page.filter(
      (delivery) => delivery.webhookId === webhookId && (isOff || (delivery.held && state === 'active')),
    );
    if (astray.length === 0) continue;
    await webhooks.updateOne({ _id: webhookId, settleAt: null }, { $set: { settleAt: new Date() } });
    await ctx.dispatcher.settle(webhookId);
    await countRepairs(ctx, 'settled', astray);
  }
}
