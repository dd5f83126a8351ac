import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** A range of addresses: its base and how many leading bits count. */
export type Cidr = readonly [base: ipaddr.IPv4 | ipaddr.IPv6, bits: number];

/**
 * The ranges of a list such as `10.0.0.0/8, ::1/128`; an address alone is a range of one, an empty list has none.
 * Throws an `Error` that names the entry that is none.
 */
export function parseCidrs(text: string): Cidr[] {
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .map(parseCidr);
}

function parseCidr(entry: string): Cidr {
  const [address = '', bits, ...rest] = entry.split('/');
  const width = { 0: 0, 4: 32, 6: 128 }[isIP(address)] ?? 0;
  const length = bits === undefined ? width : Number(bits);
  if (width === 0 || rest.length > 0 || !/^\d{1,3}$/.test(bits ?? '0') || length > width) {
    throw new Error(`"${entry}" is not a range of addresses such as 10.0.0.0/8 or fd00::/8`);
  }
  const base = ipaddr.parse(address);
  if (base instanceof ipaddr.IPv6 && base.isIPv4MappedAddress()) {
    throw new Error(`"${entry}" is an IPv4 range: write it as one, such as 10.0.0.0/8`);
  }
  return [base, length];
}
