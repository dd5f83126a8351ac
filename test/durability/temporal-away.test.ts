import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Loose } from '../support/api.js';
import { makeNamespace, startTestPostrider, type TestPostrider } from '../support/postrider.js';
import { Receiver } from '../support/receiver.js';
import { subscribe } from '../support/subscribe.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { waitFor } from '../support/wait.js';
import { countDeliveries } from './counts.js';
import { deployment, newName } from './program.js';

/** A publish that waited for Temporal would take its deadline of 10 s; a machine may be so busy that one of many takes long. */
const quickMs = 8_000;
const longMs = 120_000;

let temporal: TcpProxy;
let postrider: TestPostrider;
let receiver: Receiver;

beforeAll(async () => {
  const name = newName();
  const address = process.env['TEST_TEMPORAL_ADDRESS'] ?? '';
  await makeNamespace(address, name);
  [temporal, receiver] = await Promise.all([TcpProxy.start(address), Receiver.start()]);
  postrider = await startTestPostrider({ env: deployment(name, { TEMPORAL_ADDRESS: temporal.address }) });
  await postrider.ctx.temporal.connected();
});

afterAll(async () => {
  await temporal.mend();
  await postrider.stop();
  await receiver.stop();
  await temporal.cut();
});

it('what is published while Temporal is away is accepted at once, and delivered when it is back', async () => {
  const { api } = postrider;
  const hook = await subscribe(api, { url: receiver.url(), retrySchedule: ['10s'] });
  const held = await subscribe(api, { url: receiver.url('/held'), retrySchedule: ['1h'] });
  receiver.next(500);
  const cancelled = await held.publish();
  await postrider.delivery(cancelled, ({ status }: Loose) => status === 'waiting');
  receiver.next(500);
  const waiting = await hook.publish();
  await postrider.delivery(waiting, ({ attemptCount }: Loose) => attemptCount === 1);
  await temporal.cut();
  await waitFor('readiness to tell', async () => (await fetch(`${api.url}/readyz`)).status === 503);

  const ids: string[] = [];
  const started = performance.now();
  while (ids.length < 30) ids.push(await hook.publish());
  expect((performance.now() - started) / ids.length).toBeLessThan(quickMs);
  // What is asked of deliveries meanwhile is kept, too.
  expect((await api.post(`/v1/deliveries/${cancelled}/cancel`)).status).toBe(202);
  expect((await api.post(`/v1/deliveries/${ids[0]}/cancel`)).status).toBe(202);
  expect(receiver.arrivals).toHaveLength(2);

  await temporal.mend();
  expect(await postrider.over(cancelled, longMs)).toMatchObject({ status: 'cancelled', attemptCount: 1 });
  expect(await postrider.over(ids[0] ?? '', longMs)).toMatchObject({ status: 'cancelled', attemptCount: 0 });
  for (const id of ids.slice(1)) {
    expect(await postrider.over(id, longMs)).toMatchObject({ status: 'succeeded', attemptCount: 1 });
  }
  expect(await postrider.over(waiting, longMs)).toMatchObject({ status: 'succeeded', attemptCount: 2 });
  // Temporal has a task run again that a starved machine is late with: the same attempt may then arrive twice.
  const arrived = receiver.arrivals.map(
    ({ headers }) => `${String(headers['postrider-delivery-id'])}/${String(headers['postrider-attempt'])}`,
  );
  const attempts = [cancelled, waiting, ...ids.slice(1)].map((id) => `${id}/1`);
  expect([...new Set(arrived)].toSorted()).toEqual([...attempts, `${waiting}/2`].toSorted());
  const { ofEvents, byStatus } = await countDeliveries(api);
  expect(ofEvents).toBe(32);
  expect(byStatus).toEqual({ succeeded: 30, failed: 0, cancelled: 2, pending: 0, delivering: 0, waiting: 0 });
});
