import { lookup } from 'node:dns';
import type { LookupAddress, LookupAllOptions } from 'node:dns';
import { isIP } from 'node:net';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import type { Cidr } from './cidr.js';

export { parseCidrs } from './cidr.js';
export type { Cidr } from './cidr.js';

/** Of IPv6, only this is given out as global unicast: https://www.iana.org/assignments/ipv6-address-space */
const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3');

/** An address that must not be dialled. It is not named: whoever set the URL must not learn our network from it. */
export class BlockedAddress extends Error {
  override readonly name = 'BlockedAddress';

  constructor() {
    super('the address is not public, and not allowed');
  }
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

/** Finds all addresses of a name. */
export type Resolve = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * A guard that lets pass the public unicast addresses and the ranges in `allow`. IPv4-mapped IPv6 counts
 * as the IPv4 in it; other ways to write IPv4 as IPv6 (NAT64, 6to4, Teredo) are not public. Names are
 * resolved by `resolve`, as Node and the operating system do it.
 */
export function createGuard(allow: readonly Cidr[], resolve: Resolve = lookup): Guard {
  const check = (host: string): void => {
    if (isIP(host) !== 0 && !mayDial(host, allow)) throw new BlockedAddress();
  };

  return {
    check,
    lookup: (hostname, options, callback) => {
      resolve(hostname, { ...options, all: true }, (error, addresses) => {
        if (error) return callback(error, []);
        const [first] = addresses;
        if (!first || !addresses.every(({ address }) => mayDial(address, allow))) {
          return callback(new BlockedAddress(), []);
        }
        return options.all ? callback(null, addresses) : callback(null, first.address, first.family);
      });
    },
  };
}

function mayDial(text: string, allow: readonly Cidr[]): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.process(text);
  return isPublic(address) || allow.some((range) => within(address, range));
}

function isPublic(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  if (address.range() !== 'unicast') return false;
  return address instanceof ipaddr.IPv4 || address.match(globalUnicast);
}

function within(address: ipaddr.IPv4 | ipaddr.IPv6, [base, bits]: Cidr): boolean {
  return address.kind() === base.kind() && address.match(base, bits);
}
