import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A process of the benchmark, asked and answering by messages. */
export class Child {
  readonly #process: ChildProcess;

  constructor(script: URL, args: readonly string[] = [], env: NodeJS.ProcessEnv = process.env) {
    this.#process = fork(fileURLToPath(script), args, { env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    // A benchmark that fails leaves none behind, which would take the next one's port.
    process.once('exit', () => this.#process.kill('SIGKILL'));
  }

  get pid(): number {
    const { pid } = this.#process;
    if (pid === undefined) throw new Error('the process did not start');
    return pid;
  }

  /** The next message that has this field. */
  async message<T>(field: string): Promise<T> {
    return new Promise((resolve, reject) => {
      const onExit = () => reject(new Error(`a process of the benchmark ended before it sent "${field}"`));
      const onMessage = (message: Record<string, unknown>) => {
        if (!(field in message)) return;
        this.#process.off('message', onMessage).off('exit', onExit);
        resolve(message[field] as T);
      };
      this.#process.on('message', onMessage).once('exit', onExit);
    });
  }

  send(message: object): void {
    this.#process.send(message);
  }

  /** Ends it in order (SIGTERM). */
  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#process.kill('SIGTERM');
    await ended;
  }
}
