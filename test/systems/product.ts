import type { Api, Loose } from '../support/api.js';
import { rootKey, startTestPostrider, type TestOptions, type TestPostrider } from '../support/postrider.js';
import { Receiver, type Arrival } from '../support/receiver.js';
import { waitFor } from '../support/wait.js';

/** Patience with a machine that does other work too. */
const waitMs = 120_000;

/** A product that runs on Postrider, and its customers: each in an organization of their own. */
export class Product {
  readonly #postrider: TestPostrider;
  readonly #catalogue: string;
  readonly #customers: Customer[] = [];

  private constructor(postrider: TestPostrider, catalogue: string) {
    this.#postrider = postrider;
    this.#catalogue = catalogue;
  }

  static async open(catalogue: string, options?: TestOptions): Promise<Product> {
    return new Product(await startTestPostrider(options), catalogue);
  }

  /** A new customer, with the product's catalogue in both environments, and an endpoint that answers 200. */
  async customer(): Promise<Customer> {
    const root = this.#postrider.as(rootKey);
    const { id: organizationId } = await root.make('/v1/organizations', { name: this.#catalogue });
    const apiOf = async (environment: 'sandbox' | 'production'): Promise<Api> => {
      const made = { name: environment, role: 'admin', organizationId, environment };
      const api = this.#postrider.as((await root.make('/v1/api-keys', made)).key as string);
      await api.make(`/v1/catalogues/${this.#catalogue}/import`);
      return api;
    };
    const customer = new Customer(await apiOf('production'), await apiOf('sandbox'), await Receiver.start());
    this.#customers.push(customer);
    return customer;
  }

  async close(): Promise<void> {
    await this.#postrider.stop();
    for (const { receiver } of this.#customers) await receiver.stop();
  }
}

/** Somebody who uses the product, through the REST API alone. */
export class Customer {
  /** In `production`, where all that follows happens. */
  readonly api: Api;
  readonly sandbox: Api;
  readonly receiver: Receiver;

  constructor(api: Api, sandbox: Api, receiver: Receiver) {
    this.api = api;
    this.sandbox = sandbox;
    this.receiver = receiver;
  }

  /** Makes a webhook to the customer's endpoint, and its subscription where event types are given. */
  async register(eventTypes: string[] | undefined, more: object = {}): Promise<Loose> {
    return this.api.make('/v1/webhooks', {
      url: this.receiver.url(),
      ...(eventTypes === undefined ? {} : { eventTypes }),
      ...more,
    });
  }

  /** The sample payload of an event type. */
  async sample(type: string): Promise<Loose> {
    return (await this.api.get(`/v1/event-types/${type}`)).body.samplePayload;
  }

  /** Publishes an event with its type's sample, or other data, and gives the answer. */
  async publish(type: string, event: object = {}): Promise<Loose> {
    return this.api.make('/v1/events', { type, data: await this.sample(type), ...event });
  }

  /** Publishes an event that goes to one webhook, and gives the delivery once it is over. */
  async deliver(type: string, event?: object): Promise<Loose> {
    const { deliveries } = await this.publish(type, event);
    if (deliveries.length !== 1) throw new Error(`${type} made ${deliveries.length} deliveries`);
    return this.over(deliveries[0].id as string);
  }

  /** The delivery, once `accept` says so of it. */
  async delivery(id: string, accept: (delivery: Loose) => boolean): Promise<Loose> {
    return waitFor(
      `delivery ${id}`,
      async () => {
        const { body } = await this.api.get(`/v1/deliveries/${id}`);
        return accept(body) && (body as object);
      },
      waitMs,
    );
  }

  async over(id: string): Promise<Loose> {
    return this.delivery(id, ({ endedAt }) => endedAt !== null);
  }

  /** The delivery once it waits after this many attempts. */
  async waiting(id: string, attempts = 1): Promise<Loose> {
    return this.delivery(id, ({ status, attemptCount }) => status === 'waiting' && attemptCount === attempts);
  }

  /** What has arrived at a path of the customer's endpoint. */
  arrivals(path = '/hook'): Arrival[] {
    return this.receiver.arrivals.filter(({ url }) => url === path);
  }

  /** The data of a list. */
  async list(path: string): Promise<Loose[]> {
    return (await this.api.get(path)).body.data as Loose[];
  }
}

/** The JSON body of a request that arrived. */
export function bodyOf(arrival: Arrival | undefined): Loose {
  return JSON.parse(arrival?.body ?? 'null');
}

/** The fields that a 422 names. */
export function fieldsOf(answer: { status: number; body: Loose }): string[] {
  if (answer.status !== 422) throw new Error(`answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer.body.errors.map(({ path }: Loose) => path as string);
}
