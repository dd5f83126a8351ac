import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { KeyRing } from '../../src/crypto/key-ring.js';
import { databaseUri, dispatchOfRun, productionKey, rootKey, sandboxKey } from '../support/postrider.js';

const program = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const encryptionKeys = KeyRing.generate('tests');

/** Settings that processes of one deployment share, with a namespace and a database of this name. */
export function deployment(name: string, overrides: Record<string, string> = {}): Record<string, string> {
  return {
    TEMPORAL_ADDRESS: process.env['TEST_TEMPORAL_ADDRESS'] ?? '',
    TEMPORAL_NAMESPACE: name,
    MONGODB_URI: databaseUri(name),
    POSTRIDER_ROOT_KEY: rootKey,
    POSTRIDER_SANDBOX_KEY: sandboxKey,
    POSTRIDER_PRODUCTION_KEY: productionKey,
    POSTRIDER_ENCRYPTION_KEYS: encryptionKeys,
    POSTRIDER_EGRESS_ALLOW: '127.0.0.0/8',
    POSTRIDER_RETRY_SCHEDULE: '1s,1s,1s',
    ...dispatchOfRun(),
    POSTRIDER_DATA_DIR: join(tmpdir(), name),
    ...overrides,
  };
}

/** A name that no other test has. */
export function newName(): string {
  return `durable-${process.pid}-${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 8)}`;
}

/** Postrider in a process of its own, which can be killed. */
export class Program {
  readonly #child: ChildProcess;

  constructor(role: 'all' | 'api' | 'worker', env: Record<string, string>) {
    this.#child = spawn(process.execPath, [program, '--role', role], {
      env: { PATH: process.env['PATH'] ?? '', POSTRIDER_PORT: '0', POSTRIDER_LOG_LEVEL: 'error', ...env },
      stdio: 'ignore',
    });
  }

  /** Kill -9: nothing in it gets to end. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Tells it to stop, which lets what is in flight end. */
  async stop(): Promise<void> {
    await this.#end('SIGTERM');
  }

  async #end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill(signal);
    await ended;
  }
}
