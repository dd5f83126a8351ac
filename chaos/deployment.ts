import { join } from 'node:path';
import { clearLockedPorts } from 'get-port';
import { KeyRing } from '../src/crypto/key-ring.js';
import { findTool } from '../src/stack/find-tool.js';
import { freePort } from '../src/stack/free-ports.js';
import { mongod } from '../src/stack/mongod.js';
import { mongodbPart } from '../src/stack/mongodb-part.js';
import type { Part } from '../src/stack/part.js';
import { runPart, type RunningPart } from '../src/stack/run-part.js';
import { StateFile, type PartKey } from '../src/stack/state-file.js';
import { temporalCli } from '../src/stack/temporal-cli.js';
import { temporalPart } from '../src/stack/temporal-part.js';
import type { Tool } from '../src/stack/tool.js';
import { isRunning } from '../src/stack/process-identity.js';
import { TcpProxy } from '../test/support/tcp-proxy.js';
import { waitFor } from '../test/support/wait.js';
import { Supervised } from './supervised.js';

const startMs = 120_000;
export const apiKey = 'key-of-the-chaos-suite-0123456789abcdef';

/** How a deployment is made. */
export interface DeploymentOptions {
  dataDir: string;
  cacheDir: string;
  /** Where the built program is. */
  main: URL;
  apis: number;
  workers: number;
  dispatch: 'auto' | 'workflow';
  /** Binaries that are given, by the names of the settings. */
  paths?: { TEMPORAL_CLI_PATH?: string | undefined; MONGOD_PATH?: string | undefined };
}

function report(): void {
  // The parts' words are in their logs.
}

/** A server that can be killed, and started again with the data that it had. */
class Server {
  readonly #start: () => Promise<RunningPart<string>>;
  readonly #pid: () => number | undefined;
  #running: RunningPart<string>;

  private constructor(
    start: () => Promise<RunningPart<string>>,
    pid: () => number | undefined,
    running: RunningPart<string>,
  ) {
    this.#start = start;
    this.#pid = pid;
    this.#running = running;
  }

  static async start(
    part: Part,
    tool: Tool,
    state: StateFile,
    options: DeploymentOptions,
    path: string | undefined,
  ): Promise<Server> {
    const locate = async () => findTool(tool, { path, cacheDir: options.cacheDir, report });
    const logPath = join(options.dataDir, 'logs', `${part.key}.log`);
    const start = async () => runPart(part, locate, { state, logPath, report });
    return new Server(start, () => pidOf(state, part.key), await start());
  }

  port(name: string): number {
    return Number(this.#running.ports[name]);
  }

  async kill(): Promise<void> {
    const pid = this.#pid();
    if (pid === undefined) return;
    process.kill(pid, 'SIGKILL');
    await waitFor('the end of a server', () => this.#pid() === undefined);
  }

  /** It takes the ports of last time where they are free. */
  async restart(): Promise<void> {
    clearLockedPorts();
    this.#running = await this.#start();
  }

  async stop(): Promise<void> {
    await this.#running.stop();
  }
}

function pidOf(state: StateFile, key: PartKey): number | undefined {
  const recorded = state.get(key)?.process;
  return recorded && isRunning(recorded) ? recorded.pid : undefined;
}

/** The way of one role to the servers, which can be cut. */
export interface Links {
  mongodb: TcpProxy;
  temporal: TcpProxy;
}

/** API and worker processes of the built program, with a MongoDB and a Temporal of their own behind proxies. */
export class Deployment {
  readonly mongodb: Server;
  readonly temporal: Server;
  readonly links: Record<'api' | 'worker', Links>;
  readonly apis: Supervised[];
  readonly workers: Supervised[];
  readonly urls: string[];

  private constructor(
    servers: { mongodb: Server; temporal: Server },
    links: Deployment['links'],
    processes: { apis: Supervised[]; workers: Supervised[]; urls: string[] },
  ) {
    this.mongodb = servers.mongodb;
    this.temporal = servers.temporal;
    this.links = links;
    this.apis = processes.apis;
    this.workers = processes.workers;
    this.urls = processes.urls;
  }

  /** Starts a server that was killed, and leads the links to where it is now. */
  async restart(name: keyof Links): Promise<void> {
    await this[name].restart();
    const port = this[name].port(name === 'mongodb' ? 'mongod' : 'grpc');
    for (const links of Object.values(this.links)) links[name].aim(port);
  }

  static async start(options: DeploymentOptions): Promise<Deployment> {
    const { dataDir, main, dispatch, paths = {} } = options;
    const state = new StateFile(join(dataDir, 'stack.json'));
    const [mongodb, temporal] = await Promise.all([
      Server.start(mongodbPart(dataDir), mongod, state, options, paths.MONGOD_PATH),
      Server.start(temporalPart(dataDir, 'default'), temporalCli, state, options, paths.TEMPORAL_CLI_PATH),
    ]);
    const link = async (): Promise<Links> => ({
      mongodb: await TcpProxy.start(`127.0.0.1:${mongodb.port('mongod')}`),
      temporal: await TcpProxy.start(`127.0.0.1:${temporal.port('grpc')}`),
    });
    const links = { api: await link(), worker: await link() };
    const shared = {
      POSTRIDER_ROOT_KEY: `root-${apiKey}`,
      POSTRIDER_SANDBOX_KEY: apiKey,
      POSTRIDER_PRODUCTION_KEY: `production-${apiKey}`,
      POSTRIDER_ENCRYPTION_KEYS: KeyRing.generate('chaos'),
      POSTRIDER_EGRESS_ALLOW: '127.0.0.0/8',
      POSTRIDER_DATA_DIR: dataDir,
      POSTRIDER_DISPATCH: dispatch,
      POSTRIDER_LOG_LEVEL: 'warn',
    };
    const run = (role: 'api' | 'worker', index: number, port: number): Supervised => {
      const name = `${role} ${index + 1}`;
      const env = {
        ...shared,
        POSTRIDER_PORT: String(port),
        TEMPORAL_ADDRESS: links[role].temporal.address,
        // Directly, else the driver would find its way around the proxy.
        MONGODB_URI: `mongodb://${links[role].mongodb.address}/postrider?directConnection=true`,
      };
      return new Supervised(name, main, ['--role', role], env, join(dataDir, 'logs', `${name}.log`));
    };
    const ports: number[] = [];
    // They come back to them after a kill.
    while (ports.length < options.apis) ports.push(await freePort());
    const deployment = new Deployment({ mongodb, temporal }, links, {
      apis: ports.map((port, index) => run('api', index, port)),
      workers: Array.from({ length: options.workers }, (_, index) => run('worker', index, 0)),
      urls: ports.map((port) => `http://127.0.0.1:${port}`),
    });
    try {
      for (const url of deployment.urls) {
        await waitFor('an API', async () => isOk(`${url}/readyz`), startMs);
      }
    } catch (error) {
      await deployment.stop();
      throw error;
    }
    return deployment;
  }

  async stop(): Promise<void> {
    await Promise.all([...this.apis, ...this.workers].map(async (each) => each.stop()));
    for (const { mongodb, temporal } of Object.values(this.links)) {
      await mongodb.cut();
      await temporal.cut();
    }
    await this.temporal.stop();
    await this.mongodb.stop();
  }
}

async function isOk(url: string): Promise<boolean> {
  return fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );
}
