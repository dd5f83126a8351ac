import type { LookupAddress } from 'node:dns';
import { isIP } from 'node:net';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { parseCidrs } from './cidr.js';
import { createResolve } from './resolve.js';
import type { Cidr } from './cidr.js';
import type { Resolve } from './resolve.js';

export { parseCidrs } from './cidr.js';
export type { Cidr } from './cidr.js';

/** Of IPv6, only this is given out as global unicast: https://www.iana.org/assignments/ipv6-address-space */
const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * Public by their range, but what answers there belongs to the machine's own platform: Azure's wire server gives
 * credentials to whoever asks from a virtual machine (https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16).
 */
const platforms = parseCidrs('168.63.129.16');

/** A name under `localhost` is loopback even where nobody resolves it (RFC 6761, 6.3). */
const loopbackName = /(?:^|\.)localhost\.?$/i;
const loopback: LookupAddress[] = [{ address: '127.0.0.1', family: 4 }];

/** An address that must not be dialled. It is not named: whoever set the URL must not learn our network from it. */
export class BlockedAddress extends Error {
  override readonly name = 'BlockedAddress';
}

/** The guard against requests into our own network (SSRF). It stands where a connection is opened. */
export interface Guard {
  /** Throws `BlockedAddress` for an address in text form that must not be dialled; a name passes. */
  check: (host: string) => void;
  /**
   * Resolves a name once for `net.connect`, which then dials what was checked: `BlockedAddress` where any
   * of its addresses must not be dialled.
   */
  lookup: LookupFunction;
}

/**
 * A guard that lets pass the ranges in `allow` and, unless `reach` is `allowed`, the public unicast addresses.
 * IPv4-mapped IPv6 counts as the IPv4 in it; other ways to write IPv4 as IPv6 (NAT64, 6to4, Teredo) are not public.
 */
export function createGuard(
  allow: readonly Cidr[],
  resolve: Resolve = createResolve([]),
  reach: 'public' | 'allowed' = 'public',
): Guard {
  const refusalOf = (addresses: readonly string[]): BlockedAddress | undefined => {
    const rest = addresses.filter((address) => !allow.some((range) => within(address, range)));
    if (addresses.length === 0 || !rest.every(isPublic)) {
      return new BlockedAddress('the address is not public, and not allowed');
    }
    if (rest.length === 0 || reach === 'public') return undefined;
    return new BlockedAddress('plain http, or the port, is not allowed');
  };

  return {
    check: (host) => {
      const refusal = isIP(host) === 0 ? undefined : refusalOf([host]);
      if (refusal) throw refusal;
    },
    lookup: (hostname, options, callback) => {
      resolve(hostname, { ...options, all: true }, (error, found) => {
        if (error && !loopbackName.test(hostname)) return callback(error, []);
        const addresses = error ? loopback : found;
        const refusal = refusalOf(addresses.map(({ address }) => address));
        if (refusal) return callback(refusal, []);
        if (options.all) return callback(null, addresses);
        const [{ address, family } = { address: '', family: 0 }] = addresses;
        return callback(null, address, family);
      });
    },
  };
}

function isPublic(text: string): boolean {
  if (!ipaddr.isValid(text) || platforms.some((range) => within(text, range))) return false;
  const address = ipaddr.process(text);
  if (address.range() !== 'unicast') return false;
  return address instanceof ipaddr.IPv4 || address.match(globalUnicast);
}

function within(text: string, [base, bits]: Cidr): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.process(text);
  return address.kind() === base.kind() && address.match(base, bits);
}
