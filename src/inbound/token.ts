import { createHash, randomBytes } from 'node:crypto';
import { Secret } from '../config/secret.js';

/** 192 bits: nobody finds a source's URL by trying. */
const tokenBytes = 24;

/** A new token for a source's URL: 32 characters of base64url. */
export function newToken(): Secret {
  return new Secret(randomBytes(tokenBytes).toString('base64url'));
}

/** Whether a text can be a token at all. */
export function isToken(text: string): boolean {
  return /^[A-Za-z0-9_-]{32}$/.test(text);
}

/** How a token is looked up. */
export function tokenHashOf(token: Secret): string {
  return createHash('sha256').update(token.reveal()).digest('base64url');
}
