import { maskHeaders } from './headers.js';
import { signWebhook } from './signature.js';
import { userAgent } from './user-agent.js';
import type { Secret } from '../config/secret.js';
import type { HeaderList, OutgoingRequest } from '../http/exchange.js';
import type { WebhookHeader } from './headers.js';

/** The auth of one request. For the OAuth kinds it is `bearer` with the access token. */
export type RequestAuth =
  | { type: 'none' }
  | { type: 'header'; name: string; value: Secret }
  | { type: 'bearer'; token: Secret }
  | { type: 'basic'; username: string; password: Secret };

/** All that one attempt sends; `body` is what `encodeBody` made, `sentAt` the attempt's time. */
export interface RequestParts {
  webhook: { url: string; method: 'POST' | 'PUT'; headers: readonly WebhookHeader[] };
  auth: RequestAuth;
  event: { id: string; type: string; correlationId?: string | undefined };
  deliveryId: string;
  attempt: number;
  sentAt: Date;
  body: { contentType: string; text: string };
  signingSecrets: readonly Secret[];
}

/** A request to send, and the same as it may be recorded and shown: with its secrets masked. */
export interface BuiltRequest {
  send: OutgoingRequest;
  record: OutgoingRequest;
  /** The texts that are masked in it, and what they are made of. */
  secrets: readonly string[];
}

/**
 * Puts a request together: Postrider's own headers, then the webhook's in their order, then the auth, which
 * takes the place of a header of the same name.
 */
export function buildRequest(parts: RequestParts): BuiltRequest {
  const { url, method } = parts.webhook;
  const auth = authHeader(parts.auth);
  const own = parts.webhook.headers.filter(({ name }) => name.toLowerCase() !== auth?.[0].toLowerCase());
  const headers: HeaderList = [
    ...postriderHeaders(parts),
    ...own.map(({ name, value }): [string, string] => [name, value]),
    ...(auth ? [auth] : []),
  ];

  const secrets = new Map<string, boolean>();
  for (const { name, secret } of own) if (secret !== undefined) secrets.set(name.toLowerCase(), secret);
  if (auth) secrets.set(auth[0].toLowerCase(), true);

  const request = { method, url, headers, body: parts.body.text };
  const record = maskHeaders(headers, secrets);
  const masked = headers.flatMap(([, value], index) => (record[index]?.[1] === value ? [] : [value]));
  return {
    send: request,
    record: { ...request, headers: record },
    secrets: [...masked, ...secretsOf(parts.auth)],
  };
}

function postriderHeaders(parts: RequestParts): [string, string][] {
  const { event, body } = parts;
  const timestampSeconds = Math.floor(parts.sentAt.getTime() / 1_000);
  const signature = signWebhook({
    id: event.id,
    timestampSeconds,
    body: body.text,
    secrets: parts.signingSecrets,
  });
  const headers: [string, string][] = [
    ['content-type', body.contentType],
    ['user-agent', userAgent],
    ['webhook-id', event.id],
    ['webhook-timestamp', String(timestampSeconds)],
    ['webhook-signature', signature],
    ['postrider-delivery-id', parts.deliveryId],
    ['postrider-attempt', String(parts.attempt)],
    ['postrider-event-type', headerText(event.type)],
  ];
  if (event.correlationId !== undefined) {
    headers.push(['postrider-correlation-id', headerText(event.correlationId)]);
  }
  return headers;
}

function authHeader(auth: RequestAuth): [string, string] | undefined {
  if (auth.type === 'none') return undefined;
  if (auth.type === 'header') return [auth.name, auth.value.reveal()];
  if (auth.type === 'bearer') return ['authorization', `Bearer ${auth.token.reveal()}`];
  // RFC 7617, 2.1: user name and password as UTF-8.
  const credentials = Buffer.from(`${auth.username}:${auth.password.reveal()}`).toString('base64');
  return ['authorization', `Basic ${credentials}`];
}

/** What a receiver can echo of an auth beside its whole header. */
function secretsOf(auth: RequestAuth): string[] {
  if (auth.type === 'bearer') return [auth.token.reveal()];
  if (auth.type !== 'basic') return [];
  const [, value = ''] = authHeader(auth) ?? [];
  return [auth.password.reveal(), value.replace(/^Basic /, '')];
}

/** Text that a publisher chose, as a header's value: all but printable ASCII as percent-encoded UTF-8. */
function headerText(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text;
  return Array.from(Buffer.from(text), (byte) =>
    byte >= 0x20 && byte <= 0x7e
      ? String.fromCharCode(byte)
      : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`,
  ).join('');
}
