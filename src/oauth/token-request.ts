import { z } from 'zod';
import { Secret } from '../config/secret.js';
import type { HttpClient } from '../http/client.js';
import type { Answered, HeaderList } from '../http/exchange.js';
import type { ReceiverTls } from '../http/tls.js';
import { userAgent } from '../request/user-agent.js';

interface OAuthClientParts {
  tokenUrl: string;
  clientId: string;
  clientSecret: Secret;
  scope?: string;
  audience?: string;
  /** How the client proves itself (RFC 6749, 2.3.1): `basic` in a header, `body` in the form. */
  clientAuth: 'basic' | 'body';
  /** The certificate that it shows (RFC 8705) and the authorities that it trusts, where TLS with its receiver differs from that with others. */
  tls?: ReceiverTls;
}

/** Who asks for an access token, and by which grant (RFC 6749, 4.4 and 4.3). */
export type OAuthClient =
  | (OAuthClientParts & { type: 'oauth2_client_credentials' })
  | (OAuthClientParts & { type: 'oauth2_password'; username: string; password: Secret });

/** An access token and its lifetime where the server told it; or why there is none, without any secret. */
export type TokenAnswer =
  | { ok: true; status: number; accessToken: Secret; expiresInS?: number }
  | { ok: false; status?: number; message: string };

const limits = { timeoutMs: 10_000, maxResponseBytes: 64 * 1024 };

/** What a header can carry (RFC 6750, 2.1, and a little more), and a proxy lets through. */
const usableToken = /^[\x21-\x7e]{1,16384}$/;
/** Token types that are no bearer tokens; others are misspelt often enough (`BearerToken`, `JWT`) to be let pass. */
const otherTokenType = /^(?:mac|dpop|pop)$/i;
const longestLifeS = 365 * 86_400;
const errorWord = /^[a-z][a-z0-9_]{0,39}$/;

const Granted = z.object({
  access_token: z.string().regex(usableToken),
  token_type: z.unknown().optional(),
  // Seconds; some servers send them as a string. What is neither counts as not told.
  expires_in: z
    .union([z.number().nonnegative(), z.string().regex(/^\d{1,12}$/)])
    .transform((seconds) => Math.min(Math.floor(Number(seconds)), longestLifeS))
    .optional()
    .catch(undefined),
});
const Refused = z.object({ error: z.string().regex(errorWord) });

/**
 * Fetches an access token. Resolves whatever the token server does; rejects, as the HTTP client does, for
 * trouble of ours. At most 10 s.
 */
export async function requestAccessToken(http: HttpClient, client: OAuthClient): Promise<TokenAnswer> {
  const exchange = await http.exchange(
    {
      method: 'POST',
      url: client.tokenUrl,
      headers: headersOf(client),
      body: bodyOf(client).toString(),
      ...(client.tls ? { tls: client.tls } : {}),
    },
    limits,
  );
  if (!exchange.ok)
    return { ok: false, message: `token endpoint: ${exchange.errorCode}: ${exchange.message}` };

  const { status } = exchange;
  const json = jsonOf(exchange);
  if (status < 200 || status > 299) {
    const reason = reasonOf(json, client);
    return { ok: false, status, message: `token endpoint answered ${status}${reason && ` (${reason})`}` };
  }
  const granted = Granted.safeParse(json);
  const wrongType = granted.success && otherTokenType.test(String(granted.data.token_type));
  if (!granted.success || wrongType) {
    const reason = reasonOf(json, client) || (wrongType ? 'not a bearer token' : 'no usable access_token');
    return { ok: false, status, message: `token endpoint answered ${status} without a token: ${reason}` };
  }
  const { access_token: token, expires_in: expiresInS } = granted.data;
  return {
    ok: true,
    status,
    accessToken: new Secret(token),
    ...(expiresInS === undefined ? {} : { expiresInS }),
  };
}

function headersOf(client: OAuthClient): HeaderList {
  const headers: [string, string][] = [
    ['content-type', 'application/x-www-form-urlencoded'],
    ['accept', 'application/json'],
    ['user-agent', userAgent],
  ];
  if (client.clientAuth === 'basic') {
    const credentials = `${formEncoded(client.clientId)}:${formEncoded(client.clientSecret.reveal())}`;
    headers.push(['authorization', `Basic ${Buffer.from(credentials).toString('base64')}`]);
  }
  return headers;
}

function bodyOf(client: OAuthClient): URLSearchParams {
  const body = new URLSearchParams();
  if (client.type === 'oauth2_password') {
    body.set('grant_type', 'password');
    body.set('username', client.username);
    body.set('password', client.password.reveal());
  } else {
    body.set('grant_type', 'client_credentials');
  }
  if (client.scope !== undefined) body.set('scope', client.scope);
  if (client.audience !== undefined) body.set('audience', client.audience);
  if (client.clientAuth === 'body') {
    body.set('client_id', client.clientId);
    body.set('client_secret', client.clientSecret.reveal());
  }
  return body;
}

/** RFC 6749, 2.3.1: both are form-encoded before they become Basic credentials. */
function formEncoded(text: string): string {
  return new URLSearchParams([['', text]]).toString().slice(1);
}

function jsonOf({ body, truncated }: Answered): unknown {
  if (truncated) return undefined;
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** The `error` of RFC 6749, 5.2: a short word, so that nothing else of a response gets into a message. */
function reasonOf(json: unknown, client: OAuthClient): string {
  const refused = Refused.safeParse(json);
  if (!refused.success) return '';
  const secrets = [client.clientSecret, ...(client.type === 'oauth2_password' ? [client.password] : [])];
  const { error } = refused.data;
  const leaks = secrets.map((secret) => secret.reveal()).some((text) => text !== '' && error.includes(text));
  return leaks ? '' : error;
}
