import type { mongo } from 'mongoose';
import type { Later } from '../admission/gate.js';
import type { Context } from '../context.js';
import type { AttemptRecord } from '../models/attempt.js';
import { endOnly, type DeliveryRecord, type RenderedBody } from '../models/delivery.js';
import { workflowIdOf } from '../models/ids.js';
import type { Verdict } from './verdict.js';

/*
 * How a delivery changes in MongoDB. Each change names the state that it starts from, so that whatever runs
 * twice, or too late, changes nothing:
 *
 *   pending ─► delivering ─► succeeded | failed
 *      │         │    ▲
 *      │         ▼    │
 *      └──────► waiting (for its next attempt, or held) ─► cancelled (from every open state)
 */

/** A request has been under way for a while; short ones pass without this write. */
export async function markDelivering(ctx: Context, delivery: DeliveryRecord): Promise<void> {
  await ctx.stateWrites.add({
    deliveryId: delivery._id,
    attemptCount: delivery.attemptCount,
    fields: { status: 'delivering', held: false, updatedAt: await ctx.clock.now() },
  });
}

/** Keeps what will be sent, before the first request leaves: a template can render differently the next time. */
export async function keepBody(ctx: Context, deliveryId: string, body: RenderedBody): Promise<void> {
  await ctx.bodyWrites.add({ deliveryId, body });
}

/**
 * An attempt and what follows from it, in one write. Gives the delivery as it is then; undefined when the
 * attempt with this number was recorded by another run.
 */
export async function recordAttempt(
  ctx: Context,
  delivery: DeliveryRecord,
  attempt: AttemptRecord,
  verdict: Verdict,
  body: RenderedBody | null,
): Promise<Pick<DeliveryRecord, 'status' | 'intent'> | undefined> {
  const now = await ctx.clock.now();
  const fields = {
    held: false,
    ...(delivery.heldBy ? { heldBy: null } : {}),
    attemptCount: attempt.number,
    updatedAt: now,
    ...(body ? { body } : {}),
  };
  const next: mongo.UpdateFilter<DeliveryRecord> =
    verdict.kind === 'retry'
      ? {
          $set: {
            ...fields,
            status: 'waiting',
            nextAttemptAt: attempt.nextAttemptAt,
            workflowId: carrierOf(delivery),
          },
        }
      : {
          $set: {
            ...fields,
            ...ended(ctx, now),
            status: verdict.kind,
            failureReason: verdict.kind === 'failed' ? verdict.reason : null,
          },
          $unset: { open: 1 },
        };
  const updated = await ctx.attemptWrites.add({
    deliveryId: delivery._id,
    attempt,
    goesOn: verdict.kind === 'retry',
    update: { $push: { attempts: attempt }, $min: { statsDue: attempt.number }, ...next },
  });
  if (updated?.intent?.action === 'send-now') await forgetSendNow(ctx, delivery._id, attempt.number);
  return updated;
}

/** The workflow that goes on with a delivery: a lane carries all its attempts, and a group nothing that waits. */
function carrierOf({ _id, lane, workflowId }: DeliveryRecord): string {
  return lane === undefined ? workflowIdOf(_id) : workflowId;
}

/** It is due and may not leave now: it waits for its own time to ask again. */
export async function putOff(ctx: Context, delivery: DeliveryRecord, later: Later): Promise<void> {
  const now = await ctx.clock.now();
  await ctx.stateWrites.add({
    deliveryId: delivery._id,
    attemptCount: delivery.attemptCount,
    fields: {
      status: 'waiting',
      held: false,
      heldBy: later.heldBy,
      nextAttemptAt: new Date(now.getTime() + later.delayMs),
      workflowId: carrierOf(delivery),
      updatedAt: now,
    },
  });
  ctx.metrics.countPutOff(later.heldBy);
}

/** It is held by a pause of its webhook until that is resumed. */
export async function hold(ctx: Context, deliveryId: string): Promise<void> {
  await ctx.models.deliveries.updateOne(
    { _id: deliveryId, open: true, held: false },
    {
      $set: {
        status: 'waiting',
        held: true,
        heldBy: 'paused',
        nextAttemptAt: null,
        updatedAt: await ctx.clock.now(),
      },
    },
  );
}

/** Ends it as cancelled unless it is over, and tells whether it did. */
export async function endCancelled(ctx: Context, deliveryId: string): Promise<boolean> {
  return (await endAllCancelled(ctx, [deliveryId])) === 1;
}

/** Ends those of them as cancelled that are not over, and tells how many. */
export async function endAllCancelled(ctx: Context, deliveryIds: readonly string[]): Promise<number> {
  if (deliveryIds.length === 0) return 0;
  const now = await ctx.clock.now();
  const { modifiedCount } = await ctx.models.deliveries.updateMany(
    { _id: { $in: [...deliveryIds] }, open: true },
    {
      $set: { ...ended(ctx, now), status: 'cancelled', held: false, updatedAt: now },
      $min: { statsDue: endOnly },
      $unset: { open: 1 },
    },
  );
  return modifiedCount;
}

/** One that was asked for after this attempt stays. */
async function forgetSendNow(ctx: Context, deliveryId: string, attempt: number): Promise<void> {
  await ctx.models.deliveries.updateOne(
    { _id: deliveryId, 'intent.action': 'send-now', 'intent.afterAttempt': { $lt: attempt } },
    { $set: { intent: null } },
  );
}

/** Retention counts from here. */
function ended(
  ctx: Context,
  now: Date,
): Pick<DeliveryRecord, 'endedAt' | 'expiresAt' | 'nextAttemptAt' | 'intent'> {
  return {
    endedAt: now,
    expiresAt: new Date(now.getTime() + ctx.config.retentionMs),
    nextAttemptAt: null,
    intent: null,
  };
}
