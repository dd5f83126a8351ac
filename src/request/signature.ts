import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { Secret } from '../config/secret.js';

/** Standard Webhooks asks for 24 to 64 random bytes. */
const secretBytes = 32;

/** A new signing secret: `whsec_` and 32 random bytes in base64. */
export function newSigningSecret(): Secret {
  return new Secret(`whsec_${randomBytes(secretBytes).toString('base64')}`);
}

/**
 * The value of `webhook-signature`: `v1,<base64>` for each secret, parted by spaces. More than one secret
 * is valid while a secret is rotated, and a receiver accepts any of them.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function signWebhook(message: {
  id: string;
  timestampSeconds: number;
  body: string;
  secrets: readonly Secret[];
}): string {
  const at = new Date(message.timestampSeconds * 1_000);
  return message.secrets
    .map((secret) => new Webhook(secret.reveal()).sign(message.id, at, message.body))
    .join(' ');
}
