import { Receiver, type Arrival } from './receiver.js';

/** A client, and for the password grant a user, that an OAuth server knows. */
export interface Credentials {
  clientId: string;
  clientSecret: string;
  username?: string;
  password?: string;
}

/** An OAuth 2.0 token endpoint (RFC 6749) on loopback that really checks who asks. */
export class OAuthServer {
  readonly issued: string[] = [];
  readonly receiver: Receiver;
  /** Seconds that a token lives; what the answer says. */
  expiresIn: number | undefined = 3_600;
  /** Set: every request is answered with this status and no token. */
  broken: number | undefined;
  readonly #credentials: Credentials;

  private constructor(receiver: Receiver, credentials: Credentials) {
    this.receiver = receiver;
    this.#credentials = credentials;
  }

  static async start(credentials: Credentials): Promise<OAuthServer> {
    const receiver = await Receiver.start();
    const server = new OAuthServer(receiver, credentials);
    receiver.always((arrival, response) => {
      const { status, body } = server.#answer(arrival);
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
    return server;
  }

  get tokenUrl(): string {
    return this.receiver.url('/token');
  }

  /** Token requests so far. */
  get requests(): Arrival[] {
    return this.receiver.arrivals;
  }

  /** Whether a request carries the newest token. */
  accepts(arrival: Arrival): boolean {
    return arrival.headers.authorization === `Bearer ${this.issued.at(-1)}`;
  }

  async stop(): Promise<void> {
    await this.receiver.stop();
  }

  #answer(arrival: Arrival): { status: number; body: object } {
    if (this.broken !== undefined) return { status: this.broken, body: { error: 'temporarily_unavailable' } };
    const form = new URLSearchParams(arrival.body);
    const client = clientOf(arrival, form);
    const { clientId, clientSecret, username, password } = this.#credentials;
    if (client.id !== clientId || client.secret !== clientSecret)
      return { status: 401, body: { error: 'invalid_client' } };
    const grant = form.get('grant_type');
    const user =
      grant === 'password' && form.get('username') === username && form.get('password') === password;
    if (grant !== 'client_credentials' && !user) return { status: 400, body: { error: 'invalid_grant' } };
    const token = `token-${this.issued.length + 1}-${Math.random().toString(36).slice(2)}`;
    this.issued.push(token);
    return {
      status: 200,
      body: {
        access_token: token,
        token_type: 'Bearer',
        ...(this.expiresIn === undefined ? {} : { expires_in: this.expiresIn }),
      },
    };
  }
}

function clientOf(arrival: Arrival, form: URLSearchParams): { id: string | null; secret: string | null } {
  const [, basic] = /^Basic (.+)$/.exec(arrival.headers.authorization ?? '') ?? [];
  if (basic === undefined) return { id: form.get('client_id'), secret: form.get('client_secret') };
  const [id = '', secret = ''] = Buffer.from(basic, 'base64').toString().split(':');
  return { id: formDecoded(id), secret: formDecoded(secret) };
}

/** RFC 6749, 2.3.1: both are form-encoded before they become Basic credentials. */
function formDecoded(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '));
}
