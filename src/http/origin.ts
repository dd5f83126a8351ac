import { Connection } from './connection.js';
import { Turns } from './turns.js';
import type { Connector } from './egress.js';
import type { NotSent } from './exchange.js';
import type { TurnLimits } from './turns.js';

/**
 * Resolves once what has come meanwhile was read. A receiver may have closed a connection that was kept, and a process that is
 * behind not have heard of it: a request over it would be lost, and be taken for an attempt that failed.
 */
async function allIsRead(): Promise<void> {
  // The event loop reads between any two rounds of these.
  await new Promise(setImmediate);
  await new Promise(setImmediate);
}

/** The connections to one origin: those that are free are kept, and requests queue for the rest. */
export class Origin {
  readonly #origin: string;
  readonly #connect: Connector;
  readonly #keepAliveMs: number;
  readonly #turns: Turns;
  readonly #free: Connection[] = [];

  constructor(origin: string, connect: Connector, keepAliveMs: number, limits: TurnLimits) {
    this.#origin = origin;
    this.#connect = connect;
    this.#keepAliveMs = keepAliveMs;
    this.#turns = new Turns(limits);
  }

  get idle(): boolean {
    return this.#turns.idle;
  }

  /**
   * Waits for a turn and does `work` on a connection that nobody else uses meanwhile. The connection is
   * kept where `work` says so; a failure of the work ends it. Rejects with `NotSent` where no turn came.
   */
  async use<T>(work: (connection: Connection) => Promise<{ result: T; keep: boolean }>): Promise<T> {
    await this.#turns.take();
    if (this.#free.length > 0) await allIsRead();
    const connection = this.#free.pop() ?? this.#newConnection();
    let kept = false;
    try {
      const { result, keep } = await work(connection);
      kept = keep && connection.open;
      return result;
    } finally {
      if (kept) this.#free.push(connection);
      else void connection.end();
      this.#turns.give();
    }
  }

  refuseWaiting(error: NotSent): void {
    this.#turns.refuseWaiting(error);
  }

  /** Ends the connections that are free. */
  async endFree(): Promise<void> {
    await Promise.all(this.#free.splice(0).map(async (connection) => connection.end()));
  }

  #newConnection(): Connection {
    const connection: Connection = new Connection(this.#origin, this.#connect, this.#keepAliveMs, () => {
      const index = this.#free.indexOf(connection);
      if (index < 0) return;
      this.#free.splice(index, 1);
      void connection.end();
    });
    return connection;
  }
}
