import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** A worker in a process of its own, which can be killed. */
export class WorkerProcess {
  readonly #child: ChildProcess;

  /** Starts it with these settings; `POSTRIDER_ROLE` is `worker`. */
  constructor(env: Record<string, string>) {
    this.#child = spawn(process.execPath, [program], {
      env: {
        PATH: process.env['PATH'] ?? '',
        ...env,
        POSTRIDER_ROLE: 'worker',
        POSTRIDER_LOG_LEVEL: 'error',
      },
      stdio: 'ignore',
    });
  }

  /** Ends it with -9: nothing in it gets to end. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
  }
}
