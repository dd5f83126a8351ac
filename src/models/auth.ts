import type { Sealed } from '../crypto/key-ring.js';

/** How a request proves who sends it, as it is stored: each secret is sealed for the record that holds it. */
export type StoredAuth =
  | { type: 'none' }
  | { type: 'header'; name: string; value: Sealed }
  | { type: 'bearer'; token: Sealed }
  | { type: 'basic'; username: string; password: Sealed }
  | StoredOAuth;

export interface StoredOAuthClient {
  tokenUrl: string;
  clientId: string;
  clientSecret: Sealed;
  scope: string | null;
  audience: string | null;
  clientAuth: 'basic' | 'body';
}

export type StoredOAuth =
  | ({ type: 'oauth2_client_credentials' } & StoredOAuthClient)
  | ({ type: 'oauth2_password'; username: string; password: Sealed } & StoredOAuthClient);

export function isOAuth(auth: StoredAuth): auth is StoredOAuth {
  return auth.type === 'oauth2_client_credentials' || auth.type === 'oauth2_password';
}
