import { describe, expect, it } from '@jest/globals';
import { rootCertificates } from 'node:tls';
import { inspect } from 'node:util';
import { buildConfig, type Config } from '../../src/config/config.js';
import { ConfigError, readEnvironment, settings } from '../../src/config/environment.js';
import { KeyRing } from '../../src/crypto/key-ring.js';

const [cert = ''] = rootCertificates;
const configOf = (variables: Record<string, string>): Config => buildConfig(readEnvironment(variables));
const secrets = {
  POSTRIDER_ROOT_KEY: 'root-key-that-nobody-may-see-0123456789',
  POSTRIDER_SANDBOX_KEY: 'sandbox-key-that-nobody-may-see-01234',
  POSTRIDER_PRODUCTION_KEY: 'production-key-that-nobody-may-see-01',
  POSTRIDER_ENCRYPTION_KEYS: KeyRing.generate('k1'),
  MONGODB_URI: 'mongodb://user:mongodb-password@db.example.com/postrider',
  POSTRIDER_EGRESS_PROXY: 'http://us:egress-password@proxy:3128',
};

describe('the configuration', () => {
  it('has defaults for everything', () => {
    expect(configOf({})).toMatchObject({
      role: 'all',
      host: '127.0.0.1',
      port: 8400,
      publicUrl: undefined,
      retrySchedule: ['5s', '5m', '30m', '2h', '5h', '10h'],
      retentionMs: 30 * 24 * 3_600_000,
      logLevel: 'info',
      temporal: { address: undefined, namespace: 'default' },
      keys: { root: undefined, sandbox: undefined, production: undefined, encryption: undefined },
    });
    expect(configOf({}).dataDir).toMatch(/\/\.postrider$/);
  });

  it('takes each setting from its variable', () => {
    const config = configOf({
      ...secrets,
      POSTRIDER_ROLE: 'api',
      POSTRIDER_HOST: '0.0.0.0',
      POSTRIDER_PORT: '0',
      POSTRIDER_PUBLIC_URL: 'https://hooks.example.com/',
      POSTRIDER_DATA_DIR: '/var/lib/postrider',
      POSTRIDER_CACHE_DIR: '/var/cache/postrider',
      POSTRIDER_RETRY_SCHEDULE: '1s, 2m',
      POSTRIDER_RETENTION: '7d',
      POSTRIDER_AUDIT_DAYS: '30',
      POSTRIDER_FAILING_AFTER: '20m',
      POSTRIDER_PAUSE_AFTER: '2d',
      POSTRIDER_CIRCUIT_AFTER: '2m',
      POSTRIDER_CIRCUIT_ATTEMPTS: '5',
      POSTRIDER_CIRCUIT_PROBE: '10s',
      POSTRIDER_EGRESS_ALLOW: '10.0.0.0/8',
      POSTRIDER_EGRESS_HTTPS_ONLY: 'true',
      POSTRIDER_EGRESS_PORTS: '443, 8443',
      POSTRIDER_EGRESS_DNS: '10.0.0.2, [fd00::2]:5353',
      POSTRIDER_EGRESS_CA: `${cert}\n${cert}`,
      POSTRIDER_DISPATCH: 'workflow',
      POSTRIDER_GROUP_FROM: '9',
      POSTRIDER_GROUP_SIZE: '20',
      POSTRIDER_GROUP_WAIT: '2ms',
      POSTRIDER_LOG_LEVEL: 'warn',
      TEMPORAL_ADDRESS: 'temporal:7233',
      TEMPORAL_NAMESPACE: 'webhooks',
      TEMPORAL_UI_URL: 'https://temporal.example.com/',
      TEMPORAL_CLI_PATH: '/opt/temporal',
      MONGOD_PATH: '/opt/mongod',
    });
    expect(config).toMatchObject({
      role: 'api',
      host: '0.0.0.0',
      port: 0,
      publicUrl: 'https://hooks.example.com',
      dataDir: '/var/lib/postrider',
      cacheDir: '/var/cache/postrider',
      retrySchedule: ['1s', '2m'],
      retentionMs: 7 * 24 * 3_600_000,
      dispatch: { mode: 'workflow', groupFrom: 9, groupSize: 20, groupWaitMs: 2 },
      auditDays: 30,
      endpointHealth: {
        failingAfterMs: 1_200_000,
        pauseAfter: '2d',
        circuit: { afterMs: 120_000, attempts: 5, probeMs: 10_000 },
      },
      egress: {
        httpsOnly: true,
        ports: [443, 8443],
        dnsServers: ['10.0.0.2', '[fd00::2]:5353'],
        trust: [cert.trim(), cert.trim()],
      },
      logLevel: 'warn',
      temporal: {
        address: 'temporal:7233',
        namespace: 'webhooks',
        uiUrl: 'https://temporal.example.com',
        cliPath: '/opt/temporal',
      },
      mongodb: { mongodPath: '/opt/mongod' },
    });
    expect(config.egress.allow).toHaveLength(1);
    expect(config.egress.proxy?.reveal()).toBe(secrets.POSTRIDER_EGRESS_PROXY);
    expect(config.keys.root?.reveal()).toBe(secrets.POSTRIDER_ROOT_KEY);
    expect(config.mongodb.uri?.reveal()).toBe(secrets.MONGODB_URI);
  });

  it('can be printed without a secret', () => {
    const config = configOf(secrets);
    const printed = [
      JSON.stringify(config),
      inspect(config, { depth: 9, showHidden: true }),
      String(config.keys.root),
    ];
    for (const text of printed) {
      for (const secret of [...Object.values(secrets), 'mongodb-password', 'egress-password'])
        expect(text).not.toContain(secret);
      expect(text).toContain('[secret]');
    }
  });

  it('cannot be changed', () => {
    const config = configOf({}) as { port: number; temporal: { namespace: string } };
    expect(() => (config.port = 1)).toThrow(TypeError);
    expect(() => (config.temporal.namespace = 'x')).toThrow(TypeError);
  });

  it('takes an empty setting as one that is not given, but an empty list of ranges as none', () => {
    const empty = Object.fromEntries(Object.keys(settings).map((name) => [name, '']));
    const { egress, ...config } = configOf(empty);
    const { egress: opened, ...defaults } = configOf({});
    expect(JSON.stringify(config)).toBe(JSON.stringify(defaults));
    expect(egress).toEqual({ ...opened, allow: [] });
    expect(opened).toMatchObject({ httpsOnly: false, dnsServers: [], trust: [] });
    expect(opened.allow).toHaveLength(2);
  });

  it('opens loopback to deliveries for the embedded stack alone', () => {
    const apart = { TEMPORAL_ADDRESS: 'temporal:7233', MONGODB_URI: 'mongodb://db' };
    expect(configOf(apart).egress.allow).toEqual([]);
    expect(configOf({ ...apart, POSTRIDER_EGRESS_ALLOW: '127.0.0.1' }).egress.allow).toHaveLength(1);
  });
});

describe('a setting that is wrong', () => {
  it.each([
    ['POSTRIDER_ROLE', 'boss', 'must be one of all, api, worker'],
    ['POSTRIDER_PORT', 'http', 'must be a port'],
    ['POSTRIDER_PORT', '65536', 'must be a port'],
    ['POSTRIDER_PORT', '-1', 'must be a port'],
    ['POSTRIDER_PORT', '80.5', 'must be a port'],
    ['POSTRIDER_PORT', ' 80', 'must be a port'],
    ['POSTRIDER_PUBLIC_URL', 'hooks.example.com', 'must be a URL'],
    ['POSTRIDER_PUBLIC_URL', 'ftp://hooks.example.com', 'must be a URL'],
    ['POSTRIDER_ROOT_KEY', 'x'.repeat(31), 'must have at least 32 characters'],
    ['POSTRIDER_SANDBOX_KEY', `${'x'.repeat(20)}\n${'x'.repeat(20)}`, 'must not begin or end with a space'],
    ['POSTRIDER_PRODUCTION_KEY', 'two words '.repeat(5), 'must not begin or end with a space'],
    ['POSTRIDER_ENCRYPTION_KEYS', 'k1:c2hvcnQ=', 'key k1 must have 32 bytes'],
    ['POSTRIDER_RETRY_SCHEDULE', '5s,soon', '"soon"'],
    ['POSTRIDER_RETENTION', 'a month', 'must be a whole number with a unit'],
    ['POSTRIDER_AUDIT_DAYS', '0', 'must be a number of days: a whole number from 1 to 9999'],
    ['POSTRIDER_EGRESS_ALLOW', '10.0.0.0/33', '"10.0.0.0/33"'],
    ['POSTRIDER_EGRESS_HTTPS_ONLY', 'yes', 'must be one of true, false'],
    ['POSTRIDER_EGRESS_PORTS', '443,0', '"0" is not a port from 1 to 65535'],
    ['POSTRIDER_EGRESS_PROXY', 'socks5://proxy:1080', 'must be a URL'],
    [
      'POSTRIDER_EGRESS_DNS',
      '10.0.0.2,dns.example.com',
      '"dns.example.com" is not the address of a DNS server',
    ],
    ['POSTRIDER_EGRESS_CA', 'ca.pem', 'must hold certificates in PEM'],
    [
      'POSTRIDER_EGRESS_CA',
      '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----',
      'holds a certificate that cannot be read',
    ],
    ['POSTRIDER_GROUP_SIZE', '51', 'must be a whole number from 1 to 50'],
    ['POSTRIDER_GROUP_WAIT', '2s', 'must be at most 1s'],
    ['POSTRIDER_LOG_LEVEL', 'loud', 'must be one of debug, info, warn, error, silent'],
    ['TEMPORAL_UI_URL', 'localhost', 'must be a URL'],
  ])('%s=%s is named, with what it takes', (name, value, message) => {
    expect(() => configOf({ [name]: value })).toThrow(ConfigError);
    expect(() => configOf({ [name]: value })).toThrow(`${name}: ${message}`);
    if (name.includes('KEY')) expect(() => configOf({ [name]: value })).not.toThrow(value);
  });

  it('is named beside all the others', () => {
    const wrong = { POSTRIDER_PORT: 'x', POSTRIDER_ROLE: 'x' };
    expect(() => configOf(wrong)).toThrow(/POSTRIDER_ROLE: .*\nPOSTRIDER_PORT: /);
  });

  it('may not be the same key as another', () => {
    const same = { POSTRIDER_SANDBOX_KEY: 'k'.repeat(40), POSTRIDER_PRODUCTION_KEY: 'k'.repeat(40) };
    expect(() => configOf(same)).toThrow('POSTRIDER_PRODUCTION_KEY: must differ from POSTRIDER_SANDBOX_KEY');
  });
});
