import { randomBytes } from 'node:crypto';
import { startEndpoint, type Arrival, type Endpoint, type Reply } from './endpoint.js';

/** Who may have a token: a client, and for the password grant a user. */
interface Account {
  clientId: string;
  clientSecret: string;
  username?: string;
  password?: string;
}

/** An OAuth 2.0 token endpoint (RFC 6749) and the tokens that it has issued. */
export interface TokenServer extends Endpoint {
  /** Whether a request carries a token from here. */
  accepts(arrival: Arrival): boolean;
}

/** Starts a token endpoint that gives tokens to one account: by client credentials, or by password where it has a user. */
export async function startTokenServer(account: Account): Promise<TokenServer> {
  const issued = new Set<string>();
  const issue = (): Reply => {
    const token = randomBytes(24).toString('base64url');
    issued.add(token);
    return { status: 200, body: { access_token: token, token_type: 'Bearer', expires_in: 3_600 } };
  };
  const endpoint = await startEndpoint('/oauth/token', (arrival) => {
    if (!isClient(arrival, account)) return { status: 401, body: { error: 'invalid_client' } };
    return mayHaveToken(new URLSearchParams(arrival.body), account)
      ? issue()
      : { status: 400, body: { error: 'invalid_grant' } };
  });
  return {
    ...endpoint,
    accepts: ({ headers }) => issued.has(headers.authorization?.replace(/^Bearer /, '') ?? ''),
  };
}

/** RFC 6749, 2.3.1: HTTP Basic, both parts form-encoded first. */
function isClient({ headers }: Arrival, { clientId, clientSecret }: Account): boolean {
  const credentials = `${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`;
  return headers.authorization === `Basic ${Buffer.from(credentials).toString('base64')}`;
}

function mayHaveToken(form: URLSearchParams, { username, password }: Account): boolean {
  if (username === undefined) return form.get('grant_type') === 'client_credentials';
  return (
    form.get('grant_type') === 'password' &&
    form.get('username') === username &&
    form.get('password') === password
  );
}
