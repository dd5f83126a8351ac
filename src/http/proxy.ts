import { request as requestByHttp } from 'node:http';
import { request as requestByHttps } from 'node:https';
import { isIP } from 'node:net';
import type { Socket } from 'node:net';
import { callbackify, promisify } from 'node:util';
import { buildConnector } from 'undici';
import { NotSent } from './exchange.js';
import { BlockedAddress } from './guard.js';
import { hearingAlerts } from './tls-alerts.js';
import type { Connector, Trust } from './egress.js';
import type { Guard } from './guard.js';

/**
 * A connector that lets an HTTP proxy dial (CONNECT, RFC 9110, 9.3.6), for http as for https. The guard checks as it does
 * without one, and the proxy is told the address that was checked, never the name.
 */
export function throughProxy(
  proxy: URL,
  guard: Guard,
  trusted: { proxy: Trust; receiver: Trust },
): Connector {
  const secure = buildConnector({ timeout: 0, ...trusted.receiver });
  const openTunnel = callbackify(tunnelTo);
  return (options, callback) => {
    guard.check(options.hostname);
    const end = new AbortController();
    openTunnel(options, end.signal, (error: Error | null, socket) => {
      if (end.signal.aborted) return;
      if (error) return callback(error, null);
      if (options.protocol === 'https:') secure({ ...options, httpSocket: socket }, hearingAlerts(callback));
      else callback(null, socket);
    });
    return { destroy: () => end.abort() };
  };

  async function tunnelTo(
    { hostname, protocol, port }: buildConnector.Options,
    signal: AbortSignal,
  ): Promise<Socket> {
    const target = Number(port) || (protocol === 'https:' ? 443 : 80);
    let failure: unknown;
    for (const address of await addressesOf(hostname, guard)) {
      try {
        return await dial(proxy, isIP(address) === 6 ? `[${address}]:${target}` : `${address}:${target}`, {
          signal,
          trusted: trusted.proxy,
        });
      } catch (error) {
        if (error instanceof NotSent || signal.aborted) throw error;
        failure = error;
      }
    }
    throw failure;
  }
}

async function addressesOf(hostname: string, guard: Guard): Promise<string[]> {
  if (isIP(hostname) !== 0) return [hostname];
  const found = await promisify(guard.lookup)(hostname, { all: true });
  return Array.isArray(found) ? found.map(({ address }) => address) : [];
}

async function dial(
  proxy: URL,
  authority: string,
  { signal, trusted }: { signal: AbortSignal; trusted: Trust },
): Promise<Socket> {
  const byTls = proxy.protocol === 'https:';
  const connect = (byTls ? requestByHttps : requestByHttp)({
    host: proxy.hostname.replace(/^\[|\]$/g, ''),
    port: proxy.port || (byTls ? 443 : 80),
    method: 'CONNECT',
    path: authority,
    headers: { host: authority, ...credentials(proxy) },
    agent: false,
    signal,
    ...trusted,
  });
  return new Promise((resolve, reject) => {
    connect.once('connect', ({ statusCode = 0 }, socket: Socket, head) => {
      if (statusCode >= 200 && statusCode <= 299) {
        signal.addEventListener('abort', () => socket.destroy());
        if (head.length > 0) socket.unshift(head);
        resolve(socket.setNoDelay(true));
      } else {
        socket.destroy();
        reject(refusal(statusCode));
      }
    });
    connect.once('error', (cause) => reject(new NotSent('the egress proxy cannot be reached', { cause })));
    connect.end();
  });
}

/** A 403 is the proxy's own list, a 407 our configuration; with all else it says that the receiver cannot be reached. */
function refusal(status: number): Error {
  if (status === 403) return new BlockedAddress('the egress proxy refuses the address');
  if (status === 407) return new NotSent('the egress proxy refuses its credentials');
  return Object.assign(new Error('the egress proxy could not connect'), {
    code: `PROXY_${status}`,
    syscall: 'connect',
  });
}

function credentials({ username, password }: URL): { 'proxy-authorization'?: string } {
  if (username === '') return {};
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(pair).toString('base64')}` };
}
