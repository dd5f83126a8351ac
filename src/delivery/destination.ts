import type { Secret } from '../config/secret.js';
import type { KeyRing, Sealed } from '../crypto/key-ring.js';
import { isOAuth, type StoredAuth } from '../models/auth.js';
import type { ExternalSystemRecord } from '../models/external-system.js';
import { tlsOf, type StoredTls } from '../models/receiver-tls.js';
import type { Tenant } from '../models/tenant.js';
import { environmentOwner } from '../models/webhook-stats.js';
import type { ReceiverTls } from '../http/tls.js';
import type { WebhookRecord } from '../models/webhook.js';
import type { OAuthClient } from '../oauth/token-request.js';
import type { RequestAuth } from '../request/build.js';
import { parseUrl } from '../http/parse-url.js';

/** Where a webhook's deliveries go and how they prove who sends them: its own, or its external system's. */
export interface Destination {
  url: string;
  auth: OpenedAuth;
  /** Undefined where TLS is as with all receivers. */
  tls: ReceiverTls | undefined;
}

/** Auth with its secrets opened: ready to be sent, or what a token is fetched with. */
export type OpenedAuth = { kind: 'direct'; auth: RequestAuth } | { kind: 'oauth'; client: OAuthClient };

/** Why a webhook with an external system may not use a URL: a credential goes nowhere else. */
export const originNotAllowed =
  'must be a path under the base URL of the external system, or a URL of its origin or of one that it lists in origins';

/**
 * The destination of a webhook, with its secrets opened; undefined where its URL is outside the origins of its
 * external system.
 */
export function resolveDestination(
  keyRing: KeyRing,
  webhook: WebhookRecord,
  system: ExternalSystemRecord | null,
): Destination | undefined {
  const url = system ? resolveUrl(webhook.url, system) : webhook.url;
  if (url === undefined) return undefined;
  const owner = system ?? webhook;
  return { url, auth: openAuth(keyRing, owner), tls: openTls(keyRing, owner) };
}

/** The full URL of a webhook of an external system; undefined where the system does not allow it. */
export function resolveUrl(
  url: string,
  system: Pick<ExternalSystemRecord, 'baseUrl' | 'origins'>,
): string | undefined {
  const base = new URL(system.baseUrl);
  if (!url.startsWith('/')) {
    const target = parseUrl(url);
    const allowed = target && [base.origin, ...system.origins].includes(target.origin);
    return allowed ? target.href : undefined;
  }
  const prefix = base.pathname.replace(/\/+$/, '');
  const joined = `${base.origin}${prefix}${url}`;
  const target = parseUrl(joined);
  if (!target) return undefined;
  // `/../admin` would leave the base path, and `//host` the origin.
  const inside = target.origin === base.origin && target.pathname.startsWith(`${prefix}/`);
  return inside ? target.href : undefined;
}

function openTls(keyRing: KeyRing, owner: Tenant & StoredTls & { _id: string }): ReceiverTls | undefined {
  const { clientCertificate, caCertificates } = tlsOf(owner);
  if (!clientCertificate && caCertificates === null) return undefined;
  return {
    owner: environmentOwner(owner),
    ...(clientCertificate
      ? {
          clientCertificate: {
            certificate: clientCertificate.certificate,
            privateKey: keyRing.open(clientCertificate.privateKey, owner._id),
          },
        }
      : {}),
    ...(caCertificates === null ? {} : { authorities: [caCertificates] }),
  };
}

/** The auth of a webhook or an external system; a token is fetched with the TLS of its deliveries. */
export function openAuth(
  keyRing: KeyRing,
  owner: Tenant & StoredTls & { _id: string; auth: StoredAuth },
): OpenedAuth {
  const { auth } = owner;
  const open = (sealed: Sealed): Secret => keyRing.open(sealed, owner._id);
  if (isOAuth(auth)) {
    const { tokenUrl, clientId, clientAuth } = auth;
    const tls = openTls(keyRing, owner);
    const common = {
      tokenUrl,
      clientId,
      clientAuth,
      clientSecret: open(auth.clientSecret),
      ...(auth.scope === null ? {} : { scope: auth.scope }),
      ...(auth.audience === null ? {} : { audience: auth.audience }),
      ...(tls ? { tls } : {}),
    };
    return {
      kind: 'oauth',
      client:
        auth.type === 'oauth2_password'
          ? { type: auth.type, ...common, username: auth.username, password: open(auth.password) }
          : { type: auth.type, ...common },
    };
  }
  switch (auth.type) {
    case 'none':
      return { kind: 'direct', auth: { type: 'none' } };
    case 'header':
      return { kind: 'direct', auth: { type: 'header', name: auth.name, value: open(auth.value) } };
    case 'bearer':
      return { kind: 'direct', auth: { type: 'bearer', token: open(auth.token) } };
    case 'basic':
      return {
        kind: 'direct',
        auth: { type: 'basic', username: auth.username, password: open(auth.password) },
      };
  }
}
