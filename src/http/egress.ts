import type { SecureContext } from 'node:tls';
import { buildConnector } from 'undici';
import type { Secret } from '../config/secret.js';
import { createGuard } from './guard.js';
import { throughProxy } from './proxy.js';
import { createResolve } from './resolve.js';
import { hearingAlerts } from './tls-alerts.js';
import { secureContextOf, type ReceiverTls } from './tls.js';
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

/**
 * Opens sockets to checked addresses. It remembers TLS sessions, and one that is resumed asks for no certificate again: so
 * it is made once for all that trust and show the same.
 */
export type Connector = (options: buildConnector.Options, callback: buildConnector.Callback) => Opening;

/** Whom a TLS handshake trusts, and what it shows; empty where it is the well-known authorities alone, and nothing. */
export interface Trust {
  secureContext?: SecureContext;
}

/**
 * How long one of several addresses of a name is tried before the next one is. Node's 250 ms is less than
 * a round trip around the world needs.
 */
const nextAddressMs = 1_000;

/** Makes connectors behind the guard. They have no timeout of their own: the exchange that they work for has one. */
export function createConnectors(egress: Egress): (tls?: ReceiverTls) => Connector {
  const { allow, proxy, trust = [], dnsServers = [] } = egress;
  const resolve = createResolve(dnsServers);
  const usualGuard = createGuard(allow, resolve);
  const unusualGuard = createGuard(allow, resolve, 'allowed');
  const common = trustOf(trust);
  return (tls) => {
    let trusted = common;
    try {
      if (tls) trusted = trustOf(trust, tls);
    } catch (error) {
      // What was usable when it was given, and is not for the OpenSSL of today: a handshake that fails.
      return failing(error as Error);
    }
    const behind = (guard: Guard): Connector =>
      proxy
        ? throughProxy(new URL(proxy.reveal()), guard, { proxy: common, receiver: trusted })
        : directly(guard, trusted);
    const usual = behind(usualGuard);
    const unusual = behind(unusualGuard);
    return (options, callback) => (isUsual(egress, options) ? usual : unusual)(options, callback);
  };
}

function failing(error: Error): Connector {
  return (_options, callback) => {
    callback(error, null);
    return { destroy: () => undefined };
  };
}

function trustOf(trust: readonly string[], tls?: ReceiverTls): Trust {
  const secureContext = secureContextOf(trust, tls);
  return secureContext ? { secureContext } : {};
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
    const opened = options.protocol === 'https:' ? hearingAlerts(callback) : callback;
    return connect(options, opened) as unknown as Opening;
  };
}

/** Whether a public address may be reached by this protocol at this port. */
function isUsual({ httpsOnly = false, ports }: Egress, { protocol, port }: buildConnector.Options): boolean {
  const secure = protocol === 'https:';
  return (secure || !httpsOnly) && (ports?.includes(Number(port) || (secure ? 443 : 80)) ?? true);
}
