import { createHash } from 'node:crypto';

/** How a key, or the token of a session, is stored and looked up. */
export function keyHash(key: string): string {
  return createHash('sha256').update(key).digest('base64url');
}
