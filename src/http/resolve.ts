import { lookup } from 'node:dns';
import type { LookupAddress, LookupAllOptions } from 'node:dns';
import { Resolver } from 'node:dns/promises';
import { callbackify } from 'node:util';

/** Finds all addresses of a name. */
export type Resolve = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** How long a DNS server gets to answer, and how often it is asked. */
const patience = { timeout: 2_000, tries: 2 };

/**
 * Resolves names as the operating system does, its hosts file included; or, where `servers` (`10.0.0.2`, `10.0.0.2:5353`,
 * `[fd00::2]:53`) are given, by asking these alone, for both families. Throws where one of them is no address.
 */
export function createResolve(servers: readonly string[]): Resolve {
  if (servers.length === 0) return lookup;
  const resolver = new Resolver(patience);
  resolver.setServers(servers);
  const find = callbackify(async (hostname: string) => {
    const [v4, v6] = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
    const found = [...addressesOf(v4, 4), ...addressesOf(v6, 6)];
    if (found.length === 0 && v4.status === 'rejected') throw v4.reason;
    return found;
  });
  return (hostname, _options, callback) => {
    find(hostname, (error, found) => callback(error, error ? [] : found));
  };
}

function addressesOf(answer: PromiseSettledResult<string[]>, family: 4 | 6): LookupAddress[] {
  return answer.status === 'rejected' ? [] : answer.value.map((address) => ({ address, family }));
}
