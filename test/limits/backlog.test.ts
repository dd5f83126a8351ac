import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { publishMany } from '../dispatch/stage.js';
import { deployment, newName } from '../durability/program.js';
import { makeNamespace, rootKey, startTestPostrider, type TestPostrider } from '../support/postrider.js';
import { Receiver } from '../support/receiver.js';
import { subscribe } from '../support/subscribe.js';
import { waitFor } from '../support/wait.js';

const name = newName();
const shared = deployment(name, { POSTRIDER_DISPATCH: 'workflow' });
const many = 300;
/** On a busy machine the starts of so many workflows alone take long. */
const longMs = 120_000;

let api: TestPostrider;
let worker: TestPostrider | undefined;
let receiver: Receiver;

beforeAll(async () => {
  await makeNamespace(process.env['TEST_TEMPORAL_ADDRESS'] ?? '', name);
  api = await startTestPostrider({ env: { ...shared, POSTRIDER_ROLE: 'api' } });
  receiver = await Receiver.start();
});

afterAll(async () => {
  await worker?.stop();
  await api.stop();
  await receiver.stop();
});

it('what waits in Temporal for a worker leaves in turns of the organizations', async () => {
  const { id } = await api.as(rootKey).make('/v1/organizations', { name: 'Flood' });
  const { key } = await api
    .as(rootKey, { 'postrider-organization': id as string, 'postrider-environment': 'sandbox' })
    .make('/v1/api-keys', { name: 'k', role: 'admin' });
  const flood = api.as(key as string);
  const { type } = await subscribe(flood, { url: receiver.url('/flood') });
  await publishMany({ api: flood }, type, many);
  await waitFor('all to wait in Temporal', () => api.ctx.dispatcher.underWayOf(id as string) === 0, longMs);
  const quiet = await subscribe(api.api, { url: receiver.url('/quiet') });
  const last = await quiet.publish();

  worker = await startTestPostrider({ env: { ...shared, POSTRIDER_ROLE: 'worker' } });
  expect(await api.over(last, longMs)).toMatchObject({ status: 'succeeded', attemptCount: 1 });
  const place = receiver.arrivals.findIndex(({ url }) => url === '/quiet');
  expect(place).toBeLessThan(many / 2);
});
