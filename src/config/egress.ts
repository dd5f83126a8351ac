import { parseCidrs } from '../http/cidr.js';
import type { Egress } from '../http/egress.js';
import { createResolve } from '../http/resolve.js';
import { parseCertificates } from '../http/tls.js';
import type { Environment, SettingName } from './environment.js';
import { Secret } from './secret.js';
import { setting } from './setting.js';

/** Addresses that the embedded stack opens: receivers on the developer's own machine. */
const embeddedAllow = '127.0.0.0/8,::1/128';

/** Where deliveries and token requests may go. Throws a ConfigError that names the setting. */
export function egressOf(env: Environment, embedded: boolean): Egress {
  const read = <T>(name: SettingName, parse: (text: string) => T, otherwise: T): T => {
    const text = env[name];
    return typeof text === 'string' ? setting(name, () => parse(text)) : otherwise;
  };
  const proxy = env.POSTRIDER_EGRESS_PROXY;
  return {
    allow: read('POSTRIDER_EGRESS_ALLOW', parseCidrs, parseCidrs(embedded ? embeddedAllow : '')),
    httpsOnly: env.POSTRIDER_EGRESS_HTTPS_ONLY ?? false,
    ports: read<number[] | undefined>('POSTRIDER_EGRESS_PORTS', parsePorts, undefined),
    dnsServers: read('POSTRIDER_EGRESS_DNS', parseServers, []),
    proxy: proxy === undefined ? undefined : new Secret(proxy),
    trust: read('POSTRIDER_EGRESS_CA', parseCertificates, []),
  };
}

function entriesOf(list: string): string[] {
  return list.split(',').map((entry) => entry.trim());
}

function parsePorts(list: string): number[] {
  return entriesOf(list).map((entry) => {
    const port = /^\d{1,5}$/.test(entry) ? Number(entry) : 0;
    if (port < 1 || port > 65_535) throw new Error(`"${entry}" is not a port from 1 to 65535`);
    return port;
  });
}

function parseServers(list: string): string[] {
  return entriesOf(list).map((entry) => {
    try {
      createResolve([entry]);
      return entry;
    } catch {
      throw new Error(`"${entry}" is not the address of a DNS server such as 10.0.0.2 or 10.0.0.2:5353`);
    }
  });
}
