import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { newSigningSecret, signWebhook } from '../../src/request/signature.js';
import { Secret } from '../../src/config/secret.js';
import { freePort } from '../../src/stack/free-ports.js';
import { startTestPostrider, type TestPostrider } from '../support/postrider.js';
import { waitFor } from '../support/wait.js';

const root = new URL('../../', import.meta.url);
const page = readFileSync(new URL('docs/receiving.md', root), 'utf8');
const examples = [...page.matchAll(/```js\n\/\/ receiver\.mjs, (.*?)(?::.*?)?\n(.*?)```/gs)].map(
  ([, name = '', code = '']) => ({ name, code }),
);

it('shows a receiver with the library, and one without', () => {
  expect(examples.map(({ name }) => name)).toEqual(['with the library', 'without a library']);
});

describe.each(examples)('the receiver $name', ({ code }) => {
  let postrider: TestPostrider;
  let receiver: ChildProcess;
  let url: string;
  let secret: Secret;
  let deliveryId: string;

  beforeAll(async () => {
    postrider = await startTestPostrider();
    const port = await freePort();
    url = `http://127.0.0.1:${port}/`;
    const { api } = postrider;
    await api.make('/v1/event-types', { name: 'invoice.paid' });
    const webhook = await api.make('/v1/webhooks', { url, eventTypes: ['invoice.paid'], retrySchedule: [] });
    secret = new Secret(webhook.signingSecret as string);
    receiver = spawn(process.execPath, ['--input-type=module', '-e', code], {
      cwd: fileURLToPath(root),
      env: { PORT: String(port), WEBHOOK_SECRET: secret.reveal() },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await waitFor('the receiver', async () =>
      fetch(url).then(
        () => true,
        () => false,
      ),
    );
  });

  afterEach(() => {
    expect(receiver.exitCode).toBeNull();
  });

  afterAll(async () => {
    receiver.kill();
    await once(receiver, 'exit');
    await postrider.stop();
  });

  async function post(
    body: string,
    secrets: Secret[],
    timestampSeconds = Math.floor(Date.now() / 1_000),
  ): Promise<number> {
    const id = 'evt_1';
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'webhook-id': id,
        'webhook-timestamp': String(timestampSeconds),
        'webhook-signature': signWebhook({ id, timestampSeconds, body: '{"total":1}', secrets }),
      },
      body,
    });
    return response.status;
  }

  it('takes what Postrider sends', async () => {
    const { deliveries } = await postrider.api.make('/v1/events', {
      type: 'invoice.paid',
      data: { total: 1 },
    });
    deliveryId = deliveries[0].id as string;
    expect(await postrider.over(deliveryId)).toMatchObject({
      status: 'succeeded',
      attempts: [{ response: { status: 204 } }],
    });
  });

  it('takes a request that is signed by an old secret and the new one', async () => {
    expect(await post('{"total":1}', [newSigningSecret(), secret])).toBe(204);
  });

  it('refuses another body, another secret, an old request, and no signature', async () => {
    expect(await post('{"total":2}', [secret])).toBe(401);
    expect(await post('{"total":1}', [newSigningSecret()])).toBe(401);
    expect(await post('{"total":1}', [secret], Math.floor(Date.now() / 1_000) - 3_600)).toBe(401);
    expect((await fetch(url, { method: 'POST', body: '{"total":1}' })).status).toBe(401);
  });
});
