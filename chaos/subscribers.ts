import type { ServerResponse } from 'node:http';
import { OAuthServer } from '../test/support/oauth-server.js';
import { Receiver, type Arrival } from '../test/support/receiver.js';
import type { Client } from './client.js';
import type { Random } from './random.js';

/** One request in so many fails. */
const failsOneIn = 5;
const retrySchedule = ['1s', '1s', '2s', '2s', '3s', '3s', '5s', '5s', '5s', '10s', '10s', '10s'];
const client = { clientId: 'postrider', clientSecret: 'the secret of the chaos suite' };

/** A request that was answered, and how. */
export interface Reception {
  at: number;
  /** How many there were before it. */
  place: number;
  attempt: number;
  body: string;
  succeeded: boolean;
}

/** The data of an event, from which it follows who is to get it. */
export interface Load {
  number: number;
  /** Whether it goes to one more than the webhook that gets everything, and to which. */
  kind: 'plain' | 'secret' | 'held' | 'ordered';
  /** What the ordered one is ordered by. */
  key: string;
}

/**
 * Those who subscribe: one to everything, and by a filter one behind OAuth, one that is paused until it is resumed, and one
 * that is ordered. They are real HTTP servers on loopback, and fail one time in five.
 */
export class Subscribers {
  readonly webhookIds = new Map<Load['kind'], string>();
  readonly oauth: OAuthServer;
  /** What arrived, by the delivery. */
  readonly receptions = new Map<string, Reception[]>();
  readonly #receiver: Receiver;
  readonly #random: Random;
  #received = 0;

  private constructor(receiver: Receiver, oauth: OAuthServer, random: Random) {
    this.#receiver = receiver;
    this.oauth = oauth;
    this.#random = random;
  }

  static async start(random: Random): Promise<Subscribers> {
    const [receiver, oauth] = await Promise.all([Receiver.start(), OAuthServer.start(client)]);
    const subscribers = new Subscribers(receiver, oauth, random);
    receiver.always((arrival, response) => subscribers.#answer(arrival, response));
    return subscribers;
  }

  /** Registers them. */
  async subscribe(api: Client, type: string): Promise<void> {
    await api.call('POST', '/v1/event-types', { name: type });
    // They answer at once: what a busy machine adds to an exchange is no timeout, after which nothing explains a second request.
    const shared = { eventTypes: [type], retrySchedule, timeoutMs: 60_000 };
    const auth = { type: 'oauth2_client_credentials', tokenUrl: this.oauth.tokenUrl, ...client };
    const webhooks = {
      plain: { url: this.#receiver.url('/plain') },
      secret: { url: this.#receiver.url('/secret'), auth, filter: { kind: 'secret' } },
      held: { url: this.#receiver.url('/held'), state: 'paused', filter: { kind: 'held' } },
      ordered: {
        url: this.#receiver.url('/ordered'),
        ordered: { orderingKey: 'key', onFailure: 'block' },
        filter: { kind: 'ordered' },
      },
    };
    for (const [name, webhook] of Object.entries(webhooks)) {
      const { id } = await api.call('POST', '/v1/webhooks', { name, ...shared, ...webhook });
      this.webhookIds.set(name as Load['kind'], id as string);
    }
  }

  /** Lets go what was held. */
  async resume(api: Client): Promise<void> {
    await api.call('PATCH', `/v1/webhooks/${this.webhookIds.get('held')}`, { state: 'active' });
  }

  /** The webhooks that are to get an event, as whoever reads the subscriptions would say. */
  of({ kind }: Load): string[] {
    return [...new Set<Load['kind']>(['plain', kind])]
      .map((name) => this.webhookIds.get(name) ?? '')
      .toSorted();
  }

  async stop(): Promise<void> {
    await Promise.all([this.#receiver.stop(), this.oauth.stop()]);
  }

  #answer(arrival: Arrival, response: ServerResponse): void {
    const { headers, body, at, url } = arrival;
    const id = String(headers['postrider-delivery-id']);
    const isKnown = url !== '/secret' || this.oauth.accepts(arrival);
    const fails = !isKnown || this.#random.chance(1 / failsOneIn);
    const reception = {
      at: at.getTime(),
      place: (this.#received += 1),
      attempt: Number(headers['postrider-attempt']),
      body,
      succeeded: !fails,
    };
    this.receptions.set(id, [...(this.receptions.get(id) ?? []), reception]);
    if (!fails) response.writeHead(200).end('ok');
    else if (!isKnown) response.writeHead(401).end();
    else this.#fail(response);
  }

  #fail(response: ServerResponse): void {
    switch (this.#random.pick(['500', '503', 'close'] as const)) {
      case '500':
        response.writeHead(500).end('trouble');
        return;
      case '503':
        response.writeHead(503, { 'retry-after': '1' }).end();
        return;
      case 'close':
        response.destroy();
    }
  }
}
