import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { freePort } from '../../src/stack/free-ports.js';
import { Api, type Loose } from '../support/api.js';
import { databaseUri, makeNamespace, sandboxKey } from '../support/postrider.js';
import { Receiver } from '../support/receiver.js';
import { subscribe } from '../support/subscribe.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { waitFor } from '../support/wait.js';
import { deployment, newName, Program } from './program.js';

/** The driver looks for MongoDB for 5 s, and Temporal's backoff comes on top. */
const longMs = 120_000;

let mongodb: TcpProxy;
let receiver: Receiver;
let program: Program;
let api: Api;
let temporal: Client;

beforeAll(async () => {
  const address = process.env['TEST_TEMPORAL_ADDRESS'] ?? '';
  const namespace = newName();
  await makeNamespace(address, namespace);
  temporal = new Client({ connection: await Connection.connect({ address }), namespace });
  const { host, pathname } = new URL(databaseUri(namespace));
  [mongodb, receiver] = await Promise.all([TcpProxy.start(host), Receiver.start()]);
  const port = await freePort();
  program = new Program('all', {
    ...deployment(namespace),
    POSTRIDER_PORT: String(port),
    // Directly, else the driver would find its way around the proxy.
    MONGODB_URI: `mongodb://${mongodb.address}${pathname}?directConnection=true`,
  });
  api = new Api(`http://127.0.0.1:${port}`, sandboxKey);
  await waitFor(
    'Postrider',
    async () => (await fetch(`${api.url}/readyz`).catch(() => undefined))?.ok,
    longMs,
  );
});

afterAll(async () => {
  await program.kill();
  await temporal.connection.close();
  await receiver.stop();
  await mongodb.cut();
});

async function delivery(id: string, accept: (delivery: Loose) => boolean): Promise<Loose> {
  return waitFor(
    `delivery ${id}`,
    async () => {
      const { status, body } = await api.get(`/v1/deliveries/${id}`);
      return status === 200 && accept(body) && body;
    },
    longMs,
  );
}

function over({ endedAt }: Loose): boolean {
  return endedAt !== null;
}

it('while MongoDB is away no attempt is spent, and what was answered then is recorded', async () => {
  const answers: (() => void)[] = [];
  receiver.always(({ url }, response) => {
    if (url === '/slow') answers.push(() => response.writeHead(200).end());
    else response.writeHead(500).end();
  });
  const slow = await subscribe(api, { url: receiver.url('/slow'), retrySchedule: [], timeoutMs: 60_000 });
  const failing = await subscribe(api, { url: receiver.url('/failing'), retrySchedule: ['10s', '4s'] });
  const inFlight = await slow.publish();
  await waitFor('the request', () => answers.length === 1, longMs);
  const waiting = await failing.publish();
  await delivery(waiting, ({ attemptCount }: Loose) => attemptCount === 1);

  await mongodb.cut();
  answers[0]?.();
  const { status, body } = await api.post('/v1/events', { type: slow.type, data: {} });
  expect([status, body.code]).toEqual([503, 'unavailable']);
  // Temporal's own count goes up while ours cannot: runs that could not look at the delivery.
  await waitFor(
    'runs that fail through us',
    async () => {
      const { raw } = await temporal.workflow.getHandle(`delivery/${waiting}`).describe();
      return Number(raw.pendingActivities?.[0]?.attempt) >= 3;
    },
    longMs,
  );
  await mongodb.mend();

  expect(await delivery(inFlight, over)).toMatchObject({ status: 'succeeded', attemptCount: 1 });
  expect(await delivery(waiting, over)).toMatchObject({ failureReason: 'exhausted', attemptCount: 3 });
  const attempts = (path: string) =>
    receiver.arrivals.filter(({ url }) => url === path).map(({ headers }) => headers['postrider-attempt']);
  expect(attempts('/slow')).toEqual(['1']);
  // What was answered in the moment of the cut is recorded too, and not asked for again.
  expect(attempts('/failing')).toEqual(['1', '2', '3']);
});
