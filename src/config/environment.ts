import { z } from 'zod';
import '../validation/messages.js';
import { Duration } from './duration.js';

/** A setting that is present but empty counts as not given, as shells and compose files write it. */
const optional = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === '' ? undefined : value), schema.optional());

const Port = z
  .string()
  .regex(/^\d{1,5}$/, 'must be a port: a whole number from 0 to 65535')
  .transform(Number)
  .refine((port) => port <= 65_535, 'must be a port: a whole number from 0 to 65535');
const Flag = z.enum(['true', 'false']).transform((text) => text === 'true');
const Days = z
  .string()
  .regex(/^[1-9]\d{0,3}$/, 'must be a number of days: a whole number from 1 to 9999')
  .transform(Number);
/** As many delivery ids as fit into the 2,048 bytes that Temporal's SQL visibility has for a list to search by, and some room. */
const largestGroup = 50;
const Count = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,6}$/, `must be a whole number from ${least} to ${most}`)
    .transform(Number)
    .refine((count) => count >= least && count <= most, `must be a whole number from ${least} to ${most}`);
/** Any text that an HTTP header can carry whole. */
const Key = z
  .string()
  .min(32)
  .regex(/^[^\s\p{Cc}][^\p{Cc}]*[^\s\p{Cc}]$/u, 'must not begin or end with a space, nor hold a line break');

/**
 * Every environment variable that Postrider reads, with what it means: `npm start -- --help` prints this
 * table, and each has a command line option of the same name (`POSTRIDER_DATA_DIR` is `--data-dir`).
 */
export const settings = {
  POSTRIDER_ROLE: {
    schema: optional(z.enum(['all', 'api', 'worker'])),
    help: 'what this process does: all (default), api or worker',
  },
  POSTRIDER_HOST: {
    schema: optional(z.string()),
    help: 'address to listen on (127.0.0.1; 0.0.0.0 for every interface)',
  },
  POSTRIDER_PORT: {
    schema: optional(Port),
    help: 'port of the API and the console (8400; 0 takes a free one)',
  },
  POSTRIDER_PUBLIC_URL: {
    schema: optional(z.url({ protocol: /^https?$/ })),
    help: 'URL under which others reach the API (http://localhost:<port>)',
  },
  POSTRIDER_LEAVE: {
    schema: optional(Duration),
    help: 'how long a process that is told to stop still takes calls while /readyz answers 503 (0s; 5s for the role api)',
  },
  POSTRIDER_DATA_DIR: {
    schema: optional(z.string()),
    help: 'where the embedded stack keeps its data and generated keys (.postrider)',
  },
  POSTRIDER_CACHE_DIR: {
    schema: optional(z.string()),
    help: 'where what was downloaded or built is kept (~/.cache/postrider)',
  },
  POSTRIDER_ROOT_KEY: {
    schema: optional(Key),
    help: 'the key that manages organizations, 32 characters or more (made up at the first start)',
  },
  POSTRIDER_SANDBOX_KEY: {
    schema: optional(Key),
    help: 'admin key of the first organization, sandbox (made up at the first start)',
  },
  POSTRIDER_PRODUCTION_KEY: {
    schema: optional(Key),
    help: 'admin key of the first organization, production (made up at the first start)',
  },
  POSTRIDER_ENCRYPTION_KEYS: {
    schema: optional(z.string()),
    help: 'id:base64 of 32 bytes, several separated by commas; the first encrypts, all decrypt (made up at the first start)',
  },
  POSTRIDER_RETRY_SCHEDULE: {
    schema: optional(z.string()),
    help: 'delays between attempts of webhooks without a schedule of their own (5s,5m,30m,2h,5h,10h)',
  },
  POSTRIDER_RETENTION: {
    schema: optional(Duration),
    help: 'how long history is kept after a delivery has ended (30d)',
  },
  POSTRIDER_AUDIT_DAYS: {
    schema: optional(Days),
    help: 'how many days the audit log keeps who changed what (400)',
  },
  POSTRIDER_FAILING_AFTER: {
    schema: optional(Duration),
    help: 'how long a webhook must have failed, without a success, until webhook.failing says so (15m)',
  },
  POSTRIDER_PAUSE_AFTER: {
    schema: optional(Duration),
    help: 'how long a webhook must have failed, without a success, until it is paused (5d; 0s never)',
  },
  POSTRIDER_CIRCUIT_AFTER: {
    schema: optional(Duration),
    help: 'how long an endpoint must have been down until its circuit opens (10m; 0s never)',
  },
  POSTRIDER_CIRCUIT_ATTEMPTS: {
    schema: optional(Count(1, 100_000)),
    help: 'how many attempts in a row must have found it down by then (20)',
  },
  POSTRIDER_CIRCUIT_PROBE: {
    schema: optional(Duration),
    help: 'time from the opening of a circuit to its first probe; twice as long to each next one, 10m at most (30s)',
  },
  POSTRIDER_EGRESS_ALLOW: {
    schema: z.string().optional(),
    help: 'CIDRs that deliveries may reach although they are not public (embedded stack: 127.0.0.0/8,::1/128)',
  },
  POSTRIDER_EGRESS_HTTPS_ONLY: {
    schema: optional(Flag),
    help: 'true: deliveries reach public addresses by https alone (false)',
  },
  POSTRIDER_EGRESS_PORTS: {
    schema: optional(z.string()),
    help: 'ports of public addresses that deliveries may reach, such as 443,8443 (all)',
  },
  POSTRIDER_EGRESS_PROXY: {
    schema: optional(z.url({ protocol: /^https?$/ })),
    help: 'URL of an HTTP proxy that opens the connections of deliveries (none)',
  },
  POSTRIDER_EGRESS_DNS: {
    schema: optional(z.string()),
    help: "DNS servers that resolve receivers' names, such as 10.0.0.2,10.0.0.3:5353 (the operating system's way)",
  },
  POSTRIDER_EGRESS_CA: {
    schema: optional(z.string()),
    help: 'certificates (PEM) of authorities that deliveries trust beside the well-known ones (none)',
  },
  POSTRIDER_INGEST_RATE: {
    schema: optional(Count(1, 999_999)),
    help: 'events a second that one organization may publish in one environment (no limit)',
  },
  POSTRIDER_DISPATCH: {
    schema: optional(z.enum(['auto', 'workflow'])),
    help: 'how first attempts travel: auto (default: in groups under pressure) or workflow (always one by one)',
  },
  POSTRIDER_GROUP_FROM: {
    schema: optional(Count(1, 10_000)),
    help: 'starts under way from which on first attempts travel in groups (5)',
  },
  POSTRIDER_GROUP_SIZE: {
    schema: optional(Count(1, largestGroup)),
    help: `most first attempts of one group (${largestGroup})`,
  },
  POSTRIDER_GROUP_WAIT: {
    schema: optional(Duration),
    help: 'how long, under pressure, a write waits for as many events as the last one had (5ms; 0s never)',
  },
  POSTRIDER_LOG_LEVEL: {
    schema: optional(z.enum(['debug', 'info', 'warn', 'error', 'silent'])),
    help: 'debug, info (default), warn, error or silent',
  },
  TEMPORAL_ADDRESS: {
    schema: optional(z.string()),
    help: 'host:port of a Temporal server (one is started when not given)',
  },
  TEMPORAL_NAMESPACE: { schema: optional(z.string()), help: 'its namespace (default)' },
  TEMPORAL_UI_URL: {
    schema: optional(z.url({ protocol: /^https?$/ })),
    help: 'URL of the Temporal UI, for links (known for the embedded stack)',
  },
  MONGODB_URI: {
    schema: optional(z.string()),
    help: 'a MongoDB replica set (one is started when not given)',
  },
  TEMPORAL_CLI_PATH: {
    schema: optional(z.string()),
    help: 'the temporal program to start (looked for on PATH)',
  },
  MONGOD_PATH: { schema: optional(z.string()), help: 'the mongod program to start (looked for on PATH)' },
} as const;

export type SettingName = keyof typeof settings;

const Environment = z.object(
  Object.fromEntries(Object.entries(settings).map(([name, { schema }]) => [name, schema])) as {
    [Name in SettingName]: (typeof settings)[Name]['schema'];
  },
);

/** The environment's settings, each of the right kind; what is not set is undefined. */
export type Environment = z.infer<typeof Environment>;

/** What is wrong with the configuration: one line a setting, each naming it. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

/** The only place that reads environment variables. Throws a ConfigError that names each bad one. */
export function readEnvironment(variables: Readonly<Record<string, string | undefined>>): Environment {
  const parsed = Environment.safeParse(variables);
  if (parsed.success) return parsed.data;
  throw new ConfigError(
    parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('\n'),
  );
}
