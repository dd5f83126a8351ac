import { createHash } from 'node:crypto';
import { stringify } from 'safe-stable-stringify';
import type { NewEvent } from './new-event.js';

/** SHA-256 of what is published, whatever the order of its keys: tells a repeat from another event under the same key. */
export function contentHashOf({ type, data, correlationId, occurredAt }: NewEvent): string {
  return hashOf({ type, data, correlationId: correlationId ?? null, occurredAt: occurredAt ?? null });
}

/** SHA-256 of JSON, whatever the order of its keys. */
export function hashOf(content: object): string {
  return createHash('sha256')
    .update(stringify(content) ?? '')
    .digest('base64url');
}
