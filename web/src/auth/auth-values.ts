import type { Schema } from '../api/schemas.js';

export type AuthType = Schema<'Auth'>['type'];

/** What stands in the place of a stored secret; given back, it keeps what is stored. */
export const mask = '***';

/** A form's values for every kind of auth; those of other kinds are kept while one looks around. */
export type AuthValues = {
  type: AuthType;
  name: string;
  value: string;
  token: string;
  username: string;
  password: string;
  tokenUrl: string;
  clientId: string;
  clientSecret: string;
  scope: string;
  audience: string;
  clientAuth: 'basic' | 'body';
};

export const noAuth: AuthValues = {
  type: 'none',
  name: '',
  value: '',
  token: '',
  username: '',
  password: '',
  tokenUrl: '',
  clientId: '',
  clientSecret: '',
  scope: '',
  audience: '',
  clientAuth: 'basic',
};

/** The kinds by their names for people. */
export const authKinds: readonly { value: AuthType; label: string }[] = [
  { value: 'none', label: 'None' },
  { value: 'bearer', label: 'Bearer token' },
  { value: 'header', label: 'Header with a key' },
  { value: 'basic', label: 'User name and password (Basic)' },
  { value: 'oauth2_client_credentials', label: 'OAuth 2.0, client credentials' },
  { value: 'oauth2_password', label: 'OAuth 2.0, password' },
];

/** Auth as the API shows it, for a form. */
export function authValuesOf(auth: Schema<'Auth'>): AuthValues {
  const given = Object.entries(auth).filter(([, value]) => value !== null);
  return { ...noAuth, ...(Object.fromEntries(given) as Partial<AuthValues>) };
}

/** The auth that a form's values stand for. */
export function authOf(values: AuthValues): Schema<'Auth'> {
  const { type, name, value, token, username, password } = values;
  const { tokenUrl, clientId, clientSecret, scope, audience, clientAuth } = values;
  const client = {
    tokenUrl,
    clientId,
    clientSecret,
    scope: scope === '' ? null : scope,
    audience: audience === '' ? null : audience,
    clientAuth,
  };
  switch (type) {
    case 'none':
      return { type };
    case 'bearer':
      return { type, token };
    case 'header':
      return { type, name, value };
    case 'basic':
      return { type, username, password };
    case 'oauth2_client_credentials':
      return { type, ...client };
    case 'oauth2_password':
      return { type, ...client, username, password };
  }
}

/** The values after another kind was chosen: a mask stands for a stored secret of its own kind alone. */
export function withType(values: AuthValues, stored: AuthValues, type: AuthType): AuthValues {
  if (type === stored.type) return stored;
  const { value, token, password, clientSecret } = values;
  return {
    ...values,
    type,
    value: unmasked(value),
    token: unmasked(token),
    password: unmasked(password),
    clientSecret: unmasked(clientSecret),
  };
}

function unmasked(text: string): string {
  return text === mask ? '' : text;
}
