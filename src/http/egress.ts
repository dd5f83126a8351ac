import { createSecureContext, rootCertificates } from 'node:tls';
import type { SecureContext } from 'node:tls';
import { buildConnector } from 'undici';
import type { Secret } from '../config/secret.js';
import { createGuard } from './guard.js';
import { throughProxy } from './proxy.js';
import { createResolve } from './resolve.js';
import type { Cidr } from './cidr.js';
import type { Guard } from './guard.js';

/** Where requests may go, and on which way. */
export interface Egress {
  /** Ranges that may be dialled although they are not public, by any protocol and at any port. */
  allow: readonly Cidr[];
  /** Whether public addresses may be reached by https alone. Default false. */
  httpsOnly?: boolean;
  /** The ports of public addresses that may be reached. Default all. */
  ports?: readonly number[] | undefined;
  /** DNS servers that resolve names, each `address` or `address:port`. Default: as the operating system does. */
  dnsServers?: readonly string[];
  /** URL of an HTTP proxy that opens the connections. Default none. */
  proxy?: Secret | undefined;
  /** Certificate authorities (PEM) that are trusted beside the well-known ones. Default none. */
  trust?: readonly string[];
}

/** A connection that is being opened, or is open, until it is destroyed. */
export interface Opening {
  destroy: () => void;
}

/** Opens sockets to checked addresses. Made once: it remembers TLS sessions. */
export type Connector = (options: buildConnector.Options, callback: buildConnector.Callback) => Opening;

/** Whom a TLS handshake trusts; nothing where it is the well-known authorities alone. */
export interface Trust {
  secureContext?: SecureContext;
}

/**
 * How long one of several addresses of a name is tried before the next one is. Node's 250 ms is less than
 * a round trip around the world needs.
 */
const nextAddressMs = 1_000;

/** A connector behind the guard. It has no timeout of its own: the exchange that it works for has one. */
export function createConnector(egress: Egress): Connector {
  const { allow, proxy, trust = [], dnsServers = [] } = egress;
  const resolve = createResolve(dnsServers);
  const trusted: Trust =
    trust.length > 0 ? { secureContext: createSecureContext({ ca: [...rootCertificates, ...trust] }) } : {};
  const behind = (guard: Guard): Connector =>
    proxy ? throughProxy(new URL(proxy.reveal()), guard, trusted) : directly(guard, trusted);
  const usual = behind(createGuard(allow, resolve));
  const unusual = behind(createGuard(allow, resolve, 'allowed'));
  return (options, callback) => (isUsual(egress, options) ? usual : unusual)(options, callback);
}

function directly(guard: Guard, trusted: Trust): Connector {
  const connect = buildConnector({
    timeout: 0,
    lookup: guard.lookup,
    autoSelectFamilyAttemptTimeout: nextAddressMs,
    ...trusted,
  });
  return (options, callback) => {
    guard.check(options.hostname);
    // undici's types keep back that a connector returns its socket, which must not outlive the exchange.
    return connect(options, callback) as unknown as Opening;
  };
}

/** Whether a public address may be reached by this protocol at this port. */
function isUsual({ httpsOnly = false, ports }: Egress, { protocol, port }: buildConnector.Options): boolean {
  const secure = protocol === 'https:';
  return (secure || !httpsOnly) && (ports?.includes(Number(port) || (secure ? 443 : 80)) ?? true);
}
