import axe from 'axe-core';
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, Page } from 'playwright-core';

/** The two widths that every screen is seen at, in pixels. */
export const sizes = { wide: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } } as const;

/** How a page is looked at. */
export interface View {
  size?: keyof typeof sizes;
  scheme?: 'light' | 'dark';
}

/** `TEST_BROWSER_SLOWDOWN=4 npm test` runs the pages on a processor four times slower, to find what a test takes for granted. */
const slowdown = Number(process.env['TEST_BROWSER_SLOWDOWN'] ?? 1);

/** What a page may take, in ms, before a test gives up: a busy machine is slow. */
const patienceMs = 60_000;

const screenshots = fileURLToPath(new URL('../../../build/screenshots', import.meta.url));

/** One tab of the console, in a context of its own: nobody is signed in, and no cookie of another test is there. */
export class Console {
  readonly page: Page;
  readonly #context: BrowserContext;
  readonly #origin: string;
  readonly #faults: { text: string; url: string }[] = [];
  /** Method and status of what was refused, by its URL. */
  readonly #refused = new Map<string, string>();
  #expected: readonly number[] = [];

  private constructor(context: BrowserContext, page: Page, origin: string) {
    this.#origin = origin;
    this.#context = context;
    this.page = page;
    page.on('pageerror', ({ message, stack = message }) => this.#fault(`page error: ${stack}`));
    page.on('response', (response) => {
      if (response.ok()) return;
      this.#refused.set(response.url(), `${response.request().method()} answered ${response.status()}`);
    });
    page.on('console', (message) => {
      if (!['error', 'warning'].includes(message.type())) return;
      const status = Number(/status of (\d+)/.exec(message.text())?.[1]);
      if (this.#expected.includes(status)) return;
      this.#fault(`console ${message.type()}: ${message.text()}`, message.location().url);
    });
  }

  /** Opens the console at `url`; what is copied may be read. */
  static async open(
    browser: Browser,
    url: string,
    { size = 'wide', scheme = 'light' }: View = {},
  ): Promise<Console> {
    const context = await browser.newContext({
      baseURL: url,
      viewport: sizes[size],
      colorScheme: scheme,
      reducedMotion: 'reduce',
      hasTouch: size === 'phone',
      locale: 'en-GB',
      timezoneId: 'Europe/Berlin',
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    // What the policy refuses is a fault too, whether or not the browser logs it.
    await context.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
        // oxlint-disable-next-line no-console -- this is what the listener above collects
        console.error(`policy: ${violatedDirective} refused ${blockedURI}`);
      });
    });
    context.setDefaultTimeout(patienceMs);
    const page = await context.newPage();
    if (slowdown > 1) {
      const debuggerOf = await context.newCDPSession(page);
      await debuggerOf.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
    }
    return new Console(context, page, new URL(url).origin);
  }

  /** Signs in with a key on the page, and waits for the first screen. */
  async signIn(key: string): Promise<void> {
    await this.page.goto('/sign-in');
    await this.page.getByLabel('API key', { exact: true }).fill(key);
    await this.page.getByRole('button', { name: 'Sign in' }).click();
    await this.page.waitForURL(/\/(sandbox|production)\//);
  }

  /** Signs in by the call that the page makes, beside whoever has signed in to the other environment. */
  async enter(key: string): Promise<void> {
    const data = { key };
    const answer = await this.page.request.post('/session', { data, headers: { origin: this.#origin } });
    if (!answer.ok()) throw new Error(`signing in was answered with ${answer.status()}`);
  }

  /** Does something, and waits for the notice of it, which is looked for from before: it goes by itself after seconds. */
  async told(notice: string | RegExp, act: () => Promise<void>): Promise<void> {
    await Promise.all([this.page.getByText(notice).waitFor(), act()]);
  }

  /** Answers of these statuses are what a test is about: the browser's note of them is no fault. */
  expectStatus(...statuses: readonly number[]): void {
    this.#expected = statuses;
  }

  /** What axe finds against WCAG 2.2 AA and its best practices: one line a rule and element. */
  async accessibilityFaults(): Promise<string[]> {
    await this.#stillness();
    // By the debugger's own channel: the page's policy refuses scripts that are put into it.
    await this.page.evaluate(axe.source);
    const violations = await this.page.evaluate(async () => {
      const run = (globalThis as unknown as { axe: typeof axe }).axe.run;
      return (await run(document)).violations;
    });
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary ?? ''}`),
    );
  }

  /** Keeps a picture in `build/screenshots/<name>.png`. */
  async screenshot(name: string): Promise<void> {
    await mkdir(screenshots, { recursive: true });
    await this.page.screenshot({ path: `${screenshots}/${name}.png` });
  }

  /** Closes the tab, and gives what went wrong in it: errors, warnings and what the policy refused, each with its request. */
  async close(): Promise<string[]> {
    await this.#context.close();
    return this.#faults.map(({ text, url }) =>
      url === '' ? text : `${text} (${url} ${this.#refused.get(url) ?? ''})`,
    );
  }

  /** Says on the run's output what stands in the tab now that a test has failed, with a picture. */
  async tell(test: string): Promise<void> {
    const name = `failed-${test.replaceAll(/[^A-Za-z0-9]+/g, '-').slice(0, 80)}`;
    const seen = await this.page
      .locator('body')
      .ariaSnapshot({ timeout: 10_000 })
      .catch((error: unknown) => String(error));
    await this.screenshot(name).catch(() => undefined);
    const refused = [...this.#refused].map(([url, answer]) => `${url} ${answer}`);
    const lines = [`"${test}" failed at ${this.page.url()} (${screenshots}/${name}.png)`, ...refused, seen];
    process.stderr.write(`${lines.join('\n')}\n`);
  }

  /** Waits until nothing moves or fades: what is seen halfway is not what a test is about. */
  async #stillness(): Promise<void> {
    await this.page.waitForFunction(() =>
      document.getAnimations().every((animation) => {
        const { endTime } = animation.effect?.getComputedTiming() ?? {};
        return animation.playState !== 'running' || endTime === Infinity;
      }),
    );
  }

  #fault(text: string, url = ''): void {
    this.#faults.push({ text, url });
  }
}
