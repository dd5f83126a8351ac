import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { Webhook } from 'standardwebhooks';
import type { KeyRing } from '../crypto/key-ring.js';
import type { SourceRecord } from '../models/source.js';

/** A request as far as its verification goes. Header names are in lower case. */
export interface Arrived {
  headers: IncomingHttpHeaders;
  /** The body's bytes as they arrived, whole. */
  bytes: Buffer;
}

/** Whether a request proves what its source asks for; with `none`, every request does. */
export function verify(
  keyRing: KeyRing,
  { _id: owner, verification }: Pick<SourceRecord, '_id' | 'verification'>,
  { headers, bytes }: Arrived,
): boolean {
  switch (verification.type) {
    case 'none':
      return true;
    case 'header': {
      const given = headerOf(headers, verification.header);
      return given !== undefined && isSame(given, keyRing.open(verification.value, owner).reveal());
    }
    case 'hmac_sha256': {
      const given = headerOf(headers, verification.header);
      if (given === undefined) return false;
      const digest = createHmac('sha256', keyRing.open(verification.secret, owner).reveal())
        .update(bytes)
        .digest();
      const signature = signatureOf(given, verification.encoding);
      return signature?.length === digest.length && timingSafeEqual(signature, digest);
    }
    case 'standard_webhooks':
      return isSigned(keyRing.open(verification.secret, owner).reveal(), headers, bytes);
  }
}

/** The value of a header by its name in any case; several of the same name are joined, as HTTP reads them. */
export function headerOf(headers: IncomingHttpHeaders, name: string): string | undefined {
  const key = name.toLowerCase();
  // A header may have the name of what every object has, such as `constructor`.
  const value = Object.hasOwn(headers, key) ? headers[key] : undefined;
  return Array.isArray(value) ? value.join(', ') : value;
}

/** Compared by their hashes, so that neither content nor length can be told from the time it takes. */
function isSame(given: string, expected: string): boolean {
  return timingSafeEqual(hashOf(given), hashOf(expected));
}

function hashOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** A signature's bytes, with or without the `sha256=` that GitHub and others put before it. */
function signatureOf(text: string, encoding: 'hex' | 'base64'): Buffer | undefined {
  const encoded = text.trim().replace(/^sha256=/i, '');
  const written = encoding === 'hex' ? /^[0-9a-f]{64}$/i : /^[A-Za-z0-9+/_-]{43}=?$/;
  return written.test(encoded) ? Buffer.from(encoded, encoding) : undefined;
}

/** By Standard Webhooks, with its tolerance of 5 minutes on either side. */
function isSigned(secret: string, headers: IncomingHttpHeaders, bytes: Buffer): boolean {
  const names = ['webhook-id', 'webhook-timestamp', 'webhook-signature'];
  const given = Object.fromEntries(names.map((name) => [name, headerOf(headers, name) ?? '']));
  try {
    new Webhook(secret).verify(bytes, given, { jsonParse: false });
    return true;
  } catch {
    return false;
  }
}
