import type { Context } from '../context.js';
import type { AttemptErrorCode } from '../errors/codes.js';
import type { Exchange, HeaderList } from '../http/exchange.js';
import type { ReceiverTls } from '../http/tls.js';
import type { AttemptRecord, RecordedHeaders } from '../models/attempt.js';
import type { RenderedBody } from '../models/delivery.js';
import type { ExternalSystemRecord } from '../models/external-system.js';
import type { WebhookRecord } from '../models/webhook.js';
import type { TokenMark } from '../oauth/access-tokens.js';
import type { RequestAuth } from '../request/build.js';
import { BodyTooLarge } from '../request/format.js';
import { redact, redactCut } from '../request/redact.js';
import { maskHeaders } from '../request/headers.js';
import { renderBody, requestOf, type RequestEvent } from './delivery-request.js';
import { originNotAllowed, resolveDestination, type Destination } from './destination.js';
import { isSuccess } from './verdict.js';

/** Responses are kept up to here, counted after decompression. */
const maxResponseBytes = 64 * 1024;

/** Where a request goes: to a webhook, whose URL and auth may be its external system's. */
export interface Target {
  webhook: WebhookRecord;
  system: ExternalSystemRecord | null;
}

/** What a request carries. */
export interface Parcel {
  event: RequestEvent;
  deliveryId: string;
  attempt: number;
  sentAt: Date;
  body: RenderedBody;
}

/** An attempt that ended before a request. */
interface Failure {
  ok: false;
  errorCode: AttemptErrorCode;
  message: string;
  durationMs: number;
}

/** What went over the wire, as it may be kept, and what came back. */
export interface Sending {
  url: string;
  headers: HeaderList;
  /** null where no request left. */
  body: RenderedBody | null;
  result: Exchange | Failure;
}

/** The URL and auth to send with; or why there is no request. */
export type Authorized =
  | { ok: true; url: string; auth: RequestAuth; tls: ReceiverTls | undefined; mark?: TokenMark }
  | { ok: false; unsent: Sending };

/** Finds out where a webhook's requests go and how they prove who sends them; fetches the access token if need be. */
export async function authorize(ctx: Context, { webhook, system }: Target): Promise<Authorized> {
  const destination = resolveDestination(ctx.keyRing, webhook, system);
  if (destination) return withAuth(ctx, webhook, destination);
  const message = `The URL ${originNotAllowed}.`;
  return unsent(webhook.url, { ok: false, errorCode: 'origin_not_allowed', message, durationMs: 0 });
}

async function withAuth(
  ctx: Context,
  webhook: WebhookRecord,
  { url, auth, tls }: Destination,
): Promise<Authorized> {
  if (auth.kind === 'direct') return { ok: true, url, auth: auth.auth, tls };
  const started = performance.now();
  const result = await ctx.accessTokens.get(webhook, auth.client);
  if (result.ok)
    return { ok: true, url, auth: { type: 'bearer', token: result.token }, tls, mark: result.mark };
  const durationMs = Math.round(performance.now() - started);
  return unsent(url, { ok: false, errorCode: 'token_failed', message: result.message, durationMs });
}

/** The body to send; or why there is no request. */
export function renderOrNot(
  webhook: WebhookRecord,
  { url }: { url: string },
  { event, deliveryId, sentAt }: Pick<Parcel, 'event' | 'deliveryId' | 'sentAt'>,
): { ok: true; body: RenderedBody } | { ok: false; unsent: Sending } {
  try {
    return { ok: true, body: renderBody(webhook, event, deliveryId, sentAt).body };
  } catch (error) {
    if (!(error instanceof BodyTooLarge)) throw error;
    return unsent(url, { ok: false, errorCode: 'body_too_large', message: error.message, durationMs: 0 });
  }
}

function unsent(url: string, result: Failure): { ok: false; unsent: Sending } {
  return { ok: false, unsent: { url, headers: [], body: null, result } };
}

/** Sends one request. A token that is refused is dropped. Rejects only for trouble of ours (`NotSent`). */
export async function send(
  ctx: Context,
  webhook: WebhookRecord,
  { url, auth, tls, mark }: Extract<Authorized, { ok: true }>,
  parcel: Parcel,
): Promise<Sending> {
  const request = requestOf(ctx.keyRing, { ...parcel, webhook, url, auth });
  // An origin that many organizations use, as that of a chat, is not blocked for all by one whose requests hang there.
  const limits = { timeoutMs: webhook.timeoutMs, maxResponseBytes, owner: webhook.organizationId };
  const answer = await ctx.http.exchange({ ...request.send, ...(tls ? { tls } : {}) }, limits, () =>
    ctx.pace.begin(webhook._id),
  );
  if (answer.ok && answer.status === 401 && mark) await ctx.accessTokens.drop(mark);
  const result = withoutSecrets(answer, request.secrets);
  return { url: request.record.url, headers: request.record.headers, body: parcel.body, result };
}

/** What came back, without what was sent in secret: some receivers echo it. */
function withoutSecrets(answer: Exchange, secrets: readonly string[]): Exchange {
  if (!answer.ok || secrets.length === 0) return answer;
  const { headers, body, truncated } = answer;
  return {
    ...answer,
    headers: headers.map(([name, value]) => [redact(name, secrets), redact(value, secrets)]),
    body: truncated ? redactCut(body, secrets) : redact(body, secrets),
  };
}

/** A request and what came back, as an attempt is kept. */
export function attemptOf(
  { method }: WebhookRecord,
  { url, headers, result }: Sending,
  { number, startedAt, nextAttemptAt }: Pick<AttemptRecord, 'number' | 'startedAt' | 'nextAttemptAt'>,
): AttemptRecord {
  const request = { method, url, headers: recorded(headers) };
  const { durationMs } = result;
  return { number, startedAt, durationMs, request, ...responseOf(result), nextAttemptAt };
}

function responseOf(
  result: Sending['result'],
): Pick<AttemptRecord, 'response' | 'errorCode' | 'errorMessage'> {
  if (!result.ok) return { response: null, errorCode: result.errorCode, errorMessage: result.message };
  const { status, headers, body, truncated } = result;
  const response = { status, headers: recorded(maskHeaders(headers)), body, truncated };
  return { response, errorCode: isSuccess(status) ? null : 'http_status', errorMessage: null };
}

function recorded(headers: HeaderList): RecordedHeaders {
  return headers.map(([name, value]) => ({ name, value }));
}
