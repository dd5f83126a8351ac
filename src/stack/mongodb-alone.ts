import { join, resolve } from 'node:path';
import { findTool } from './find-tool.js';
import { tryLock } from './lock.js';
import { mongod } from './mongod.js';
import { mongodbPart, mongodbUri } from './mongodb-part.js';
import { runPart } from './run-part.js';
import type { StackOptions } from './stack.js';
import { StackError } from './stack-error.js';
import { StateFile } from './state-file.js';
import { usableDirectory } from './usable-directory.js';

/** A MongoDB to work with, until it is let go of. */
export interface MongodbAlone {
  uri: string;
  /** Ends it where it was started for this. */
  letGo(): Promise<void>;
}

/**
 * The MongoDB of a data directory without the rest of its stack: that of the stack that runs there, else one that is
 * started. Throws a `StackError` where it cannot be had.
 */
export async function mongodbAlone(
  options: Pick<StackOptions, 'dataDir' | 'cacheDir' | 'mongodPath' | 'report' | 'signal'>,
): Promise<MongodbAlone> {
  const { report, signal } = options;
  const dataDir = resolve(options.dataDir);
  await usableDirectory(dataDir, 'POSTRIDER_DATA_DIR');
  const lock = tryLock(join(dataDir, 'stack.lock'));
  const state = new StateFile(join(dataDir, 'stack.json'));
  if ('heldBy' in lock) {
    const port = state.get('mongodb')?.ports['mongod'];
    if (port === undefined) {
      throw new StackError(
        `Process ${lock.heldBy.pid} has begun to start a stack in ${dataDir}: try again once it is ready.`,
      );
    }
    return { uri: mongodbUri(port), letGo: () => Promise.resolve() };
  }
  try {
    const search = { path: options.mongodPath, cacheDir: resolve(options.cacheDir), report };
    const part = await runPart(
      mongodbPart(dataDir),
      () => findTool(mongod, { ...search, ...(signal ? { signal } : {}) }),
      { state, logPath: join(dataDir, 'logs', 'mongodb.log'), report, signal },
    );
    return {
      uri: mongodbUri(part.ports.mongod),
      async letGo() {
        await part.stop();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}
