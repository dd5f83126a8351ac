import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { freePort } from '../../src/stack/free-ports.js';
import { Api, type Loose } from '../support/api.js';
import { makeNamespace, sandboxKey, startTestPostrider, type TestPostrider } from '../support/postrider.js';
import { Receiver } from '../support/receiver.js';
import { subscribe } from '../support/subscribe.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { waitFor } from '../support/wait.js';
import { countDeliveries } from './counts.js';
import { deployment, newName, Program } from './program.js';

/** A dead worker is noticed 10 s after its last heartbeat; a new one takes seconds to start. */
const longMs = 120_000;

let receiver: Receiver;
let name: string;
let postrider: TestPostrider | undefined;
const programs: Program[] = [];

beforeEach(async () => {
  receiver = await Receiver.start();
  name = newName();
  await makeNamespace(process.env['TEST_TEMPORAL_ADDRESS'] ?? '', name);
});

afterEach(async () => {
  await Promise.all(programs.splice(0).map(async (program) => program.kill()));
  await postrider?.stop();
  await receiver.stop();
});

function run(role: 'api' | 'worker', env: Record<string, string>): Program {
  const program = new Program(role, env);
  programs.push(program);
  return program;
}

describe('a kill -9', () => {
  it('of the worker in the middle of a request costs no attempt, and loses nothing', async () => {
    const env = deployment(name);
    postrider = await startTestPostrider({ env: { ...env, POSTRIDER_ROLE: 'api' } });
    const { api } = postrider;
    const first = run('worker', env);
    receiver.next(() => undefined);
    const { publish } = await subscribe(api, {
      url: receiver.url(),
      retrySchedule: [],
      timeoutMs: 60_000,
      payloadTemplate: { at: '{currentDateTime}' },
    });
    const id = await publish();
    await waitFor('the request', () => receiver.arrivals.length === 1, longMs);
    await first.kill();
    const meanwhile = await Promise.all(Array.from({ length: 20 }, async () => publish()));
    run('worker', env);
    for (const other of [id, ...meanwhile]) {
      expect(await postrider.over(other, longMs)).toMatchObject({ status: 'succeeded', attemptCount: 1 });
    }
    const own = receiver.arrivals.filter(({ headers }) => headers['postrider-delivery-id'] === id);
    expect(own.map(({ headers }) => headers['postrider-attempt'])).toEqual(['1', '1']);
    expect(own[1]?.body).toBe(own[0]?.body);
    const { ofEvents, byStatus } = await countDeliveries(api);
    expect(byStatus).toEqual({
      succeeded: 21,
      failed: 0,
      cancelled: 0,
      pending: 0,
      delivering: 0,
      waiting: 0,
    });
    expect(ofEvents).toBe(21);
  });

  it('of the API between the write and the start leaves it to the sweep of another process', async () => {
    const temporal = await TcpProxy.start(process.env['TEST_TEMPORAL_ADDRESS'] ?? '');
    await temporal.cut();
    const port = await freePort();
    const program = run('api', {
      ...deployment(name),
      TEMPORAL_ADDRESS: temporal.address,
      POSTRIDER_PORT: String(port),
    });
    const api = new Api(`http://127.0.0.1:${port}`, sandboxKey);
    await waitFor(
      'the API',
      async () => (await fetch(`${api.url}/healthz`).catch(() => undefined))?.ok,
      longMs,
    );
    const { publish } = await subscribe(api, { url: receiver.url() });
    const ids = await Promise.all(Array.from({ length: 5 }, async () => publish()));
    const pending = await api.get(`/v1/deliveries?status=pending`);
    expect((pending.body.data as Loose[]).length).toBe(5);
    await program.kill();

    postrider = await startTestPostrider({ env: deployment(name) });
    for (const id of ids) {
      expect(await postrider.over(id)).toMatchObject({ status: 'succeeded', attemptCount: 1 });
    }
    expect(receiver.arrivals).toHaveLength(5);
  });
});
