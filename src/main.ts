import './heap.js';
import { readCommandLine } from './cli/command.js';
import { runKeyCommand } from './cli/encryption-keys.js';
import { onStopSignals } from './cli/stop-signals.js';
import { welcome } from './cli/welcome.js';
import { buildConfig } from './config/config.js';
import { ConfigError, readEnvironment } from './config/environment.js';
import { RotationRefused } from './key-rotation/reencrypt.js';
import { createLogger } from './logging/logger.js';
import { startPostrider } from './postrider.js';
import { StackError } from './stack/stack.js';
import { installRuntime } from './temporal/runtime.js';

const stopping = new AbortController();
const stopAtOnce = (): never => process.exit(1);
/** Once all has stopped, a process that has not ended by itself is ended after so long, in ms. */
const lingerMs = 2_000;

async function main(): Promise<void> {
  const { command, environment } = readCommandLine(process.argv.slice(2), process.env);
  const config = buildConfig(readEnvironment(environment));
  if (command !== 'start') {
    onStopSignals(stopAtOnce, stopAtOnce);
    process.exitCode = await runKeyCommand(command, config, (line) => console.log(line));
    return;
  }
  installRuntime(createLogger(config.logLevel));
  onStopSignals(() => stopping.abort(), stopAtOnce);
  const postrider = await startPostrider(config, {
    report: (line) => console.log(line),
    signal: stopping.signal,
  });
  try {
    console.log(welcome(postrider));
    const signalled = new Promise((resolve) => stopping.signal.addEventListener('abort', resolve));
    if (!stopping.signal.aborted) await Promise.race([signalled, postrider.ended]);
  } finally {
    console.log('Stopping…');
    await postrider.stop();
    // A worker that was cut off in the middle of workflow tasks can leave a thread of Temporal's SDK, which would keep this process for ever.
    setTimeout(() => process.exit(), lingerMs).unref();
  }
}

main().catch((error: unknown) => {
  if (stopping.signal.aborted) return;
  const clear =
    error instanceof ConfigError || error instanceof StackError || error instanceof RotationRefused;
  console.error(clear ? `\n${error.message}` : error);
  process.exitCode = 1;
});
