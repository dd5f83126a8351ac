import { startTestPostrider, type TestPostrider } from '../support/postrider.js';
import { Receiver, type Reply } from '../support/receiver.js';

const receiverUrl = /https:\/\/((?:[a-z0-9-]+\.)*example\.com)/g;
/** Where a page has its Postrider. */
const shownUrl = 'http://localhost:8400';

/** What a host of a page answers; all others answer 200. */
const replies: Record<string, Reply> = {
  'down.example.com': { status: 503, body: 'down' },
  'login.example.com': {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ access_token: 'a-token', token_type: 'Bearer', expires_in: 3_600 }),
  },
};

/** The world of one page: a Postrider, and a receiver for each host under `example.com` that it names. */
export class Stage {
  readonly postrider: TestPostrider;
  readonly #receivers: ReadonlyMap<string, Receiver>;

  private constructor(postrider: TestPostrider, receivers: ReadonlyMap<string, Receiver>) {
    this.postrider = postrider;
    this.#receivers = receivers;
  }

  static async open(page: string): Promise<Stage> {
    const hosts = new Set(Array.from(page.matchAll(receiverUrl), ([, host = '']) => host));
    const receivers = new Map<string, Receiver>();
    for (const host of hosts) {
      const receiver = await Receiver.start();
      receivers.set(host, receiver.always(replies[host] ?? 200));
    }
    return new Stage(await startTestPostrider(), receivers);
  }

  /** A text of the page as it goes over the wire. */
  toWire(text: string): string {
    return text
      .replaceAll(shownUrl, this.postrider.url)
      .replace(receiverUrl, (url, host: string) => this.#receivers.get(host)?.url('') ?? url);
  }

  /** A text from the wire as the page would show it. */
  fromWire(text: string): string {
    let shown = text.replaceAll(this.postrider.url, shownUrl);
    for (const [host, receiver] of this.#receivers) {
      shown = shown
        .replaceAll(receiver.url(''), `https://${host}`)
        .replaceAll(`127.0.0.1:${receiver.port}`, host);
    }
    return shown;
  }

  /** The receiver whose URL this is, if it is one's. */
  receiverOf(url: string): Receiver | undefined {
    const [, host = ''] = /^https:\/\/([^/]+)/.exec(url) ?? [];
    return this.#receivers.get(host);
  }

  async close(): Promise<void> {
    await this.postrider.stop();
    for (const receiver of this.#receivers.values()) await receiver.stop();
  }
}
