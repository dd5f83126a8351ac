import { expect, it } from '@jest/globals';
import type { ServerResponse } from 'node:http';
import { attemptDelivery } from '../../src/delivery/attempt.js';
import { lookAtDelivery } from '../../src/delivery/look.js';
import { postrider, postriderForAll, receiver, receiverForAll } from '../support/running.js';
import { subscribe } from '../support/subscribe.js';
import { waitFor } from '../support/wait.js';

postriderForAll();
receiverForAll();

it('an attempt that is run again while it is under way in the same process sends nothing, and comes to the same', async () => {
  const { ctx, api } = postrider;
  const held: ServerResponse[] = [];
  let isReleased = false;
  receiver.always((_arrival, response) => {
    if (isReleased) response.writeHead(200).end();
    else held.push(response);
  });
  const hook = await subscribe(api, { url: receiver.url() });
  const deliveryId = await hook.publish();
  await waitFor('the request', () => held.length === 1);
  const { eventId } = await postrider.delivery(deliveryId, () => true);
  const look = await lookAtDelivery(ctx, { deliveryId, eventId, webhookId: hook.webhookId });
  if (look.kind !== 'due') throw new Error(`it is not due, but ${look.kind}`);
  const again = attemptDelivery(ctx, look.due);
  // Were it to send, that would arrive before, or beside, what is published later.
  const later = await hook.publish();
  await waitFor('a later request', () => held.length > 1);
  isReleased = true;
  for (const response of held) response.writeHead(200).end();
  expect(await again).toEqual({ kind: 'succeeded', attempts: 1 });
  expect(await postrider.over(deliveryId)).toMatchObject({ status: 'succeeded', attemptCount: 1 });
  await postrider.over(later);
  expect(receiver.arrivals).toHaveLength(2);
  await waitFor('all attempts to end', () => ctx.attemptsUnderWay.size === 0);
});
