import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultCacheDir, startStack } from '../../dist/stack/stack.js';

/**
 * One Temporal and one MongoDB for the whole run, on ports of their own, with data that goes with the run. Each test
 * file has a namespace and a database of its own in them (see `test/support/postrider.ts`).
 */
export default async function globalSetup() {
  const dataDir = await mkdtemp(join(tmpdir(), 'postrider-test-'));
  const stack = await startStack({
    dataDir,
    cacheDir: process.env['POSTRIDER_CACHE_DIR'] || defaultCacheDir(),
    ...(process.env['TEMPORAL_CLI_PATH'] ? { temporalCliPath: process.env['TEMPORAL_CLI_PATH'] } : {}),
    ...(process.env['MONGOD_PATH'] ? { mongodPath: process.env['MONGOD_PATH'] } : {}),
    report: (line) => process.stderr.write(`${line}\n`),
  });
  process.env['TEST_TEMPORAL_ADDRESS'] = stack.temporalAddress;
  process.env['TEST_MONGODB_URI'] = stack.mongodbUri;
  globalThis.__postriderTest = { stack, dataDir };
  // A run that is interrupted has no teardown: what was started ends with this process all the same, once that exits.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));
}
