import { describe, expect, it } from '@jest/globals';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import { newSigningSecret, signWebhook } from '../../src/request/signature.js';

const body = '{"größe":"XL"}';
const timestampSeconds = Math.floor(Date.now() / 1_000);

function headers(secrets: Parameters<typeof signWebhook>[0]['secrets']): Record<string, string> {
  return {
    'webhook-id': 'evt_1',
    'webhook-timestamp': String(timestampSeconds),
    'webhook-signature': signWebhook({ id: 'evt_1', timestampSeconds, body, secrets }),
  };
}

describe('a signing secret', () => {
  it('is whsec_ and 32 random bytes', () => {
    const text = newSigningSecret().reveal();
    expect(text).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(newSigningSecret().reveal()).not.toBe(text);
  });
});

describe('a signature', () => {
  it('is accepted by the reference library, for this body and this secret only', () => {
    const secret = newSigningSecret();
    const signed = headers([secret]);
    expect(new Webhook(secret.reveal()).verify(body, signed)).toEqual({ größe: 'XL' });
    expect(() => new Webhook(secret.reveal()).verify(`${body} `, signed)).toThrow(WebhookVerificationError);
    expect(() => new Webhook(newSigningSecret().reveal()).verify(body, signed)).toThrow(
      WebhookVerificationError,
    );
    expect(() => new Webhook(secret.reveal()).verify(body, { ...signed, 'webhook-id': 'evt_2' })).toThrow(
      WebhookVerificationError,
    );
  });

  it('is there once for each secret while one is rotated, so that both are accepted', () => {
    const secrets = [newSigningSecret(), newSigningSecret()];
    const signed = headers(secrets);
    expect(signed['webhook-signature']).toMatch(/^v1,[^ ]{44} v1,[^ ]{44}$/);
    for (const secret of secrets) expect(new Webhook(secret.reveal()).verify(body, signed)).toBeDefined();
  });

  it('is the one that the specification gives as its example', () => {
    // https://github.com/standard-webhooks/standard-webhooks/blob/main/libraries: the test vector of every library.
    const webhook = new Webhook('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw');
    expect(
      webhook.sign('msg_p5jXN8AQM9LWM0D4loKWxJek', new Date(1_614_265_330_000), '{"test": 2432232314}'),
    ).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });
});
