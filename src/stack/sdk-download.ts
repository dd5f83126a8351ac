import { readdir, rename } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { runCommand } from './run-command.js';
import type { DownloadRequest } from './tool.js';

const { resolve } = createRequire(import.meta.url);

/**
 * The SDK downloads a server when it makes a test environment. In a process of its own, because that download
 * cannot be ended from outside, and the SDK's runtime can be set up only once in a process.
 */
const script = `
  const [testing, make, downloadDir, version] = process.argv.slice(1);
  const { TestWorkflowEnvironment } = require(testing);
  const executable = { type: 'cached-download', downloadDir, version };
  TestWorkflowEnvironment[make]({ server: { executable } })
    .then((environment) => environment.teardown())
    .catch((error) => process.exit(process.stderr.write(error.message) && 1));
`;

/**
 * Downloads what `TestWorkflowEnvironment.createLocal` (the Temporal CLI) or `createTimeSkipping` (the test server)
 * runs, from temporal.download, as the file `command`. `version` is a release, such as `1.5.1`.
 */
export async function downloadWithSdk(
  make: 'createLocal' | 'createTimeSkipping',
  version: string,
  command: string,
  { into, scratch, progress, signal }: DownloadRequest,
): Promise<void> {
  const args = ['-e', script, resolve('@temporalio/testing'), make, scratch, `v${version}`];
  const growing = { directory: scratch, limitMs: 20_000 };
  await runCommand({ command: process.execPath, args, limitMs: 900_000, growing, progress, signal });
  const [binary] = await readdir(scratch);
  if (binary === undefined) throw new Error('the SDK downloaded nothing');
  await rename(join(scratch, binary), join(into, command));
}
