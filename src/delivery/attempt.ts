import type { Context } from '../context.js';
import type { AttemptErrorCode } from '../errors/codes.js';
import type { Exchange, HeaderList } from '../http/exchange.js';
import type { AttemptRecord, RecordedHeaders } from '../models/attempt.js';
import type { FailureReason, RenderedBody } from '../models/delivery.js';
import type { TokenMark } from '../oauth/access-tokens.js';
import type { RequestAuth } from '../request/build.js';
import { maskHeaders } from '../request/headers.js';
import { renderBody, requestOf } from './delivery-request.js';
import { originNotAllowed, resolveDestination, type Destination } from './destination.js';
import type { Due } from './look.js';
import { keepBody, markDelivering, recordAttempt } from './record.js';
import { judge } from './verdict.js';

/** Responses are kept up to here, counted after decompression. */
export const maxResponseBytes = 64 * 1024;
/** A request that takes longer than this is shown as `delivering`; most end before, and save the write. */
const showDeliveringAfterMs = 250;

/** What an attempt came to, once it is recorded. */
export type Outcome =
  | { kind: 'succeeded'; attempts: number }
  | { kind: 'failed'; reason: FailureReason; message: string }
  | { kind: 'retry'; delayMs: number; message: string }
  /** Somebody asked for its cancellation while the request was under way, and it did not succeed. */
  | { kind: 'cancel' }
  /** Another run has recorded this attempt. */
  | { kind: 'superseded' };

/** An attempt that ended without a response, or before a request. */
interface Failure {
  ok: false;
  errorCode: AttemptErrorCode;
  message: string;
  durationMs: number;
}

/** What went over the wire, as it may be kept. */
interface Sent {
  url: string;
  headers: HeaderList;
  body: RenderedBody | null;
}

/** Makes one attempt of a delivery that is due, and records it. */
export async function attemptDelivery(ctx: Context, due: Due): Promise<Outcome> {
  const authorized = await authorize(ctx, due);
  if (!authorized.ok) return recordOutcome(ctx, due, authorized.failure, unsent(authorized.url));

  const { delivery, webhook, event, now: sentAt } = due;
  const body = delivery.body ?? (await render(ctx, due));
  const { url, auth, mark } = authorized;
  const request = requestOf(ctx.keyRing, {
    webhook,
    event,
    url,
    auth,
    body,
    sentAt,
    deliveryId: delivery._id,
    attempt: delivery.attemptCount + 1,
  });
  const shown = setTimeout(() => showDelivering(ctx, due), showDeliveringAfterMs);
  const exchange = await ctx.http
    .exchange(request.send, { timeoutMs: webhook.timeoutMs, maxResponseBytes })
    .finally(() => clearTimeout(shown));
  if (exchange.ok && exchange.status === 401 && mark) await ctx.accessTokens.drop(mark);
  return recordOutcome(ctx, due, exchange, {
    url: request.record.url,
    headers: request.record.headers,
    body,
  });
}

/** Sees to it that a delivery which is due has its access token. A failed fetch is recorded as its attempt. */
export async function authorizeDelivery(ctx: Context, due: Due): Promise<void> {
  const authorized = await authorize(ctx, due);
  if (!authorized.ok) await recordOutcome(ctx, due, authorized.failure, unsent(authorized.url));
}

type Authorized =
  | { ok: true; url: string; auth: RequestAuth; mark?: TokenMark }
  | { ok: false; url: string; failure: Failure };

async function authorize(ctx: Context, { webhook, system }: Due): Promise<Authorized> {
  const destination = resolveDestination(ctx.keyRing, webhook, system);
  if (!destination) {
    const failure: Failure = {
      ok: false,
      errorCode: 'origin_not_allowed',
      message: `The URL ${originNotAllowed}.`,
      durationMs: 0,
    };
    return { ok: false, url: webhook.url, failure };
  }
  return withAuth(ctx, webhook, destination);
}

async function withAuth(
  ctx: Context,
  tenant: Due['webhook'],
  { url, auth }: Destination,
): Promise<Authorized> {
  if (auth.kind === 'direct') return { ok: true, url, auth: auth.auth };
  const started = performance.now();
  const result = await ctx.accessTokens.get(tenant, auth.client);
  if (result.ok) return { ok: true, url, auth: { type: 'bearer', token: result.token }, mark: result.mark };
  const durationMs = Math.round(performance.now() - started);
  return {
    ok: false,
    url,
    failure: { ok: false, errorCode: 'token_failed', message: result.message, durationMs },
  };
}

async function render(ctx: Context, { delivery, event, webhook, now }: Due): Promise<RenderedBody> {
  const { body } = renderBody(webhook, event, delivery.originalDeliveryId ?? delivery._id, now);
  // The default body is the same whenever it is rendered; a template's may hold the time.
  if (webhook.payloadTemplateJson !== null) await keepBody(ctx, delivery._id, body);
  return body;
}

function showDelivering(ctx: Context, { delivery }: Due): void {
  markDelivering(ctx, delivery).catch((error: unknown) => {
    ctx.logger.warn({ err: error, deliveryId: delivery._id }, 'not shown as delivering');
  });
}

async function recordOutcome(
  ctx: Context,
  due: Due,
  result: Exchange | Failure,
  sent: Sent,
): Promise<Outcome> {
  const { delivery, webhook } = due;
  const number = delivery.attemptCount + 1;
  const endedAt = await ctx.clock.now();
  const verdict = judge({
    outcome: result,
    attemptNumber: number,
    schedule: webhook.retrySchedule ?? ctx.config.retrySchedule,
    now: endedAt,
  });
  const attempt: AttemptRecord = {
    number,
    startedAt: due.now,
    durationMs: result.durationMs,
    request: { method: webhook.method, url: sent.url, headers: recorded(sent.headers) },
    ...responseOf(result, verdict.kind === 'succeeded'),
    nextAttemptAt: verdict.kind === 'retry' ? new Date(endedAt.getTime() + verdict.delayMs) : null,
  };
  const updated = await recordAttempt(ctx, delivery, attempt, verdict, delivery.body ? null : sent.body);
  logAttempt(ctx, due, attempt, verdict.kind);
  ctx.metrics.countAttempt(attempt.errorCode ?? 'succeeded', attempt.durationMs);
  if (!updated) return { kind: 'superseded' };
  if (verdict.kind === 'succeeded') return { kind: 'succeeded', attempts: number };
  const message = describeAttempt(attempt);
  if (verdict.kind === 'failed') return { kind: 'failed', reason: verdict.reason, message };
  if (updated.intent?.action === 'cancel') return { kind: 'cancel' };
  return { kind: 'retry', delayMs: verdict.delayMs, message };
}

function responseOf(
  result: Exchange | Failure,
  succeeded: boolean,
): Pick<AttemptRecord, 'response' | 'errorCode' | 'errorMessage'> {
  if (!result.ok) return { response: null, errorCode: result.errorCode, errorMessage: result.message };
  const { status, headers, body, truncated } = result;
  const response = { status, headers: recorded(maskHeaders(headers)), body, truncated };
  return { response, errorCode: succeeded ? null : 'http_status', errorMessage: null };
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

/** The record of a request that never left. */
function unsent(url: string): Sent {
  return { url, headers: [], body: null };
}

function recorded(headers: HeaderList): RecordedHeaders {
  return headers.map(([name, value]) => ({ name, value }));
}
