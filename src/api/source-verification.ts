import { Webhook } from 'standardwebhooks';
import { z } from 'zod';
import { Secret } from '../config/secret.js';
import type { KeyRing } from '../crypto/key-ring.js';
import { invalid } from '../errors/problem.js';
import type { StoredVerification } from '../models/source.js';
import { HeaderValue, MASK } from '../request/headers.js';

/** The name of a header that arrives: a token (RFC 9110, 5.6.2). */
export const InboundHeader = z
  .string()
  .max(256)
  .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, { error: 'must be a header name: letters, digits and hyphens' });

const secret = <T extends z.ZodType<string>>(schema: T) =>
  schema.meta({
    description: `a secret: answers show ${MASK}, and ${MASK} in a change keeps what is stored`,
  });

const SigningSecret = z
  .string()
  .max(1_024)
  .refine((text) => text === MASK || isSigningSecret(text), {
    error: 'must be a secret of Standard Webhooks: whsec_ and base64',
  });

/** How a request to a source proves who sends it. */
export const Verification = z
  .discriminatedUnion('type', [
    z.strictObject({ type: z.literal('none') }),
    z.strictObject({
      type: z.literal('header'),
      header: InboundHeader,
      value: secret(HeaderValue.min(1)),
    }),
    z.strictObject({
      type: z.literal('hmac_sha256'),
      header: InboundHeader,
      secret: secret(z.string().min(1).max(8_192)),
      encoding: z
        .enum(['hex', 'base64'])
        .default('hex')
        .meta({ description: 'of the HMAC-SHA256 of the body, with or without `sha256=` before it' }),
    }),
    z.strictObject({ type: z.literal('standard_webhooks'), secret: secret(SigningSecret) }),
  ])
  .meta({ id: 'SourceVerification' });
export type Verification = z.infer<typeof Verification>;

/** Which field of each kind is the secret. */
const secretField = {
  none: undefined,
  header: 'value',
  hmac_sha256: 'secret',
  standard_webhooks: 'secret',
} as const satisfies Record<Verification['type'], string | undefined>;

/**
 * Verification as it is stored for the source `owner`: its secret sealed. A secret given as the mask keeps what is
 * stored, which needs verification of the same kind to be there.
 */
export function sealVerification(
  keyRing: KeyRing,
  owner: string,
  verification: Verification,
  stored?: StoredVerification,
): StoredVerification {
  const field = secretField[verification.type];
  if (field === undefined) return { type: 'none' };
  const given = (verification as unknown as Record<string, string>)[field] ?? '';
  const sealed = given === MASK ? kept(field, verification, stored) : keyRing.seal(new Secret(given), owner);
  return { ...verification, [field]: sealed } as StoredVerification;
}

/** Verification as answers show it: its secret masked. */
export function maskVerification(stored: StoredVerification): Verification {
  const field = secretField[stored.type];
  return field === undefined ? { type: 'none' } : { ...stored, [field]: MASK };
}

function kept(field: string, { type }: Verification, stored: StoredVerification | undefined): string {
  const before = stored?.type === type ? (stored as unknown as Record<string, string>)[field] : undefined;
  if (before !== undefined) return before;
  const message = `${MASK} keeps a stored secret, and none of this kind is stored`;
  throw invalid([{ path: `verification.${field}`, message }]);
}

function isSigningSecret(text: string): boolean {
  try {
    return new Webhook(text) instanceof Webhook;
  } catch {
    return false;
  }
}
