import {
  bundleWorkflowCode,
  GracefulShutdownPeriodExpiredError,
  IllegalStateError,
  Worker,
  type WorkflowBundleOption,
} from '@temporalio/worker';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { activitySlots, workflowTaskSlots } from '../admission/slots.js';
import { createActivities } from '../activities/index.js';
import type { Context } from '../context.js';
import { Sweep } from '../dispatch/sweep.js';
import { announceFailures } from '../operational-events/failed-deliveries.js';
import { publishAnnounced } from '../operational-events/publish-announced.js';
import { repeat, type Repeated } from './repeat.js';
import { sweepReplays } from '../replays/sweep.js';
import type { TemporalConnection } from '../temporal/link.js';
import { ensureSweepSchedule } from '../temporal/sweep-schedule.js';
import { retireEvents } from '../retention/retire-events.js';
import { rollUpStatistics } from '../statistics/roll-up.js';
import { taskQueue } from '../workflows/input.js';

/** Made by `npm run build`; without it (in tests) the bundle is made from the sources, in some seconds. */
const builtBundle = fileURLToPath(new URL('../workflow-bundle.js', import.meta.url));
const workflowSources = fileURLToPath(new URL('../workflows/index', import.meta.url));

/** How long what is in flight gets to end when a worker stops; what has not is repeated by another worker. */
const shutdownGrace = '10 seconds';
/** Then it is cut off: an attempt that still waits for its receiver is made again by another worker. */
const shutdownLimit = '15 seconds';

/**
 * A cached workflow keeps the whole bundle's modules, about 0.8 MB: with 1,000 of them, 10,000 deliveries that waited took
 * 1,129 MiB. One that is not cached is replayed when its attempt ends, from a history of some ten events.
 */
const cachedWorkflows = 100;

const sweepEveryMs = 2_000;
const retireEveryMs = 600_000;
/** A Temporal that has lost its data, or was away when this worker started, gets the schedule all the same. */
const scheduleEveryMs = 60_000;
/** Statistics are behind by so long. */
const rollUpEveryMs = 1_000;
/** Operational events are behind by so long. */
const announcedEveryMs = 1_000;

/** A worker that runs: it carries deliveries out and sweeps up what was left lying. */
export interface RunningWorker {
  /** Ends the worker when it has finished, or handed back, what is in flight. */
  stop(): Promise<void>;
  /** Rejects should the worker break; resolves after `stop`. */
  readonly ended: Promise<void>;
}

/** Starts a worker on a connection to Temporal. */
export async function startWorker(
  ctx: Context,
  { connection }: TemporalConnection,
  options: { bundle?: WorkflowBundleOption; namespace: string },
): Promise<RunningWorker> {
  const worker = await Worker.create({
    connection,
    namespace: options.namespace,
    taskQueue,
    workflowBundle: options.bundle ?? (await findBundle()),
    activities: createActivities(ctx),
    shutdownGraceTime: shutdownGrace,
    shutdownForceTime: shutdownLimit,
    maxConcurrentActivityTaskExecutions: activitySlots,
    maxConcurrentWorkflowTaskExecutions: workflowTaskSlots,
    maxCachedWorkflows: cachedWorkflows,
  });
  let isNewcomer = true;
  const chores = [
    repeat('sweep', sweepEveryMs, ctx.logger, async (signal) => new Sweep(ctx, signal).once()),
    repeat('replays', sweepEveryMs, ctx.logger, async (signal) => sweepReplays(ctx, signal)),
    repeat('statistics', rollUpEveryMs, ctx.logger, async (signal) =>
      rollUpStatistics(ctx, signal, async (marked) => announceFailures(ctx, marked)),
    ),
    repeat('operational events', announcedEveryMs, ctx.logger, async (signal) =>
      publishAnnounced(ctx, signal),
    ),
    repeat('schedule of the sweep', scheduleEveryMs, ctx.logger, async () => {
      await ensureSweepSchedule({ connection }, options.namespace, isNewcomer);
      isNewcomer = false;
    }),
    repeat('retention', retireEveryMs, ctx.logger, async (signal) => retireEvents(ctx, signal)),
  ];
  const ended = runAndStop(worker, chores);
  return {
    ended,
    async stop() {
      if (worker.getState() === 'RUNNING') worker.shutdown();
      await ended;
    },
  };
}

async function runAndStop(worker: Worker, chores: readonly Repeated[]): Promise<void> {
  try {
    await worker.run();
  } catch (error) {
    if (!isCutOff(error)) throw error;
  } finally {
    await Promise.all(chores.map(async (chore) => chore.stop()));
  }
}

/** A worker that is cut off has still something in use, which the SDK may say instead. */
function isCutOff(error: unknown): boolean {
  return error instanceof GracefulShutdownPeriodExpiredError || error instanceof IllegalStateError;
}

async function findBundle(): Promise<WorkflowBundleOption> {
  if (existsSync(builtBundle)) return { codePath: builtBundle };
  return bundleWorkflowCode({ workflowsPath: workflowSources });
}
