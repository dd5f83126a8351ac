import { Webhook } from 'standardwebhooks';
import { startEndpoint, type Arrival, type Endpoint, type Reply } from './endpoint.js';
import { startTokenServer } from './token-server.js';

/** Somebody who wants events: an endpoint of their own, and the webhook that leads to it. */
export interface Subscriber {
  name: string;
  /** What happens here, for the reader. */
  story: string;
  eventTypes: string[];
  /** What `POST /v1/webhooks` is given, but for name and event types. */
  webhook: { url: string; auth?: object; retrySchedule: string[] };
  /** From then on requests without a valid signature get a 401. */
  verifyWith(signingSecret: string): void;
  stop(): Promise<void>;
}

/** Answers a request whose signature is valid. */
type Answer = (arrival: Arrival) => Reply;

/** So short that the demo shows all of it; without one of its own a webhook has the deployment's. */
const retrySchedule = ['1s', '2s', '4s'];

const received: Reply = { status: 200, body: { received: true } };

/** Starts all subscribers of the demo, on real ports. */
export async function startSubscribers(): Promise<Subscriber[]> {
  return Promise.all([plain(), failsTwice(), rejects(), clientCredentials(), passwordGrant()]);
}

async function plain(): Promise<Subscriber> {
  return subscribe({
    name: 'Ledger',
    story: 'a plain endpoint that answers 200',
    eventTypes: ['account.created', 'invoice.finalized', 'payment.received'],
    answer: () => received,
  });
}

async function failsTwice(): Promise<Subscriber> {
  let requests = 0;
  return subscribe({
    name: 'Warehouse',
    story: 'answers 503 twice, then 200',
    eventTypes: ['invoice.finalized'],
    answer: () => {
      requests += 1;
      return requests <= 2 ? { status: 503, body: { error: 'busy' } } : received;
    },
  });
}

async function rejects(): Promise<Subscriber> {
  return subscribe({
    name: 'Tax office',
    story: 'answers 400, which is never retried',
    eventTypes: ['payment.received'],
    answer: () => ({ status: 400, body: { error: 'unknown taxpayer' } }),
  });
}

async function clientCredentials(): Promise<Subscriber> {
  const account = { clientId: 'postrider', clientSecret: 'demo-client-secret' };
  const tokens = await startTokenServer(account);
  return subscribe({
    name: 'Data lake',
    story: 'wants a token from its OAuth server (client credentials)',
    eventTypes: ['invoice.finalized', 'payment.received'],
    answer: (arrival) => (tokens.accepts(arrival) ? received : unauthorized),
    auth: { type: 'oauth2_client_credentials', tokenUrl: tokens.url, ...account },
    needs: tokens,
  });
}

async function passwordGrant(): Promise<Subscriber> {
  const account = {
    clientId: 'postrider',
    clientSecret: 'demo-client-secret',
    username: 'billing@example.com',
    password: 'demo-password',
  };
  const tokens = await startTokenServer(account);
  return subscribe({
    name: 'CRM',
    story: 'wants a token from its OAuth server (password grant)',
    eventTypes: ['account.created'],
    answer: (arrival) => (tokens.accepts(arrival) ? received : unauthorized),
    auth: { type: 'oauth2_password', tokenUrl: tokens.url, ...account },
    needs: tokens,
  });
}

const unauthorized: Reply = { status: 401, body: { error: 'invalid_token' } };

async function subscribe(options: {
  name: string;
  story: string;
  eventTypes: string[];
  answer: Answer;
  auth?: object;
  /** What this one starts beside its endpoint. */
  needs?: Endpoint;
}): Promise<Subscriber> {
  const { name, story, eventTypes, answer, auth, needs } = options;
  let signature: Webhook | undefined;
  const endpoint = await startEndpoint('/webhooks', (arrival) =>
    isSigned(signature, arrival) ? answer(arrival) : { status: 401, body: { error: 'invalid_signature' } },
  );
  return {
    name,
    story,
    eventTypes,
    webhook: { url: endpoint.url, retrySchedule, ...(auth ? { auth } : {}) },
    verifyWith(signingSecret) {
      signature = new Webhook(signingSecret);
    },
    async stop() {
      await endpoint.stop();
      await needs?.stop();
    },
  };
}

function isSigned(signature: Webhook | undefined, { body, headers }: Arrival): boolean {
  try {
    signature?.verify(body, headers as Record<string, string>);
    return signature !== undefined;
  } catch {
    return false;
  }
}
