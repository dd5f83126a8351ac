import { lookup as dnsLookup } from 'node:dns';
import type { LookupAddress } from 'node:dns';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createHttpClient } from '../../src/http/client.js';
import type { Exchange } from '../../src/http/exchange.js';
import { BlockedAddress, createGuard, parseCidrs } from '../../src/http/guard.js';
import { serve } from './server.js';
import type { TestServer } from './server.js';

const open: { close: () => Promise<void> }[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map(async (resource) => resource.close()));
});

async function server(): Promise<TestServer> {
  const started = await serve((_, response) => response.end('ok'));
  open.push(started);
  return started;
}

async function post(url: string, allow: string): Promise<Exchange> {
  const http = createHttpClient({ allow: parseCidrs(allow) });
  open.push(http);
  const request = { method: 'POST' as const, url, headers: [], body: '' };
  return http.exchange(request, { timeoutMs: 30_000, maxResponseBytes: 100 });
}

async function resolved(addresses: string[], allow = ''): Promise<LookupAddress[]> {
  const found = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  const { lookup } = createGuard(parseCidrs(allow), (_name, _options, callback) => callback(null, found));
  return new Promise((resolve, reject) => {
    lookup('example.test', { all: true }, (error, list) => {
      if (error) reject(error);
      else resolve(list as LookupAddress[]);
    });
  });
}

describe('the guard', () => {
  it.each(['8.8.8.8', '93.184.215.14', '2606:4700:4700::1111', '::ffff:8.8.8.8'])(
    'lets %s pass',
    (address) => {
      expect(() => createGuard([]).check(address)).not.toThrow();
    },
  );

  it.each([
    ['this network', '0.0.0.0'],
    ['this network', '0.1.2.3'],
    ['private', '10.0.0.1'],
    ['private', '172.16.0.1'],
    ['private', '172.31.255.255'],
    ['private', '192.168.1.1'],
    ['carrier-grade NAT', '100.64.0.1'],
    ['loopback', '127.0.0.1'],
    ['loopback', '127.255.255.254'],
    ['link-local, cloud metadata', '169.254.169.254'],
    ['protocol assignments', '192.0.0.192'],
    ['documentation', '192.0.2.1'],
    ['documentation', '198.51.100.1'],
    ['documentation', '203.0.113.1'],
    ['benchmarking', '198.18.0.1'],
    ['6to4 relay', '192.88.99.1'],
    ['multicast', '224.0.0.1'],
    ['reserved', '240.0.0.1'],
    ['broadcast', '255.255.255.255'],
    ['unspecified', '::'],
    ['loopback', '::1'],
    ['IPv4-mapped', '::ffff:127.0.0.1'],
    ['IPv4-mapped', '::ffff:a00:1'],
    ['IPv4-compatible', '::127.0.0.1'],
    ['IPv4-translated', '::ffff:0:7f00:1'],
    ['NAT64', '64:ff9b::7f00:1'],
    ['NAT64 of a public address', '64:ff9b::808:808'],
    ['local NAT64', '64:ff9b:1::a00:1'],
    ['6to4', '2002:7f00:1::'],
    ['Teredo', '2001:0:4136:e378:8000:63bf:3fff:fdd2'],
    ['unique local', 'fd00:ec2::254'],
    ['unique local', 'fc00::1'],
    ['link-local', 'fe80::1'],
    ['link-local with a zone', 'fe80::1%lo'],
    ['site-local', 'fec0::1'],
    ['multicast', 'ff02::1'],
    ['documentation', '2001:db8::1'],
    ['documentation', '3fff::1'],
    ['not given out', '4000::1'],
    ['discard', '100::1'],
  ])('blocks %s: %s', (_, address) => {
    expect(() => createGuard([]).check(address)).toThrow(BlockedAddress);
  });

  it('lets named ranges pass, and nothing else', () => {
    const { check } = createGuard(parseCidrs('10.1.0.0/16, fd00:1::/32, 192.168.7.7'));
    for (const address of ['10.1.2.3', '::ffff:10.1.2.3', 'fd00:1::5', '192.168.7.7', '8.8.8.8']) {
      expect(() => check(address)).not.toThrow();
    }
    for (const address of ['10.2.0.1', 'fd00:2::5', '192.168.7.8', '::ffff:192.168.7.8']) {
      expect(() => check(address)).toThrow(BlockedAddress);
    }
  });

  it('refuses a name as soon as one of its addresses is bad, and else gives all of them', async () => {
    expect(await resolved(['8.8.8.8', '2606:4700::1'])).toHaveLength(2);
    await expect(resolved(['8.8.8.8', '10.0.0.1'])).rejects.toThrow(BlockedAddress);
    await expect(resolved(['10.0.0.1', '8.8.8.8'])).rejects.toThrow(BlockedAddress);
    await expect(resolved(['8.8.8.8', '::ffff:10.0.0.1'])).rejects.toThrow(BlockedAddress);
    expect(await resolved(['8.8.8.8', '10.0.0.1'], '10.0.0.0/8')).toHaveLength(2);
    await expect(resolved([])).rejects.toThrow(BlockedAddress);
  });

  it('dials what it has checked: one look-up a connection', async () => {
    let lookups = 0;
    const guard = createGuard(parseCidrs('127.0.0.1'), (name, options, callback) => {
      lookups += 1;
      if (lookups === 1) callback(null, [{ address: '127.0.0.1', family: 4 }]);
      else dnsLookup(name, options, callback);
    });
    const target = await server();
    const { connect } = await import('node:net');
    const socket = connect({
      host: 'rebinding.test',
      port: Number(new URL(target.url).port),
      lookup: guard.lookup,
    });
    await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    expect(socket.remoteAddress).toBe('127.0.0.1');
    expect(lookups).toBe(1);
    socket.destroy();
  });
});

describe('a request to an address that is not public', () => {
  it.each(['127.0.0.1', 'localhost', '[::ffff:127.0.0.1]', '2130706433', '0x7f.1', '0177.0.0.1'])(
    'is blocked at once when written as %s, and opens no connection',
    async (host) => {
      const target = await server();
      const exchange = await post(target.url.replace('127.0.0.1', host), '');
      expect(exchange).toMatchObject({ ok: false, errorCode: 'blocked_address' });
      expect(exchange).toMatchObject({ message: 'the address is not public, and not allowed' });
      expect(target.connections.opened).toBe(0);
    },
  );

  it('is blocked for https too', async () => {
    const exchange = await post('https://127.0.0.1:1/', '');
    expect(exchange).toMatchObject({ ok: false, errorCode: 'blocked_address' });
  });

  it('passes where its range is allowed, by name as by number', async () => {
    const target = await server();
    expect(await post(target.url, '127.0.0.0/8')).toMatchObject({ ok: true, status: 200 });
    const byName = target.url.replace('127.0.0.1', 'localhost');
    expect(await post(byName, '127.0.0.0/8,::1/128')).toMatchObject({ ok: true, status: 200 });
  });
});

describe('the ranges of a setting', () => {
  it('are read with or without spaces, alone or with a length', () => {
    expect(
      parseCidrs('127.0.0.0/8, ::1/128,10.0.0.1').map(([base, bits]) => `${base.toString()}/${bits}`),
    ).toEqual(['127.0.0.0/8', '::1/128', '10.0.0.1/32']);
  });

  it('are none where it is empty', () => {
    expect(parseCidrs('')).toEqual([]);
    expect(parseCidrs(' , ')).toEqual([]);
  });

  it.each([
    '10.0.0.0/33',
    '10.0.0/8',
    '10.0.0.0/',
    '10.0.0.0/x',
    '10.0.0.0/8/8',
    '::/129',
    'localhost',
    '0x7f.1',
  ])('are refused by name when %s is none', (entry) => {
    expect(() => parseCidrs(`127.0.0.0/8,${entry}`)).toThrow(`"${entry}" is not a range of addresses`);
  });

  it('are refused when they are IPv4 written as IPv6, which would never match', () => {
    expect(() => parseCidrs('::ffff:10.0.0.0/104')).toThrow('is an IPv4 range');
  });
});
