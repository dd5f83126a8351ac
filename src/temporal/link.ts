import { WorkflowClient } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '../logging/logger.js';
import { registerSearchAttributes } from './search-attributes.js';

const reconnectMs = 1_000;

/** A part of Postrider needs Temporal now, and it cannot be reached. */
export class TemporalUnavailable extends Error {
  override name = 'TemporalUnavailable';
}

/** A connection and its client. They are the worker's too, so that workflows can start eagerly in this process. */
export interface TemporalConnection {
  readonly connection: NativeConnection;
  readonly client: WorkflowClient;
}

/**
 * The link to Temporal: it connects in the background and for as long as it takes, so that the API starts, and
 * events are accepted, while Temporal is away. Once connected, the SDK's core reconnects by itself.
 */
export class TemporalLink {
  readonly #address: string;
  readonly #namespace: string;
  readonly #logger: Logger;
  readonly #stopped = new AbortController();
  readonly #connected: Promise<TemporalConnection>;
  #current: TemporalConnection | undefined;

  constructor(address: string, namespace: string, logger: Logger) {
    this.#address = address;
    this.#namespace = namespace;
    this.#logger = logger;
    this.#connected = this.#connect();
    // Who needs the connection awaits it; a link that is closed first is nobody's error.
    this.#connected.catch(() => undefined);
  }

  get namespace(): string {
    return this.#namespace;
  }

  /** Resolves once connected; rejects when the link is closed before. */
  async connected(): Promise<TemporalConnection> {
    return this.#connected;
  }

  /** The connection, or a TemporalUnavailable at once. */
  get current(): TemporalConnection {
    if (!this.#current)
      throw new TemporalUnavailable(`Temporal at ${this.#address} has not been reached yet`);
    return this.#current;
  }

  /** Whether Temporal answers now. */
  async healthy(timeoutMs: number): Promise<boolean> {
    try {
      const { connection } = this.current;
      await connection.withDeadline(Date.now() + timeoutMs, async () =>
        connection.workflowService.describeNamespace({ namespace: this.#namespace }),
      );
      return true;
    } catch {
      return false;
    }
  }

  /** Stops trying to connect; a connection that is there stays. */
  giveUp(): void {
    this.#stopped.abort();
  }

  async close(): Promise<void> {
    this.giveUp();
    await this.#connected.catch(() => undefined);
    await this.#current?.connection.close();
  }

  async #connect(): Promise<TemporalConnection> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const connection = await NativeConnection.connect({ address: this.#address });
        await registerSearchAttributes(connection, this.#namespace);
        const client = new WorkflowClient({ connection, namespace: this.#namespace });
        this.#current = { connection, client };
        return this.#current;
      } catch (error) {
        this.#stopped.signal.throwIfAborted();
        this.#logger.warn(
          { err: error, address: this.#address, attempt },
          'Temporal cannot be reached; trying again',
        );
        await delay(reconnectMs, undefined, { signal: this.#stopped.signal });
      }
    }
  }
}
