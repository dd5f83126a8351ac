import pRetry, { type Options } from 'p-retry';
import type { Go, Place } from '../admission/gate.js';
import type { Context } from '../context.js';
import { noteOutcome } from '../endpoint-health/note-outcome.js';
import { allIsRead } from '../http/all-is-read.js';
import { isMongoUnavailable } from '../models/availability.js';
import type { AttemptRecord } from '../models/attempt.js';
import type { FailureReason, Holder } from '../models/delivery.js';
import type { Due } from './look.js';
import { keepBody, markDelivering, putOff, recordAttempt } from './record.js';
import { attemptOf, authorize, renderOrNot, send, type Sending } from './send.js';
import { judge } from './verdict.js';

/** A request that takes longer than this is shown as `delivering`; most end before, and save the write. */
const showDeliveringAfterMs = 250;

/**
 * What was sent is recorded, however long MongoDB is away, within the time that the activity has: were it not, the
 * receiver would get the same attempt again.
 */
const whileMongodbIsAway: Options = {
  retries: 1_000,
  minTimeout: 250,
  maxTimeout: 5_000,
  maxRetryTime: 240_000,
  shouldRetry: ({ error }) => isMongoUnavailable(error),
};

/** What an attempt came to, once it is recorded. */
export type Outcome =
  | { kind: 'succeeded'; attempts: number }
  | { kind: 'failed'; reason: FailureReason; message: string }
  | { kind: 'retry'; delayMs: number; message: string }
  /** It may not leave yet, and no attempt was made. */
  | { kind: 'later'; delayMs: number; heldBy: Holder }
  /** Somebody asked for its cancellation while the request was under way, and it did not succeed. */
  | { kind: 'cancel' }
  /** Another run has recorded this attempt. */
  | { kind: 'superseded' };

/**
 * Makes one attempt of a delivery that is due and may leave, and records it; or that it has to wait. Where this process is making the
 * same attempt already, that one's outcome is given, and nothing is sent twice: Temporal has a task run again that takes long,
 * on a machine that is starved of CPU or disk for one, while the first run still waits for its answer or its record.
 */
export async function attemptDelivery(ctx: Context, due: Due, place: Place = 'activity'): Promise<Outcome> {
  const answer = await ctx.admission.ask({ ...due, place });
  if (answer.kind === 'later') {
    // Nothing waits in a workflow's task: what may not leave there goes on in an activity, which asks again.
    if (place !== 'local') await putOff(ctx, due.delivery, answer);
    return answer;
  }
  const key = `${due.delivery._id}/${due.delivery.attemptCount}`;
  const underWay = ctx.attemptsUnderWay.get(key);
  if (underWay) {
    answer.leave();
    return underWay;
  }
  const attempt = makeAttempt(ctx, due, answer).finally(() => ctx.attemptsUnderWay.delete(key));
  ctx.attemptsUnderWay.set(key, attempt);
  return attempt;
}

async function makeAttempt(ctx: Context, due: Due, admitted: Go): Promise<Outcome> {
  const startedAt = await ctx.clock.now();
  const sending = await sendDelivery(ctx, due, startedAt).finally(() => {
    admitted.leave();
    ctx.handover.sent(due.delivery._id);
  });
  return recordOutcome(ctx, due, sending, startedAt);
}

async function sendDelivery(ctx: Context, due: Due, sentAt: Date): Promise<Sending> {
  const authorized = await authorize(ctx, due);
  if (!authorized.ok) return authorized.unsent;
  const { delivery, webhook, event } = due;
  const deliveryId = delivery._id;
  let { body } = delivery;
  if (!body) {
    const rendered = renderOrNot(webhook, authorized, {
      event,
      deliveryId: delivery.originalDeliveryId ?? deliveryId,
      sentAt,
    });
    if (!rendered.ok) return rendered.unsent;
    ({ body } = rendered);
    // The default body is the same whenever it is rendered; a template's may hold the time.
    if (webhook.payloadTemplateJson !== null) await keepBody(ctx, deliveryId, body);
  }
  const parcel = { event, deliveryId, attempt: delivery.attemptCount + 1, sentAt, body };
  let hasEnded = false;
  const show = async (): Promise<void> => {
    await allIsRead();
    if (!hasEnded) showDelivering(ctx, due);
  };
  const shown = setTimeout(() => void show(), showDeliveringAfterMs);
  return send(ctx, webhook, authorized, parcel).finally(() => {
    hasEnded = true;
    clearTimeout(shown);
  });
}

/**
 * Sees to it that a delivery which is due has its access token. A failed fetch is recorded as its attempt. Where nothing
 * may leave now, nothing is fetched: the attempt does.
 */
export async function authorizeDelivery(ctx: Context, due: Due): Promise<void> {
  const answer = await ctx.admission.ask({ ...due, place: 'token' });
  if (answer.kind === 'later') return;
  const startedAt = await ctx.clock.now();
  const authorized = await authorize(ctx, due).finally(() => answer.leave());
  if (!authorized.ok) await recordOutcome(ctx, due, authorized.unsent, startedAt);
}

function showDelivering(ctx: Context, { delivery }: Due): void {
  markDelivering(ctx, delivery).catch((error: unknown) => {
    ctx.logger.warn({ err: error, deliveryId: delivery._id }, 'not shown as delivering');
  });
}

async function recordOutcome(ctx: Context, due: Due, sending: Sending, startedAt: Date): Promise<Outcome> {
  const { delivery, webhook } = due;
  const number = delivery.attemptCount + 1;
  const endedAt = await ctx.clock.now();
  const verdict = judge({
    outcome: sending.result,
    attemptNumber: number,
    schedule: webhook.retrySchedule ?? ctx.config.retrySchedule,
    now: endedAt,
    onFailure: delivery.lane === undefined ? undefined : webhook.ordered?.onFailure,
  });
  const nextAttemptAt = verdict.kind === 'retry' ? new Date(endedAt.getTime() + verdict.delayMs) : null;
  const attempt = attemptOf(webhook, sending, { number, startedAt, nextAttemptAt });
  const updated = await pRetry(
    async () => recordAttempt(ctx, delivery, attempt, verdict, delivery.body ? null : sending.body),
    whileMongodbIsAway,
  );
  ctx.pace.observe(webhook._id, verdict.kind === 'succeeded', attempt.durationMs);
  logAttempt(ctx, due, attempt, verdict.kind);
  ctx.metrics.countAttempt(attempt.errorCode ?? 'succeeded', attempt.durationMs);
  if (!updated) return { kind: 'superseded' };
  await noteOutcome(ctx, {
    webhook,
    delivery,
    attempt,
    now: due.now,
    endedAt,
    failed: verdict.kind !== 'succeeded',
  });
  if (verdict.kind === 'succeeded') return { kind: 'succeeded', attempts: number };
  const message = describeAttempt(attempt);
  if (verdict.kind === 'failed') return { kind: 'failed', reason: verdict.reason, message };
  if (updated.intent?.action === 'cancel') return { kind: 'cancel' };
  return { kind: 'retry', delayMs: verdict.delayMs, message };
}

/** An attempt in words that may stand in Temporal: no URL, header or body. */
export function describeAttempt({ number, response, errorCode }: AttemptRecord): string {
  return `attempt ${number}: ${response ? `HTTP ${response.status}` : (errorCode ?? 'no response')}`;
}

/** One line an attempt. */
function logAttempt(ctx: Context, { delivery }: Due, attempt: AttemptRecord, verdict: string): void {
  const { organizationId, environment, eventId, webhookId, _id: deliveryId } = delivery;
  const { number, durationMs, errorCode, nextAttemptAt, response } = attempt;
  ctx.logger.info(
    {
      organizationId,
      environment,
      eventId,
      webhookId,
      deliveryId,
      attempt: number,
      verdict,
      status: response?.status,
      errorCode,
      durationMs,
      nextAttemptAt,
    },
    'attempt',
  );
}
