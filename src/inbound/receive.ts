import type { Request } from 'express';
import { Secret } from '../config/secret.js';
import type { Context } from '../context.js';
import { problemCodes } from '../errors/codes.js';
import type { HeaderList } from '../http/exchange.js';
import { newId } from '../models/ids.js';
import type { ReceivedRecord } from '../models/received.js';
import type { SourceRecord } from '../models/source.js';
import { tenantOf } from '../models/tenant.js';
import { isSecretHeader, MASK, maskHeaders } from '../request/headers.js';
import { textOf, type Body } from './body.js';
import { correlate } from './correlate.js';
import { isToken, tokenHashOf } from './token.js';
import { verify } from './verify.js';

/** The source that a token opens. What cannot be a token costs no look. */
export async function findByToken(ctx: Context, token: string): Promise<SourceRecord | null> {
  if (!isToken(token)) return null;
  return ctx.models.sources.findOne({ tokenHash: tokenHashOf(new Secret(token)) }).lean();
}

/** How a source takes a request; all but `accepted` are answered as the problem of that name. */
export type Reception = 'accepted' | 'payload_too_large' | 'verification_failed' | 'source_busy';

/**
 * Records what arrived at a source, verified or not, and tells how it is taken. `full`: there is no room for another
 * delayed answer.
 */
export async function receive(
  ctx: Context,
  source: SourceRecord,
  request: Request,
  arrived: Body,
  full: boolean,
): Promise<Reception> {
  const receivedAt = await ctx.clock.now();
  // A signature is over the whole body, so what is too large cannot be verified.
  const verified =
    !arrived.tooLarge && verify(ctx.keyRing, source, { headers: request.headers, bytes: arrived.bytes });
  const reception = receptionOf({ tooLarge: arrived.tooLarge, verified, full });
  const content = textOf(arrived.bytes);
  const isText = content.bodyEncoding === 'utf8' && !arrived.tooLarge;
  const record: ReceivedRecord = {
    _id: newId('received'),
    ...tenantOf(source),
    sourceId: source._id,
    method: request.method,
    headers: recordedHeaders(source, request.rawHeaders),
    query: recordedQuery(request.originalUrl),
    ...content,
    bodySize: arrived.size,
    truncated: arrived.tooLarge,
    verified,
    responseStatus: reception === 'accepted' ? source.respond.status : problemCodes[reception].status,
    ...(await correlate(ctx, source, { headers: request.headers, text: isText ? content.body : undefined })),
    receivedAt,
    expiresAt: new Date(receivedAt.getTime() + ctx.config.retentionMs),
  };
  await ctx.models.received.create(record);
  log(ctx, record);
  return reception;
}

function receptionOf(request: { tooLarge: boolean; verified: boolean; full: boolean }): Reception {
  if (request.tooLarge) return 'payload_too_large';
  if (!request.verified) return 'verification_failed';
  return request.full ? 'source_busy' : 'accepted';
}

/** Headers in their order. The header that a source is verified by is a secret whatever its name. */
function recordedHeaders({ verification }: SourceRecord, raw: readonly string[]): ReceivedRecord['headers'] {
  const pairs: HeaderList = raw.flatMap((name, index) =>
    index % 2 === 0 ? [[name, raw[index + 1] ?? ''] as const] : [],
  );
  const secrets = new Map(verification.type === 'header' ? [[verification.header.toLowerCase(), true]] : []);
  return maskHeaders(pairs, secrets).map(([name, value]) => ({ name, value }));
}

/** The query with its secrets masked, by the names that make a header's value a secret. */
function recordedQuery(url: string): string {
  const question = url.indexOf('?');
  const given = new URLSearchParams(question === -1 ? '' : url.slice(question));
  const masked = [...given].map(([name, value]): [string, string] => [
    name,
    isSecretHeader(name) ? MASK : value,
  ]);
  return new URLSearchParams(masked).toString();
}

function log(ctx: Context, record: ReceivedRecord): void {
  const { organizationId, environment, sourceId, _id: receivedId, method, verified } = record;
  const { responseStatus, bodySize, eventId, deliveryId } = record;
  const about = { sourceId, receivedId, eventId, deliveryId, method, verified, responseStatus, bodySize };
  ctx.logger.info({ organizationId, environment, ...about }, 'received');
}
