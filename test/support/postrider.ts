import { Connection } from '@temporalio/client';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { pino } from 'pino';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildConfig } from '../../src/config/config.js';
import { readEnvironment } from '../../src/config/environment.js';
import { tenantOf } from '../../src/models/tenant.js';
import type { WebhookRecord } from '../../src/models/webhook.js';
import { environmentOwner } from '../../src/models/webhook-stats.js';
import { startPostrider, type RunningPostrider, type StartOptions } from '../../src/postrider.js';
import { Api, type Loose } from './api.js';
import { waitFor } from './wait.js';

export const rootKey = 'root-key-of-the-tests-0123456789abcdef';
export const sandboxKey = 'sandbox-key-of-the-tests-0123456789ab';
export const productionKey = 'production-key-of-the-tests-012345678';

const bundle = { codePath: fileURLToPath(new URL('../../dist/workflow-bundle.js', import.meta.url)) };

// What the SDK warns of (each retry, each failed workflow) is what tests make happen.
Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] });

/** A Postrider of a test file's own, in this process, on the run's Temporal and MongoDB. */
export interface TestPostrider extends RunningPostrider {
  /** With the admin key of `sandbox`. */
  readonly api: Api;
  /** A client with another key, or none. */
  as(key: string | undefined, headers?: Record<string, string>): Api;
  /** The delivery, once `accept` says so of it. */
  delivery(id: string, accept: (delivery: Loose) => boolean, timeoutMs?: number): Promise<Loose>;
  /** The delivery once it is over. */
  over(id: string, timeoutMs?: number): Promise<Loose>;
  /**
   * The webhook as what is published is matched by it, once `accept` says so of it. What Postrider itself notes (that an endpoint
   * fails, a pause) is seen by a GET a moment before: a GET reads what is written, and publishing what a majority has.
   */
  known(webhookId: string, accept: (webhook: WebhookRecord) => boolean): Promise<WebhookRecord>;
}

/** Environment variables over the test's own; options of the start, such as a clock. */
export interface TestOptions extends StartOptions {
  env?: Record<string, string>;
}

/**
 * Starts Postrider with a namespace and a database of its own. Retries come quickly: 1 s, 1 s, 1 s, unless
 * `POSTRIDER_RETRY_SCHEDULE` is given.
 */
export async function startTestPostrider({ env = {}, ...options }: TestOptions = {}): Promise<TestPostrider> {
  const temporalAddress = process.env['TEST_TEMPORAL_ADDRESS'] ?? '';
  const name = `test-${process.pid}-${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 8)}`;
  const dataDir = await mkdtemp(join(tmpdir(), 'postrider-data-'));
  if (env['TEMPORAL_ADDRESS'] === undefined) await makeNamespace(temporalAddress, name);
  const config = buildConfig(
    readEnvironment({
      TEMPORAL_ADDRESS: temporalAddress,
      TEMPORAL_NAMESPACE: name,
      MONGODB_URI: databaseUri(name),
      POSTRIDER_PORT: '0',
      POSTRIDER_LEAVE: '0s',
      POSTRIDER_DATA_DIR: dataDir,
      POSTRIDER_ROOT_KEY: rootKey,
      POSTRIDER_SANDBOX_KEY: sandboxKey,
      POSTRIDER_PRODUCTION_KEY: productionKey,
      POSTRIDER_EGRESS_ALLOW: '127.0.0.0/8,::1/128',
      POSTRIDER_RETRY_SCHEDULE: '1s,1s,1s',
      ...dispatchOfRun(),
      ...env,
    }),
  );
  const running = await startPostrider(config, { bundle, logger: pino({ level: 'silent' }), ...options });
  const api = new Api(running.url, sandboxKey);
  const delivery: TestPostrider['delivery'] = async (id, accept, timeoutMs) =>
    waitFor(
      `delivery ${id}`,
      async () => {
        const { body } = await api.get(`/v1/deliveries/${id}`);
        return accept(body) ? body : undefined;
      },
      timeoutMs,
    );
  return {
    ...running,
    api,
    as: (key, headers) => new Api(running.url, key, headers),
    delivery,
    over: async (id, timeoutMs) =>
      delivery(
        id,
        ({ status }: Loose) => ['succeeded', 'failed', 'cancelled'].includes(status as string),
        timeoutMs,
      ),
    known: async (webhookId, accept) => {
      const { models, configurations } = running.ctx;
      const webhook = await models.webhooks.findById(webhookId).lean();
      if (!webhook) throw new Error(`no webhook ${webhookId}`);
      return waitFor(`what is published to know webhook ${webhookId}`, async () => {
        const found = await configurations.of([tenantOf(webhook)]);
        const routes = [...(found.get(environmentOwner(webhook))?.routes.values() ?? [])].flat();
        const known = routes.find((route) => route.webhook._id === webhookId)?.webhook;
        return known && accept(known) && known;
      });
    },
    async stop() {
      await running.ctx.connection.dropDatabase().catch(() => undefined);
      await running.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** How first attempts travel in this run of the tests, where its environment says so: `POSTRIDER_DISPATCH=workflow npm test`. */
export function dispatchOfRun(): Record<string, string> {
  const names = ['POSTRIDER_DISPATCH', 'POSTRIDER_GROUP_FROM'];
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}

/** The URI of a database on the run's MongoDB. */
export function databaseUri(name: string): string {
  const uri = new URL(process.env['TEST_MONGODB_URI'] ?? '');
  uri.pathname = `/${name}`;
  return uri.href;
}

/** Makes a namespace, and waits until the server knows it everywhere. */
export async function makeNamespace(address: string, namespace: string): Promise<void> {
  const connection = await Connection.connect({ address });
  try {
    await connection.workflowService.registerNamespace({
      namespace,
      workflowExecutionRetentionPeriod: { seconds: 86_400 as never },
    });
    await waitFor(`namespace ${namespace}`, async () => {
      try {
        await connection.workflowService.listWorkflowExecutions({ namespace, pageSize: 1 });
        return true;
      } catch {
        return false;
      }
    });
  } finally {
    await connection.close();
  }
}
