/** What the demo reads of an attempt. */
export interface Attempt {
  number: number;
  startedAt: string;
  durationMs: number;
  response: { status: number; body: string } | null;
  errorCode: string | null;
  nextAttemptAt: string | null;
}

/** What the demo reads of a delivery. */
export interface Delivery {
  id: string;
  eventType: string;
  webhookId: string;
  status: 'pending' | 'delivering' | 'waiting' | 'succeeded' | 'failed' | 'cancelled';
  failureReason: 'rejected' | 'exhausted' | null;
  workflowUrl: string | null;
  attempts: Attempt[];
}

/** Something that the person who runs the demo can put right; the message says how. */
export class DemoError extends Error {
  override name = 'DemoError';
}

/** Postrider's REST API with one key, as any service would call it. */
export class Api {
  readonly url: string;
  readonly #key: string;

  constructor(url: string, key: string) {
    this.url = url;
    this.#key = key;
  }

  /** The body of the answer. Throws a DemoError with the problem for anything but a 2xx. */
  async call<Answer>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<Answer> {
    const response = await fetch(`${this.url}/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${this.#key}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new DemoError(`${method} ${path} answered ${response.status}: ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as Answer;
  }
}
