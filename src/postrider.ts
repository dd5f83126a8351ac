import type { WorkflowBundleOption } from '@temporalio/worker';
import { createApp } from './api/app.js';
import { checkPort, listen } from './api/server.js';
import { createWorkerApp } from './api/worker-app.js';
import type { Clock } from './clock.js';
import type { Config } from './config/config.js';
import { ConfigError } from './config/environment.js';
import type { Context } from './context.js';
import { createContext, type OpenContext } from './create-context.js';
import type { Pace } from './dispatch/pace.js';
import { ensureFirstOrganization } from './keys/first-organization.js';
import { announceKeys } from './key-rotation/key-holders.js';
import { loadKeys, type Keys } from './keys/keys-file.js';
import type { Logger } from './logging/logger.js';
import { startStack, type Stack } from './stack/stack.js';
import { startWorker, type RunningWorker } from './worker/worker.js';

/** What runs, and how to reach it. */
export interface RunningPostrider {
  readonly ctx: Context;
  /** Where the API is; for a worker alone, its health and metrics. */
  readonly url: string;
  readonly temporalUiUrl: string | undefined;
  readonly keys: Keys;
  /** Rejects should the worker break; resolves after `stop`. */
  readonly ended: Promise<void>;
  /** Stops in the order in which nothing is lost: API, worker, connections, and what was started. */
  stop(): Promise<void>;
}

/** What a start can be given beside its configuration. */
export interface StartOptions {
  report?: (line: string) => void;
  signal?: AbortSignal;
  clock?: Clock;
  logger?: Logger;
  pace?: Pace;
  bundle?: WorkflowBundleOption;
}

/** Starts what the configuration asks for. Whatever fails, what was started before is ended again. */
export async function startPostrider(config: Config, options: StartOptions = {}): Promise<RunningPostrider> {
  requireSharedKeys(config);
  const cleanup: (() => Promise<void>)[] = [];
  const stop = once(async () => {
    for (const end of cleanup.toReversed()) await end();
  });
  try {
    await checkPort(config);
    const keys = await loadKeys(config.dataDir, config.keys);
    const stack = await startParts(config, options);
    cleanup.push(async () => stack.stop());
    const open = await openContext(config, stack, keys, options);
    cleanup.push(async () => open.close());
    const announcement = await announceKeys(open.ctx);
    cleanup.push(async () => announcement.stop());
    if (config.role !== 'worker') await ensureFirstOrganization(open.ctx.models, keys);
    const worker = config.role === 'api' ? undefined : runWorker(open, options);
    if (worker) cleanup.push(async () => worker.stop());
    const app = config.role === 'worker' ? createWorkerApp(open.ctx) : createApp(open.ctx);
    const { lifecycle } = open.ctx;
    const server = await listen(app, config, { lifecycle, leaveMs: config.leaveMs });
    cleanup.push(async () => server.stop());
    return {
      ctx: open.ctx,
      url: config.publicUrl ?? `http://localhost:${server.port}`,
      temporalUiUrl: open.ctx.temporalUiUrl,
      keys,
      ended: worker?.ended ?? new Promise(() => undefined),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Processes that share a database must share what its secrets are encrypted with, and the keys that open the API. */
function requireSharedKeys({ role, keys }: Config): void {
  if (role === 'all') return;
  const needed =
    role === 'api' ? (['encryption', 'root', 'sandbox', 'production'] as const) : (['encryption'] as const);
  const names = {
    encryption: 'POSTRIDER_ENCRYPTION_KEYS',
    root: 'POSTRIDER_ROOT_KEY',
    sandbox: 'POSTRIDER_SANDBOX_KEY',
    production: 'POSTRIDER_PRODUCTION_KEY',
  };
  const missing = needed.filter((name) => keys[name] === undefined).map((name) => names[name]);
  if (missing.length === 0) return;
  throw new ConfigError(
    `The role ${role} needs ${missing.join(', ')}: processes that run apart must be given the same.`,
  );
}

async function startParts(config: Config, { report, signal }: StartOptions): Promise<Stack> {
  const { temporal, mongodb, dataDir, cacheDir } = config;
  return startStack({
    dataDir,
    cacheDir,
    temporalNamespace: temporal.namespace,
    report: report ?? (() => undefined),
    ...(temporal.address === undefined ? {} : { temporalAddress: temporal.address }),
    ...(mongodb.uri === undefined ? {} : { mongodbUri: mongodb.uri.reveal() }),
    ...(temporal.cliPath === undefined ? {} : { temporalCliPath: temporal.cliPath }),
    ...(mongodb.mongodPath === undefined ? {} : { mongodPath: mongodb.mongodPath }),
    ...(signal ? { signal } : {}),
  });
}

async function openContext(
  config: Config,
  stack: Stack,
  keys: Keys,
  options: StartOptions,
): Promise<OpenContext> {
  const { clock, logger, pace } = options;
  return createContext(
    config,
    {
      mongodbUri: stack.mongodbUri,
      temporalAddress: stack.temporalAddress,
      temporalUiUrl: config.temporal.uiUrl ?? stack.temporalUiUrl,
      keys,
    },
    { ...(clock ? { clock } : {}), ...(logger ? { logger } : {}), ...(pace ? { pace } : {}) },
  );
}

/** Starts the worker as soon as Temporal is reached, however long that takes. */
function runWorker({ ctx, link }: OpenContext, { bundle }: StartOptions): RunningWorker {
  const starting = link
    .connected()
    .then(async (connection) =>
      startWorker(ctx, connection, { namespace: link.namespace, ...(bundle ? { bundle } : {}) }),
    );
  let stopped = false;
  return {
    ended: starting
      .then(async (worker) => worker.ended)
      .catch((error: unknown) => {
        if (!stopped) throw error;
      }),
    async stop() {
      stopped = true;
      link.giveUp();
      const worker = await starting.catch(() => undefined);
      await worker?.stop();
    },
  };
}

function once(act: () => Promise<void>): () => Promise<void> {
  let result: Promise<void> | undefined;
  return async () => (result ??= act());
}
