import type { Place } from '../admission/gate.js';
import type { Context } from '../context.js';
import { attemptDelivery } from '../delivery/attempt.js';
import { lookAtDeliveries, type Look } from '../delivery/look.js';
import { endAllCancelled, endCancelled } from '../delivery/record.js';
import {
  describeLastAttempt,
  heldMessage,
  holdMs,
  holdWhilePaused,
  wasNotWoken,
} from '../delivery/waiting.js';
import type { LaneRecord } from '../models/lane.js';
import { native } from '../models/native.js';
import { failureTypes, type DeliveryIds } from '../workflows/input.js';

/** Deliveries looked at together. */
const pageSize = 50;
/** What was looked at holds for so long, as if the requests had left before whatever was changed. */
const freshMs = 250;
/** A lane that nobody has walked for so long, though its first delivery is due, has lost its workflow. */
const overdueMs = 5 * 60_000;

/** How far a walk came. */
export type Walk =
  /** Nothing waits in the lane any more, or another workflow carries it. */
  | { state: 'ended' }
  /** The time was up; the lane goes on. */
  | { state: 'moving' }
  /** The first delivery of the lane waits: for its next attempt, or for its webhook to be resumed. */
  | { state: 'waiting'; head: DeliveryIds; delayMs: number; type: string; message: string };

/** A step of a walk: undefined where the next one can follow at once. */
type Step = Walk | undefined;

/** Which lane is walked, where, and for how long. */
export interface Walker {
  laneId: string;
  /** The workflow that walks. */
  workflowId: string;
  place: Place;
  /** After so many ms no further attempt is begun. */
  budgetMs: number;
  /** Asks it to stop after the attempt that is under way. */
  signal: AbortSignal;
}

/**
 * Walks along a lane: makes the attempts of its deliveries in their order, one after the other, each once the one before
 * has ended and that is recorded, until one has to wait. It can be cut off at any point, and walked again.
 */
export async function walkLane(ctx: Context, walker: Walker): Promise<Walk> {
  const stopAt = performance.now() + walker.budgetMs;
  await checkIn(ctx, walker, 0);
  do {
    const step = await walkPage(ctx, walker, stopAt);
    if (step?.state === 'waiting') await checkIn(ctx, walker, step.delayMs);
    if (step) return step;
  } while (!isTimeUp(walker, stopAt));
  return { state: 'moving' };
}

function isTimeUp({ signal }: Walker, stopAt: number): boolean {
  return signal.aborted || performance.now() >= stopAt;
}

/** Tells the sweep when to look whether the lane is still carried. */
async function checkIn(ctx: Context, { laneId, workflowId }: Walker, delayMs: number): Promise<void> {
  const checkAt = new Date(Date.now() + delayMs + overdueMs);
  await native(ctx.models.lanes).updateOne({ _id: laneId, workflowId }, { $set: { checkAt } });
}

async function walkPage(ctx: Context, walker: Walker, stopAt: number): Promise<Step> {
  const { laneId, workflowId } = walker;
  // Read before what waits: whoever adds to the lane meanwhile changes its last place.
  const lane = await native(ctx.models.lanes).findOne({ _id: laneId });
  if (!lane || lane.workflowId !== workflowId) return { state: 'ended' };
  await endWhatIsCancelled(ctx, laneId);
  const page = await native(ctx.models.deliveries)
    .find({ lane: laneId, open: true }, { projection: { eventId: 1, webhookId: 1 } })
    .sort({ place: 1 })
    .limit(pageSize)
    .toArray();
  if (page.length === 0) return (await close(ctx, lane)) ? { state: 'ended' } : undefined;
  const lookedAt = performance.now();
  const inputs = page.map(({ _id: deliveryId, eventId, webhookId }) => ({ deliveryId, eventId, webhookId }));
  const looks = await lookAtDeliveries(ctx, inputs);
  // Without its event, a delivery has nothing to send.
  const gone = inputs.filter((_, index) => ['cancel', 'missing'].includes(looks[index]?.kind ?? ''));
  await endAllCancelled(
    ctx,
    gone.map(({ deliveryId }) => deliveryId),
  );
  let isFirst = true;
  for (const [index, look] of looks.entries()) {
    const input = inputs[index];
    const isStale = performance.now() - lookedAt > freshMs || isTimeUp(walker, stopAt);
    if (!input || (isStale && !isFirst)) return undefined;
    const next = await attend(ctx, walker, input, look);
    if (next !== 'next') return next;
    isFirst = false;
  }
  return undefined;
}

/** Sees to the first delivery of a lane: `next` where it is over. */
async function attend(
  ctx: Context,
  { place }: Walker,
  head: DeliveryIds,
  look: Look,
): Promise<Step | 'next'> {
  switch (look.kind) {
    case 'missing':
    case 'over':
    case 'cancel':
      return 'next';
    case 'hold':
      if (!(await holdWhilePaused(ctx, look.delivery))) return undefined;
      return { state: 'waiting', head, delayMs: holdMs, type: failureTypes.held, message: heldMessage };
    case 'wait': {
      const message = await describeLastAttempt(ctx, head.deliveryId);
      return { state: 'waiting', head, delayMs: look.delayMs, type: failureTypes.notDue, message };
    }
    case 'due': {
      const outcome = await attemptDelivery(ctx, look.due, place);
      switch (outcome.kind) {
        case 'succeeded':
        case 'failed':
          return 'next';
        case 'cancel':
          await endCancelled(ctx, head.deliveryId);
          return 'next';
        case 'superseded':
          return undefined;
        case 'later': {
          // In a workflow's task nothing waits; the next walk asks again.
          if (place === 'local') return { state: 'moving' };
          if (await wasNotWoken(ctx, look.due.webhook._id, outcome)) return undefined;
          const { delayMs, heldBy } = outcome;
          const message = `Held back: ${heldBy}`;
          return { state: 'waiting', head, delayMs, type: failureTypes.held, message };
        }
        case 'retry': {
          const { delayMs, message } = outcome;
          return { state: 'waiting', head, delayMs, type: failureTypes.attemptFailed, message };
        }
      }
    }
  }
}

/** Ends what somebody wants cancelled, wherever in the lane it waits: none of it is under way while this runs. */
async function endWhatIsCancelled(ctx: Context, laneId: string): Promise<void> {
  const asked = await native(ctx.models.deliveries)
    .find({ lane: laneId, 'intent.at': { $exists: true }, 'intent.action': 'cancel', open: true } as object, {
      projection: { _id: 1 },
    })
    .toArray();
  await endAllCancelled(
    ctx,
    asked.map(({ _id }) => _id),
  );
}

/** Ends an empty lane, unless something was added to it: who finds no lane makes one, and starts it. */
async function close(ctx: Context, { _id, place, workflowId }: LaneRecord): Promise<boolean> {
  const { deletedCount } = await native(ctx.models.lanes).deleteOne({ _id, place, workflowId });
  return deletedCount === 1;
}
