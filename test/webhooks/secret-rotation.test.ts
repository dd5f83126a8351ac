import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { KeyRing } from '../../src/crypto/key-ring.js';
import { databaseUri, makeNamespace, startTestPostrider, type TestPostrider } from '../support/postrider.js';
import { Receiver, type Arrival } from '../support/receiver.js';
import { subscribe } from '../support/subscribe.js';

const name = `test-rotation-${process.pid}-${Date.now().toString(36)}`;
const temporalAddress = process.env['TEST_TEMPORAL_ADDRESS'] ?? '';
/** Less than the 5 minutes by which a verifier lets a timestamp be off. */
const overlapMs = 240_000;
let aheadMs = 0;
/** Two of one deployment, each with what it remembers. */
let both: TestPostrider[];
let receiver: Receiver;

beforeAll(async () => {
  await makeNamespace(temporalAddress, name);
  receiver = await Receiver.start();
  const env = {
    TEMPORAL_ADDRESS: temporalAddress,
    TEMPORAL_NAMESPACE: name,
    MONGODB_URI: databaseUri(name),
    POSTRIDER_ENCRYPTION_KEYS: KeyRing.generate('k1'),
  };
  const clock = { now: () => new Date(Date.now() + aheadMs) };
  both = [await startTestPostrider({ env, clock }), await startTestPostrider({ env, clock })];
});

afterAll(async () => {
  for (const postrider of both) await postrider.stop();
  await receiver.stop();
});

/** Publishes through each of the two, and gives what arrived. */
async function publishThroughBoth(type: string): Promise<Arrival[]> {
  const before = receiver.arrivals.length;
  for (const postrider of both) {
    const { deliveries } = await postrider.api.make('/v1/events', { type, data: {} });
    expect(await postrider.over(deliveries[0].id as string)).toMatchObject({
      status: 'succeeded',
      attemptCount: 1,
    });
  }
  return receiver.arrivals.slice(before);
}

/** Which of the secrets the reference verifier accepts a request by. */
function provenBy(arrival: Arrival, secrets: readonly string[]): string[] {
  return secrets.filter((secret) => {
    try {
      new Webhook(secret).verify(arrival.body, arrival.headers as Record<string, string>);
      return true;
    } catch {
      return false;
    }
  });
}

it('a request is proven by both secrets during the overlap, by the new one alone after it, whichever process it went through', async () => {
  const [first, second] = both as [TestPostrider, TestPostrider];
  const { type, webhookId, signingSecret: old } = await subscribe(first.api, { url: receiver.url() });
  for (const arrival of await publishThroughBoth(type)) expect(provenBy(arrival, [old])).toEqual([old]);

  const rotated = await second.api.make(`/v1/webhooks/${webhookId}/rotate-secret`, {
    overlap: `${overlapMs}ms`,
  });
  const secrets = [old, rotated.signingSecret as string];
  const during = await publishThroughBoth(type);
  expect(during.map((arrival) => provenBy(arrival, secrets))).toEqual([secrets, secrets]);

  aheadMs = overlapMs;
  const after = await publishThroughBoth(type);
  expect(after.map((arrival) => provenBy(arrival, secrets))).toEqual([secrets.slice(1), secrets.slice(1)]);
  expect(after.map(({ headers }) => headers['webhook-signature'])).toEqual(
    Array(2).fill(expect.stringMatching(/^v1,[^ ]+$/)),
  );
});
