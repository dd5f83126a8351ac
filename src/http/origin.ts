import { allIsRead } from './all-is-read.js';
import { Connection } from './connection.js';
import { Turns } from './turns.js';
import type { Connector } from './egress.js';
import type { NotSent } from './exchange.js';
import type { TurnLimits } from './turns.js';

/**
 * A connection that was free for longer, in ms, may have been closed by its receiver, and a process that is behind not have heard of it: a
 * request over it would be lost, and be taken for an attempt that failed. One that goes from hand to hand is not looked at: that
 * takes two turns of the event loop, which are long where there is much to send.
 */
const surelyOpenMs = 10;

/** A connection that nobody uses. */
interface Free {
  readonly connection: Connection;
  readonly since: number;
}

/** The connections to one origin: those that are free are kept, and requests queue for the rest. */
export class Origin {
  readonly #origin: string;
  readonly #connect: Connector;
  readonly #keepAliveMs: number;
  readonly #turns: Turns;
  readonly #free: Free[] = [];

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
    const connection = (await this.#takeFree()) ?? this.#newConnection();
    let kept = false;
    try {
      const { result, keep } = await work(connection);
      kept = keep && connection.open;
      return result;
    } finally {
      if (kept) this.#free.push({ connection, since: performance.now() });
      else void connection.end();
      this.#turns.give();
    }
  }

  refuseWaiting(error: NotSent): void {
    this.#turns.refuseWaiting(error);
  }

  /** Ends the connections that are free. */
  async endFree(): Promise<void> {
    await Promise.all(this.#free.splice(0).map(async ({ connection }) => connection.end()));
  }

  /** The connection that was used last and is open. */
  async #takeFree(): Promise<Connection | undefined> {
    for (let free = this.#free.pop(); free; free = this.#free.pop()) {
      const { connection, since } = free;
      if (performance.now() - since > surelyOpenMs) await allIsRead();
      if (connection.open) return connection;
      void connection.end();
    }
    return undefined;
  }

  #newConnection(): Connection {
    const connection: Connection = new Connection(this.#origin, this.#connect, this.#keepAliveMs, () => {
      const index = this.#free.findIndex((free) => free.connection === connection);
      if (index < 0) return;
      this.#free.splice(index, 1);
      void connection.end();
    });
    return connection;
  }
}
