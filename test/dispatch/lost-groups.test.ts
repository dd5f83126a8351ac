import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { deployment, newName, Program } from '../durability/program.js';
import { countDeliveries } from '../durability/counts.js';
import { makeNamespace, startTestPostrider, type TestPostrider } from '../support/postrider.js';
import { Receiver } from '../support/receiver.js';
import { subscribe } from '../support/subscribe.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { waitFor } from '../support/wait.js';
import { holdNext, publishMany } from './stage.js';

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

function runWorker(env: Record<string, string>): Program {
  const program = new Program('worker', env);
  programs.push(program);
  return program;
}

/** Where the first attempts of a group are made, and how many deliveries before it show that their endpoint is fast. */
const places = [
  ['in an activity', 0],
  ['inside its task, to an endpoint that was seen to be fast', 3],
] as const;

const grouped = { POSTRIDER_DISPATCH: 'auto', POSTRIDER_GROUP_FROM: '5' };

describe('a kill -9 of the worker in the middle of a group', () => {
  it.each(places)('%s repeats what was in flight and nothing that was recorded', async (_where, proofs) => {
    const env = deployment(name, grouped);
    postrider = await startTestPostrider({ env: { ...env, POSTRIDER_ROLE: 'api' } });
    const first = runWorker(env);
    const { type, publish } = await subscribe(postrider.api, {
      url: receiver.url(),
      retrySchedule: [],
      timeoutMs: 60_000,
      payloadTemplate: { at: '{currentDateTime}', n: '{n}' },
    });
    for (let proof = 0; proof < proofs; proof += 1) await postrider.over(await publish(), longMs);
    // Ten of the group never get an answer.
    receiver.next(...Array.from({ length: 10 }, () => () => undefined));
    const ids = await publishMany(postrider, type, 40);
    await waitFor('the requests', () => receiver.arrivals.length === proofs + 40, longMs);
    const unanswered = receiver.arrivals
      .slice(proofs, proofs + 10)
      .map(({ headers }) => headers['postrider-delivery-id']);
    const answered = ids.filter((id) => !unanswered.includes(id));
    for (const id of answered) await postrider.over(id);
    await first.kill();
    runWorker(env);
    for (const id of ids) {
      expect(await postrider.over(id, longMs)).toMatchObject({ status: 'succeeded', attemptCount: 1 });
    }
    for (const id of ids) {
      const own = receiver.arrivals.filter(({ headers }) => headers['postrider-delivery-id'] === id);
      expect(own).toHaveLength(answered.includes(id) ? 1 : 2);
      expect(new Set(own.map(({ body }) => body)).size).toBe(1);
      expect(new Set(own.map(({ headers }) => headers['postrider-attempt']))).toEqual(new Set(['1']));
    }
    const { ofEvents, byStatus } = await countDeliveries(postrider.api);
    expect({ ofEvents, ...byStatus }).toMatchObject({
      ofEvents: proofs + 40,
      succeeded: proofs + 40,
      pending: 0,
      delivering: 0,
    });
  });
});

describe('a worker that is told to stop in the middle of a group', () => {
  it.each(places)('%s lets what was in flight end, and nothing is sent again', async (_where, proofs) => {
    const env = deployment(name, grouped);
    postrider = await startTestPostrider({ env: { ...env, POSTRIDER_ROLE: 'api' } });
    const first = runWorker(env);
    const { type, publish } = await subscribe(postrider.api, { url: receiver.url(), retrySchedule: [] });
    for (let proof = 0; proof < proofs; proof += 1) await postrider.over(await publish(), longMs);
    const answer = holdNext(receiver, 10);
    const ids = await publishMany(postrider, type, 10);
    await waitFor('the requests', () => receiver.arrivals.length === proofs + 10, longMs);
    const workflowId = (await postrider.api.get(`/v1/deliveries/${ids[0]}`)).body.workflowId as string;
    expect(workflowId).toMatch(/^group\//);
    const stopped = first.stop();
    for (const id of ids) answer(id, 200);
    for (const id of ids) {
      expect(await postrider.over(id, longMs)).toMatchObject({ status: 'succeeded', attemptCount: 1 });
    }
    await stopped;
    runWorker(env);
    await postrider.ctx.temporal.current.client.getHandle(workflowId).result();
    expect(receiver.arrivals).toHaveLength(proofs + 10);
  });
});

describe('a group that never started', () => {
  it('is made up for by the sweep: each of its deliveries arrives once', async () => {
    const temporal = await TcpProxy.start(process.env['TEST_TEMPORAL_ADDRESS'] ?? '');
    try {
      postrider = await startTestPostrider({
        env: deployment(name, { ...grouped, TEMPORAL_ADDRESS: temporal.address }),
      });
      await postrider.ctx.temporal.connected();
      const { type } = await subscribe(postrider.api, { url: receiver.url() });
      await temporal.cut();
      await waitFor('readiness to tell', async () => {
        const { status } = await fetch(`${postrider?.url}/readyz`);
        return status === 503;
      });
      const ids = await publishMany(postrider, type, 60);
      const [cancelled = '', ...others] = ids;
      expect((await postrider.api.post(`/v1/deliveries/${cancelled}/cancel`)).status).toBe(202);
      await temporal.mend();
      for (const id of others) {
        expect(await postrider.over(id, longMs)).toMatchObject({ status: 'succeeded', attemptCount: 1 });
      }
      expect(await postrider.over(cancelled, longMs)).toMatchObject({ status: 'cancelled', attemptCount: 0 });
      expect(receiver.arrivals).toHaveLength(59);
    } finally {
      await postrider?.stop();
      postrider = undefined;
      await temporal.cut();
    }
  });
});
