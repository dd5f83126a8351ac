import { setTimeout as delay } from 'node:timers/promises';
import type { Deployment } from './deployment.js';
import type { Random } from './random.js';
import type { Subscribers } from './subscribers.js';

/** What happened, and from when until when (ms since the epoch). */
export interface Happened {
  kind: DisasterKind;
  from: number;
  to: number;
}

export const disasterKinds = [
  'API killed',
  'worker killed',
  'Temporal killed',
  'mongod killed',
  'MongoDB cut off',
  'Temporal cut off',
  'token endpoint broken',
] as const;
export type DisasterKind = (typeof disasterKinds)[number];

/** How long each lasts and how far they are apart, in ms: from until below. */
export interface Pace {
  lasts: readonly [number, number];
  apart: readonly [number, number];
  /** Rounds at most. */
  rounds: number;
}

/** Has disasters happen, each kind once in each round and in an order that the seed decides, until it is told to stop. */
export class Disasters {
  readonly happened: Happened[] = [];
  readonly #deployment: Deployment;
  readonly #subscribers: Subscribers;
  readonly #random: Random;
  readonly #pace: Pace;
  /** Those that the next ones do not wait for. */
  readonly #alongside: Promise<void>[] = [];
  #isOver = false;

  constructor(deployment: Deployment, subscribers: Subscribers, random: Random, pace: Pace) {
    this.#deployment = deployment;
    this.#subscribers = subscribers;
    this.#random = random;
    this.#pace = pace;
  }

  /** No round begins after this; the one under way ends, and everything is mended. */
  end(): void {
    this.#isOver = true;
  }

  /** Resolves once they are over, and everything is mended. At least one round is done. */
  async run(): Promise<void> {
    for (let round = 0; round === 0 || (round < this.#pace.rounds && !this.#isOver); round += 1) {
      for (const kind of this.#random.shuffled(disasterKinds)) {
        await delay(this.#random.between(...this.#pace.apart));
        // One time in three the next one happens while this one lasts.
        const happening = this.#happen(kind);
        const isAlone = this.#random.chance(2 / 3);
        if (isAlone) await happening;
        else this.#alongside.push(happening);
      }
      await Promise.all(this.#alongside.splice(0));
    }
  }

  async #happen(kind: DisasterKind): Promise<void> {
    const from = Date.now();
    const lastsMs = this.#random.between(...this.#pace.lasts);
    const mend = await this.#begin(kind);
    await delay(lastsMs);
    await mend();
    this.happened.push({ kind, from, to: Date.now() });
  }

  async #begin(kind: DisasterKind): Promise<() => Promise<void> | void> {
    const { apis, workers, links } = this.#deployment;
    switch (kind) {
      case 'API killed':
      case 'worker killed': {
        const victim = this.#random.pick((kind === 'API killed' ? apis : workers) as [(typeof apis)[0]]);
        await victim.kill();
        return () => victim.start();
      }
      case 'Temporal killed':
      case 'mongod killed': {
        const name = kind === 'mongod killed' ? 'mongodb' : 'temporal';
        await this.#deployment[name].kill();
        return async () => this.#deployment.restart(name);
      }
      case 'MongoDB cut off':
      case 'Temporal cut off': {
        const link = links[this.#random.pick(['api', 'worker'] as const)];
        const proxy = kind === 'MongoDB cut off' ? link.mongodb : link.temporal;
        await proxy.cut();
        return async () => proxy.mend();
      }
      case 'token endpoint broken':
        this.#subscribers.oauth.broken = 500;
        // Tokens that were fetched are good no more: each delivery has to ask.
        this.#subscribers.oauth.issued.push('revoked');
        return () => {
          this.#subscribers.oauth.broken = undefined;
        };
    }
  }
}
