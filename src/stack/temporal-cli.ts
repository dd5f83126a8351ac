import { runCommand } from './run-command.js';
import { downloadWithSdk } from './sdk-download.js';
import type { Download, Tool } from './tool.js';
import { isAtLeast, oldest, versions } from './versions.js';

const directory = `temporal-${versions.temporalCli}`;
const checkLimitMs = 30_000;
const goModule = 'github.com/temporalio/cli/cmd/temporal';

const fromVendor: Download = {
  name: "the vendor's download (temporal.download)",
  directory,
  fetch: (request) => downloadWithSdk('createLocal', versions.temporalCli, 'temporal', request),
};

const fromGo: Download = {
  name: 'the Go module proxy (go install, about 5 minutes)',
  directory,
  async fetch({ into, progress, signal }) {
    const args = ['install', `${goModule}@v${versions.temporalCli}`];
    await runCommand({ command: 'go', args, env: { GOBIN: into }, limitMs: 3_600_000, progress, signal });
  },
};

/** Temporal's command line tool, which contains its development server and UI. */
export const temporalCli: Tool = {
  name: 'Temporal',
  command: 'temporal',
  setting: 'TEMPORAL_CLI_PATH',
  async check(path) {
    const text = await runCommand({ command: path, args: ['--version'], limitMs: checkLimitMs });
    const server = /\(Server ([\d.]+)/.exec(text)?.[1];
    if (server === undefined)
      throw new Error(`does not answer --version as the Temporal CLI does: ${text.slice(0, 80)}`);
    if (!isAtLeast(server, oldest.temporalServer)) {
      throw new Error(`its server is ${server}, and ${oldest.temporalServer} is the oldest that will do`);
    }
    return `server ${server}`;
  },
  downloads: [fromVendor, fromGo],
  advice:
    'Install the Temporal CLI (https://docs.temporal.io/cli) so that `temporal` is on PATH, or Go (https://go.dev/dl) to ' +
    'have it built here; or set TEMPORAL_CLI_PATH to the binary, or TEMPORAL_ADDRESS to a server that runs.',
};
