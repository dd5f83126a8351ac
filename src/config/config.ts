import { resolve } from 'node:path';
import { KeyRing } from '../crypto/key-ring.js';
import { parseRetrySchedule } from '../delivery/retry-schedule.js';
import type { Egress } from '../http/egress.js';
import { defaultCacheDir } from '../stack/cache-dir.js';
import { durationMs } from './duration.js';
import { egressOf } from './egress.js';
import { ConfigError, type Environment } from './environment.js';
import { Secret } from './secret.js';
import { setting } from './setting.js';

/** The whole configuration: validated, frozen, and safe to log. */
export interface Config {
  readonly role: 'all' | 'api' | 'worker';
  readonly host: string;
  readonly port: number;
  readonly publicUrl: string | undefined;
  /** How long a process that is to stop still takes calls while it says that it is not ready. */
  readonly leaveMs: number;
  readonly dataDir: string;
  readonly cacheDir: string;
  /** Keys that were given; the others are made up at the first start. */
  readonly keys: {
    readonly root: Secret | undefined;
    readonly sandbox: Secret | undefined;
    readonly production: Secret | undefined;
    readonly encryption: Secret | undefined;
  };
  /** Delays between attempts of a webhook that has no schedule of its own. */
  readonly retrySchedule: readonly string[];
  readonly retentionMs: number;
  /** How long the audit log keeps an entry. */
  readonly auditDays: number;
  /** What is done about endpoints that fail. */
  readonly endpointHealth: {
    /** How long a webhook must have failed until an operational event says so. */
    readonly failingAfterMs: number;
    /** How long a webhook must have failed until it is paused, unless it has its own, as a duration: `0s` for never. */
    readonly pauseAfter: string;
    /** When the circuit of an endpoint opens, and when it is probed. */
    readonly circuit: {
      /** How long attempts must have found it down; 0: it never opens. */
      readonly afterMs: number;
      /** How many in a row, of those that one worker has made. */
      readonly attempts: number;
      /** From the opening to the first probe. */
      readonly probeMs: number;
    };
  };
  readonly egress: Readonly<Egress>;
  /** Events a second that one organization may publish in one environment; null: as many as can be written. */
  readonly ingestRate: number | null;
  /** How first attempts travel. */
  readonly dispatch: {
    /** `auto`: in groups under pressure; `workflow`: each in a workflow of its own. */
    readonly mode: 'auto' | 'workflow';
    /** Starts under way from which on they go in groups: a few at once are served faster one by one. */
    readonly groupFrom: number;
    /** Most first attempts of one group. */
    readonly groupSize: number;
    /** How long, under pressure, a write of events waits for as many as the last one had. */
    readonly groupWaitMs: number;
  };
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  readonly temporal: {
    readonly address: string | undefined;
    readonly namespace: string;
    readonly uiUrl: string | undefined;
    readonly cliPath: string | undefined;
  };
  readonly mongodb: { readonly uri: Secret | undefined; readonly mongodPath: string | undefined };
}

/** Builds the configuration. Throws a ConfigError that names the setting and what it takes. */
export function buildConfig(env: Environment): Config {
  const embedded = env.TEMPORAL_ADDRESS === undefined || env.MONGODB_URI === undefined;
  return Object.freeze({
    role: env.POSTRIDER_ROLE ?? 'all',
    host: env.POSTRIDER_HOST ?? '127.0.0.1',
    port: env.POSTRIDER_PORT ?? 8400,
    publicUrl: env.POSTRIDER_PUBLIC_URL?.replace(/\/+$/, ''),
    leaveMs: durationMs(env.POSTRIDER_LEAVE ?? (env.POSTRIDER_ROLE === 'api' ? '5s' : '0s')),
    dataDir: resolve(env.POSTRIDER_DATA_DIR ?? '.postrider'),
    cacheDir: resolve(env.POSTRIDER_CACHE_DIR ?? defaultCacheDir()),
    keys: keysOf(env),
    retrySchedule: setting('POSTRIDER_RETRY_SCHEDULE', () =>
      parseRetrySchedule(env.POSTRIDER_RETRY_SCHEDULE ?? '5s,5m,30m,2h,5h,10h'),
    ),
    retentionMs: durationMs(env.POSTRIDER_RETENTION ?? '30d'),
    auditDays: env.POSTRIDER_AUDIT_DAYS ?? 400,
    endpointHealth: Object.freeze({
      failingAfterMs: durationMs(env.POSTRIDER_FAILING_AFTER ?? '15m'),
      pauseAfter: env.POSTRIDER_PAUSE_AFTER ?? '5d',
      circuit: Object.freeze({
        afterMs: durationMs(env.POSTRIDER_CIRCUIT_AFTER ?? '10m'),
        attempts: env.POSTRIDER_CIRCUIT_ATTEMPTS ?? 20,
        probeMs: durationMs(env.POSTRIDER_CIRCUIT_PROBE ?? '30s'),
      }),
    }),
    egress: Object.freeze(egressOf(env, embedded)),
    ingestRate: env.POSTRIDER_INGEST_RATE ?? null,
    dispatch: Object.freeze({
      mode: env.POSTRIDER_DISPATCH ?? 'auto',
      groupFrom: env.POSTRIDER_GROUP_FROM ?? 5,
      groupSize: env.POSTRIDER_GROUP_SIZE ?? 50,
      groupWaitMs: setting('POSTRIDER_GROUP_WAIT', () => groupWaitMs(env.POSTRIDER_GROUP_WAIT ?? '5ms')),
    }),
    logLevel: env.POSTRIDER_LOG_LEVEL ?? 'info',
    temporal: Object.freeze({
      address: env.TEMPORAL_ADDRESS,
      namespace: env.TEMPORAL_NAMESPACE ?? 'default',
      uiUrl: env.TEMPORAL_UI_URL?.replace(/\/+$/, ''),
      cliPath: env.TEMPORAL_CLI_PATH,
    }),
    mongodb: Object.freeze({ uri: secret(env.MONGODB_URI), mongodPath: env.MONGOD_PATH }),
  });
}

/** The keys that were given: usable, and no two the same, or one would open what is the other's. */
function keysOf(env: Environment): Config['keys'] {
  const { POSTRIDER_ENCRYPTION_KEYS: encryption } = env;
  if (encryption !== undefined) setting('POSTRIDER_ENCRYPTION_KEYS', () => KeyRing.parse(encryption));
  const names = ['POSTRIDER_ROOT_KEY', 'POSTRIDER_SANDBOX_KEY', 'POSTRIDER_PRODUCTION_KEY'] as const;
  const given = names.filter((name) => env[name] !== undefined);
  for (const [index, name] of given.entries()) {
    const same = given.slice(0, index).find((other) => env[other] === env[name]);
    if (same) throw new ConfigError(`${name}: must differ from ${same}`);
  }
  return Object.freeze({
    root: secret(env.POSTRIDER_ROOT_KEY),
    sandbox: secret(env.POSTRIDER_SANDBOX_KEY),
    production: secret(env.POSTRIDER_PRODUCTION_KEY),
    encryption: secret(encryption),
  });
}

/** Every caller may have to wait for so long: more would be felt. */
function groupWaitMs(text: string): number {
  const ms = durationMs(text);
  if (ms > 1_000) throw new Error('must be at most 1s');
  return ms;
}

function secret(text: string | undefined): Secret | undefined {
  return text === undefined ? undefined : new Secret(text);
}
