import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** A process that ended by itself is started again after so long, as whatever runs a program in production does. */
const restartMs = 500;

/** The built program as a process that is started again whenever it ends, until it is stopped. */
export class Supervised {
  readonly name: string;
  /** How often it ended without being killed here: it gave up where a part was away. */
  endedByItself = 0;
  readonly #args: readonly string[];
  readonly #env: Record<string, string>;
  readonly #log: number;
  #child: ChildProcess | undefined;
  #isHeld = true;
  #isStopped = false;
  readonly #running: Promise<void>;
  #wake: () => void = () => undefined;

  /** `main` is the built program; it writes to a file in `logDir`. */
  constructor(
    name: string,
    main: URL,
    args: readonly string[],
    env: Record<string, string>,
    logPath: string,
  ) {
    this.name = name;
    this.#args = [fileURLToPath(main), ...args];
    this.#env = env;
    this.#log = openSync(logPath, 'a');
    this.#running = this.#run();
    process.once('exit', () => this.#child?.kill('SIGKILL'));
    this.start();
  }

  async #run(): Promise<void> {
    for (;;) {
      while (this.#isHeld && !this.#isStopped)
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      if (this.#isStopped) return;
      const child = spawn(process.execPath, this.#args, {
        env: { PATH: process.env['PATH'] ?? '', ...this.#env },
        stdio: ['ignore', this.#log, this.#log],
      });
      this.#child = child;
      await once(child, 'exit');
      this.#child = undefined;
      if (this.#isHeld || this.#isStopped) continue;
      this.endedByItself += 1;
      await delay(restartMs);
    }
  }

  /** Starts it after a kill. */
  start(): void {
    this.#isHeld = false;
    this.#wake();
  }

  /** Kill -9: nothing in it gets to end. It stays away until `start`. */
  async kill(): Promise<void> {
    this.#isHeld = true;
    await this.#end('SIGKILL');
  }

  /** SIGTERM; resolves with its exit code once it has ended. It stays away until `start`. */
  async terminate(): Promise<number | null> {
    this.#isHeld = true;
    return this.#end('SIGTERM');
  }

  /** Ends it for good. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#wake();
    await this.#end('SIGKILL');
    await this.#running;
  }

  async #end(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return null;
    const ended = once(child, 'exit') as Promise<[number | null]>;
    child.kill(signal);
    const [code] = await ended;
    return code;
  }
}
