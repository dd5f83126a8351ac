import { expect, it } from '@jest/globals';
import type { ServerResponse } from 'node:http';
import { postrider, postriderForAll, receiver, receiverForAll } from '../support/running.js';
import { subscribe } from '../support/subscribe.js';
import { waitFor } from '../support/wait.js';

/** What an attempt knows of its webhook is believed for 250 ms. */
const longerMs = 300;

postriderForAll();
receiverForAll();

it('an attempt that succeeds late ends a failure that began while it was under way', async () => {
  const { api } = postrider;
  let held: ServerResponse | undefined;
  receiver.next((_arrival, response) => {
    held = response;
  }, 500);
  const { webhookId, publish } = await subscribe(api, { url: receiver.url(), retrySchedule: ['1h'] });
  const failing = async (): Promise<boolean> =>
    (await api.get(`/v1/webhooks/${webhookId}`)).body.failingSince !== null;
  const late = await publish();
  const response = await waitFor('its request', () => held);
  const began = performance.now();
  await publish();
  await waitFor('the failure of another', failing);
  await waitFor('what it knows to be old', () => performance.now() - began > longerMs);
  response.writeHead(200).end();
  expect(await postrider.over(late)).toMatchObject({ status: 'succeeded', attemptCount: 1 });
  await waitFor('it to fail no more', async () => !(await failing()));
});
