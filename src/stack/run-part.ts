import { spawn } from 'node:child_process';
import { becomesReady } from './becomes-ready.js';
import { endWithUs, mayStay } from './end-with-us.js';
import { freePorts, portsOf } from './free-ports.js';
import { boundLog, logSince, logSize, tellingLines, withLog } from './log-file.js';
import type { Part } from './part.js';
import { endProcess, identityOf, isRunning, type ProcessIdentity } from './process-identity.js';
import { StackError } from './stack-error.js';
import type { StateFile } from './state-file.js';
import type { Report } from './tool.js';

/** Where a part runs, and who is told. */
export interface PartContext {
  state: StateFile;
  logPath: string;
  report: Report;
  signal?: AbortSignal | undefined;
}

/** A part that is ready for use. */
export interface RunningPart<Port extends string> {
  ports: Readonly<Record<Port, number>>;
  /** Ends it, whoever started it. */
  stop(): Promise<void>;
}

/** MongoDB writes a checkpoint as it ends, Temporal closes its database. */
const patienceMs = 20_000;
const portTries = 5;
const portTaken = /address already in use/i;

/**
 * Gives a part that runs: the one that an earlier start of ours left running, or a new one. `locate` finds the
 * binary, and is asked only when one is needed. Throws a `StackError` with what its log tells when it ends at once.
 */
export async function runPart<Port extends string>(
  part: Part<Port>,
  locate: () => Promise<string>,
  context: PartContext,
): Promise<RunningPart<Port>> {
  const left = await takeOver(part, context);
  if (left) return left;
  const binary = await locate();
  for (let tries = 1; ; tries += 1) {
    context.signal?.throwIfAborted();
    const started = await start(part, binary, context);
    if ('ports' in started) return started;
    if (tries < portTries && portTaken.test(started.log)) continue;
    const log = started.log
      ? `From its log (${context.logPath}):\n${tellingLines(started.log)}`
      : `Its log is empty: ${context.logPath}`;
    throw new StackError(`${part.name} could not start: ${started.why}\n${log}`);
  }
}

async function takeOver<Port extends string>(
  part: Part<Port>,
  context: PartContext,
): Promise<RunningPart<Port> | undefined> {
  const recorded = context.state.get(part.key);
  if (!recorded?.process || !isRunning(recorded.process)) return undefined;
  endWithUs(recorded.process);
  const ports = portsOf(part, recorded.ports);
  const { pid } = recorded.process;
  if (ports && (await becomesReady(part, ports, recorded.process, context)) === undefined) {
    context.report(`${part.name}: still runs from an earlier start (process ${pid}), taken over`);
    return running(part, ports, recorded.process, context);
  }
  context.report(`${part.name}: process ${pid} of an earlier start does not answer, ending it`);
  await end(part, recorded.process, context);
  return undefined;
}

/** Starts it on free ports; when it ends before it is ready, tells why and gives what it logged. */
async function start<Port extends string>(
  part: Part<Port>,
  binary: string,
  context: PartContext,
): Promise<RunningPart<Port> | { why: string; log: string }> {
  const { state, logPath, report } = context;
  const ports = await freePorts(part, state.get(part.key)?.ports ?? {});
  report(`${part.name}: starting on ${part.ports.map((name) => `port ${ports[name]} (${name})`).join(', ')}`);
  part.makeRoom();
  const from = logSize(logPath);
  const child = withLog(logPath, (log) =>
    // A group of its own, so that Ctrl-C in a terminal reaches us alone, and we end what we started in order.
    spawn(binary, part.args(ports), { detached: true, stdio: ['ignore', log, log], env: environment() }),
  );
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(`it ended with ${code ?? signal}`));
  });
  const identity = child.pid === undefined ? undefined : identityOf(child.pid);
  if (identity) {
    endWithUs(identity);
    state.set(part.key, { ports, process: identity });
  }
  child.unref();

  const why = identity && (await becomesReady(part, ports, identity, context));
  if (identity && why === undefined) {
    report(`${part.name}: ready (process ${identity.pid})`);
    return running(part, ports, identity, context, ended);
  }
  if (identity) await end(part, identity, context);
  context.signal?.throwIfAborted();
  // How it ended tells more than that it did; a process that we had to end has its own reason.
  return {
    why: child.exitCode === null && why !== undefined ? why : await ended,
    log: logSince(logPath, from),
  };
}

function running<Port extends string>(
  part: Part<Port>,
  ports: Record<Port, number>,
  identity: ProcessIdentity,
  context: PartContext,
  ended?: Promise<string>,
): RunningPart<Port> {
  const unbound = boundLog(context.logPath);
  let stopping = false;
  void ended?.then((why) => {
    if (!stopping) context.report(`${part.name}: ${why}, unasked. Its log: ${context.logPath}`);
  });
  return {
    ports,
    async stop() {
      stopping = true;
      unbound();
      await end(part, identity, context);
    },
  };
}

async function end(part: Part, identity: ProcessIdentity, { state }: PartContext): Promise<void> {
  await endProcess(identity, patienceMs);
  mayStay(identity);
  const ports = state.get(part.key)?.ports ?? {};
  state.set(part.key, { ports });
}

/** What a server needs of our environment: never the keys and secrets in it. */
function environment(): NodeJS.ProcessEnv {
  const names = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'TZ'];
  return Object.fromEntries(names.map((name) => [name, process.env[name]]));
}
