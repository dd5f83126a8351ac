import { access, constants, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findTool } from '../../src/stack/find-tool.js';
import { runCommand } from '../../src/stack/run-command.js';
import { downloadWithSdk } from '../../src/stack/sdk-download.js';
import { defaultCacheDir } from '../../src/stack/stack.js';
import type { Download, Tool } from '../../src/stack/tool.js';

const command = 'temporal-test-server';

/** Of Temporal's SDK for Java, which the test server belongs to. */
const version = '1.39.0';
const directory = `${command}-${version}`;

const fromVendor: Download = {
  name: "the vendor's download (temporal.download)",
  directory,
  fetch: (request) => downloadWithSdk('createTimeSkipping', version, command, request),
};

const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>postrider</groupId>
  <artifactId>test-server</artifactId>
  <version>${version}</version>
  <dependencies>
    <dependency>
      <groupId>io.temporal</groupId>
      <artifactId>temporal-test-server</artifactId>
      <version>${version}</version>
    </dependency>
  </dependencies>
</project>
`;

const launcher = `#!/bin/sh
exec java -cp "$(dirname "$0")/jars/*" io.temporal.testserver.TestServer "$@"
`;

const fromMaven: Download = {
  name: `Maven (io.temporal:${command}:${version})`,
  directory,
  async fetch({ into, scratch, progress, signal }) {
    await writeFile(join(scratch, 'pom.xml'), pom);
    const goal = [
      'dependency:copy-dependencies',
      '-DincludeScope=runtime',
      `-DoutputDirectory=${join(into, 'jars')}`,
    ];
    await runCommand({
      command: 'mvn',
      args: ['-B', '-q', ...goal],
      cwd: scratch,
      limitMs: 900_000,
      progress,
      signal,
    });
    await writeFile(join(into, command), launcher);
  },
};

const testServer: Tool = {
  name: 'Temporal test server',
  command,
  setting: 'TEMPORAL_TEST_SERVER_PATH',
  async check(path) {
    // It has no --version: what is in the cache is whole, which is all that can be seen without starting it.
    await access(path, constants.X_OK);
    return version;
  },
  downloads: [fromVendor, fromMaven],
  advice: 'Install Java and Maven, or set TEMPORAL_TEST_SERVER_PATH to the binary.',
};

/**
 * The path of Temporal's time-skipping test server, for `TestWorkflowEnvironment.createTimeSkipping`:
 * `{ server: { executable: { type: 'existing-path', path } } }`. Kept in the cache that the stack uses.
 */
export function findTestServer(): Promise<string> {
  const cacheDir = process.env['POSTRIDER_CACHE_DIR'] || defaultCacheDir();
  return findTool(testServer, { cacheDir, path: process.env[testServer.setting], report: () => {} });
}
