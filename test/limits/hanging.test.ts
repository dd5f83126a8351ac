import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { publishMany } from '../dispatch/stage.js';
import { rootKey, startTestPostrider, type TestPostrider } from '../support/postrider.js';
import { Receiver } from '../support/receiver.js';
import { subscribe } from '../support/subscribe.js';

/** More than a webhook may have under way, and than are started at once. */
const webhooks = 2;
const each = 60;
/** On a busy machine the starts of so many workflows alone take long. */
const longMs = 120_000;

describe.each(['auto', 'workflow'])('with POSTRIDER_DISPATCH=%s', (mode) => {
  let postrider: TestPostrider;
  let quiet: Receiver;
  let hanging: Receiver;

  beforeAll(async () => {
    postrider = await startTestPostrider({ env: { POSTRIDER_DISPATCH: mode } });
  });

  beforeEach(async () => {
    quiet = await Receiver.start();
    hanging = await Receiver.start();
  });

  afterEach(async () => {
    await quiet.stop();
    await hanging.stop();
  });

  afterAll(async () => {
    await postrider.stop();
  });

  it('an organization whose endpoints all hang leaves room for the others', async () => {
    hanging.always(() => undefined);
    const root = postrider.as(rootKey);
    const { id } = await root.make('/v1/organizations', { name: 'Hostile' });
    const { key } = await postrider
      .as(rootKey, { 'postrider-organization': id as string, 'postrider-environment': 'sandbox' })
      .make('/v1/api-keys', { name: 'k', role: 'admin' });
    const hostile = postrider.as(key as string);
    const ids: string[] = [];
    for (let n = 0; n < webhooks; n += 1) {
      const { type } = await subscribe(hostile, { url: hanging.url(`/${n}`), timeoutMs: 60_000 });
      ids.push(...(await publishMany({ api: hostile }, type, each)));
    }
    // As many as the connections of an origin hang; what waits behind them is put off.
    await hanging.received(32);
    const { publish } = await subscribe(postrider.api, { url: quiet.url() });
    for (let n = 0; n < 3; n += 1) {
      expect(await postrider.over(await publish(), longMs)).toMatchObject({
        status: 'succeeded',
        attemptCount: 1,
      });
    }
    const { body } = await hostile.get('/v1/deliveries?status=succeeded');
    expect(body.data).toEqual([]);
    expect(ids).toHaveLength(webhooks * each);
    // All of it goes on once the endpoints answer.
    hanging.always(200);
  }, 480_000);
});
