import { join, resolve } from 'node:path';
import { findTool } from './find-tool.js';
import { tryLock, type Lock } from './lock.js';
import { mongod } from './mongod.js';
import { mongodbPart, mongodbUri } from './mongodb-part.js';
import type { Part } from './part.js';
import { runPart, type RunningPart } from './run-part.js';
import { StackError } from './stack-error.js';
import { StateFile } from './state-file.js';
import { temporalCli } from './temporal-cli.js';
import { temporalPart } from './temporal-part.js';
import type { Report, Tool } from './tool.js';
import { usableDirectory } from './usable-directory.js';

export { defaultCacheDir } from './cache-dir.js';
export { StackError } from './stack-error.js';

export interface StackOptions {
  /** Where the parts keep their data, logs and state, such as `.postrider`. One stack at a time uses it. */
  dataDir: string;
  /** Where what was built or downloaded is kept; see `defaultCacheDir`. Any number of stacks share it. */
  cacheDir: string;
  /** `host:port` of a Temporal that runs: it is used, and none is started. */
  temporalAddress?: string;
  /** The namespace that Temporal must have; `default` by default. Made only in a Temporal that is started here. */
  temporalNamespace?: string;
  /** A MongoDB replica set that runs: it is used, and none is started. */
  mongodbUri?: string;
  /** The Temporal CLI's binary (`TEMPORAL_CLI_PATH`). */
  temporalCliPath?: string;
  /** mongod's binary (`MONGOD_PATH`). */
  mongodPath?: string;
  /** Each step says what it does and how far it is. */
  report: Report;
  /** Calls the start off: it ends what it has started, and rejects. */
  signal?: AbortSignal;
}

/** The parts that the program needs, ready for use. */
export interface Stack {
  /** `host:port` */
  temporalAddress: string;
  /** Where Temporal's UI is; unknown for a Temporal that was given. */
  temporalUiUrl?: string;
  /** With the database's name in its path. */
  mongodbUri: string;
  /** Ends what was started or taken over, Temporal first, and nothing else. Does so once, however often it is called. */
  stop(): Promise<void>;
}

/**
 * Starts what is needed and not given: Temporal and MongoDB, on free ports of 127.0.0.1, their data in `dataDir`.
 * What an earlier start left running there, because it was killed, is taken over. Throws a `StackError` that says
 * what to do when a part cannot be had or started, or when another process has started a stack in `dataDir`.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { temporalAddress, mongodbUri: givenUri } = options;
  if (temporalAddress) options.report(`Temporal: using ${temporalAddress}`);
  if (givenUri) options.report('MongoDB: using the address that is given');
  if (temporalAddress && givenUri)
    return { temporalAddress, mongodbUri: givenUri, stop: () => Promise.resolve() };

  const dataDir = resolve(options.dataDir);
  await usableDirectory(dataDir, 'POSTRIDER_DATA_DIR');
  const lock = lockDirectory(dataDir);
  const state = new StateFile(join(dataDir, 'stack.json'));
  const run = <Port extends string>(
    part: Part<Port>,
    tool: Tool,
    path?: string,
  ): Promise<RunningPart<Port>> => {
    const { cacheDir, report, signal } = options;
    const search = { path, cacheDir: resolve(cacheDir), report, ...(signal ? { signal } : {}) };
    const logPath = join(dataDir, 'logs', `${part.key}.log`);
    return runPart(part, () => findTool(tool, search), { state, logPath, report, signal });
  };
  const namespace = options.temporalNamespace ?? 'default';
  const [temporal, mongodb] = await Promise.allSettled([
    temporalAddress ? undefined : run(temporalPart(dataDir, namespace), temporalCli, options.temporalCliPath),
    givenUri ? undefined : run(mongodbPart(dataDir), mongod, options.mongodPath),
  ]);
  const stop = stopOnce(lock, [temporal, mongodb]);
  if (temporal.status === 'rejected' || mongodb.status === 'rejected') {
    await stop();
    throw failureOf([temporal, mongodb]);
  }
  const ports = { ...temporal.value?.ports, ...mongodb.value?.ports };
  return {
    temporalAddress: temporalAddress ?? `127.0.0.1:${ports.grpc}`,
    ...(ports.ui === undefined ? {} : { temporalUiUrl: `http://127.0.0.1:${ports.ui}` }),
    mongodbUri: givenUri ?? mongodbUri(Number(ports.mongod)),
    stop,
  };
}

type Outcome = PromiseSettledResult<RunningPart<string> | undefined>;

function stopOnce(lock: Lock, outcomes: readonly Outcome[]): () => Promise<void> {
  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    for (const outcome of outcomes) {
      if (outcome.status === 'fulfilled') await outcome.value?.stop();
    }
    lock.release();
  };
  return () => (stopped ??= stop());
}

/** What can be removed by the operator, all of it at once; otherwise the first failure as it is. */
function failureOf(outcomes: readonly Outcome[]): unknown {
  const failures = outcomes.flatMap((outcome) =>
    outcome.status === 'rejected' ? [outcome.reason as unknown] : [],
  );
  const removable = failures.filter((failure) => failure instanceof StackError);
  if (removable.length < 2)
    return failures.find((failure) => !(failure instanceof StackError)) ?? failures[0];
  return new StackError(removable.map(({ message }) => message).join('\n\n'), { cause: removable });
}

function lockDirectory(dataDir: string): Lock {
  const lock = tryLock(join(dataDir, 'stack.lock'));
  if (!('heldBy' in lock)) return lock;
  const { pid } = lock.heldBy;
  throw new StackError(
    `${dataDir} is in use by process ${pid}, which was started first. End that one, or give this one a directory of its own ` +
      '(POSTRIDER_DATA_DIR).',
  );
}
