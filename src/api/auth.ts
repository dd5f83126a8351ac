import { z } from 'zod';
import { Secret } from '../config/secret.js';
import type { KeyRing } from '../crypto/key-ring.js';
import { invalid } from '../errors/problem.js';
import type { StoredAuth } from '../models/auth.js';
import { HeaderName, HeaderValue, MASK } from '../request/headers.js';
import { WebhookUrl } from '../request/webhook-url.js';

const SecretText = (schema: z.ZodString = z.string().min(1).max(8_192)) =>
  schema.meta({
    description: `a secret: answers show ${MASK}, and ${MASK} in a change keeps what is stored`,
  });

const Printable = z.string().min(1).max(1_024);

const oauthFields = {
  tokenUrl: WebhookUrl,
  clientId: Printable,
  clientSecret: SecretText(),
  scope: z.string().max(2_048).nullable().default(null),
  audience: z.string().max(2_048).nullable().default(null),
  clientAuth: z
    .enum(['basic', 'body'])
    .default('basic')
    .meta({ description: 'how the client authenticates: HTTP Basic, or in the form' }),
};

/** How a request proves who sends it. */
export const Auth = z
  .discriminatedUnion('type', [
    z.strictObject({ type: z.literal('none') }),
    z.strictObject({ type: z.literal('header'), name: HeaderName, value: SecretText(HeaderValue.min(1)) }),
    z.strictObject({ type: z.literal('bearer'), token: SecretText(HeaderValue.min(1)) }),
    z.strictObject({
      type: z.literal('basic'),
      username: Printable.regex(/^[^:]*$/, 'must not hold a colon'),
      password: SecretText(),
    }),
    z.strictObject({ type: z.literal('oauth2_client_credentials'), ...oauthFields }),
    z.strictObject({
      type: z.literal('oauth2_password'),
      ...oauthFields,
      username: Printable,
      password: SecretText(),
    }),
  ])
  .meta({ id: 'Auth' });
export type Auth = z.infer<typeof Auth>;

/** Which fields of each kind are secrets. */
const secretFields = {
  none: [],
  header: ['value'],
  bearer: ['token'],
  basic: ['password'],
  oauth2_client_credentials: ['clientSecret'],
  oauth2_password: ['clientSecret', 'password'],
} as const satisfies Record<Auth['type'], readonly string[]>;

/**
 * Auth as it is stored for the record `owner`: secrets sealed. A secret given as the mask keeps what is stored, which
 * needs auth of the same kind to be there.
 */
export function sealAuth(keyRing: KeyRing, owner: string, auth: Auth, stored?: StoredAuth): StoredAuth {
  const kept = stored?.type === auth.type ? (stored as unknown as Record<string, string>) : {};
  const given = auth as unknown as Record<string, string>;
  const sealed = Object.fromEntries(
    secretFields[auth.type].map((field) => {
      const value = given[field] ?? '';
      if (value !== MASK) return [field, keyRing.seal(new Secret(value), owner)];
      const before = kept[field];
      if (before === undefined) {
        throw invalid([
          {
            path: `auth.${field}`,
            message: `${MASK} keeps a stored secret, and none of this kind is stored`,
          },
        ]);
      }
      return [field, before];
    }),
  );
  return { ...auth, ...sealed } as StoredAuth;
}

/** Auth as answers show it: secrets masked. */
export function maskAuth(stored: StoredAuth): Auth {
  const masked = Object.fromEntries(secretFields[stored.type].map((field) => [field, MASK]));
  return { ...stored, ...masked };
}
