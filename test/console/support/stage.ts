import { afterAll, afterEach, beforeAll, expect } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { startChromium } from '../../support/chromium.js';
import {
  sandboxKey,
  startTestPostrider,
  type TestOptions,
  type TestPostrider,
} from '../../support/postrider.js';
import { Receiver } from '../../support/receiver.js';
import { Console, type View } from './console.js';

/** How a page is opened: by which keys one is signed in (default: the admin's of `sandbox`), and how it is looked at. */
export interface Opening extends View {
  keys?: readonly string[];
}

/** What the tests of one file have in common: a Postrider, a receiver, a browser, and the tabs of the present test. */
export class Stage {
  #postrider: TestPostrider | undefined;
  #receiver: Receiver | undefined;
  #browser: Browser | undefined;
  #tabs: Console[] = [];

  /** Sets the stage of a test file: it is there from `beforeAll` on. Each test fails if anything went wrong in its tabs. */
  static set(options: TestOptions = {}): Stage {
    const stage = new Stage();
    beforeAll(async () => {
      stage.#postrider = await startTestPostrider(options);
      stage.#receiver = await Receiver.start();
      stage.#browser = await startChromium();
    });
    afterEach(async () => stage.#clear());
    afterAll(async () => {
      await stage.#browser?.close();
      await stage.#receiver?.stop();
      await stage.#postrider?.stop();
    });
    return stage;
  }

  get postrider(): TestPostrider {
    return there(this.#postrider);
  }

  get receiver(): Receiver {
    return there(this.#receiver);
  }

  /** A tab in which nobody is signed in. */
  async tab(view: View = {}): Promise<Console> {
    const tab = await Console.open(there(this.#browser), this.postrider.url, view);
    this.#tabs.push(tab);
    return tab;
  }

  /** A tab at an address, as one who has signed in. */
  async open(path: string, { keys = [sandboxKey], ...view }: Opening = {}): Promise<Console> {
    const tab = await this.tab(view);
    for (const key of keys) await tab.enter(key);
    await tab.page.goto(path);
    return tab;
  }

  async #clear(): Promise<void> {
    const tabs = this.#tabs;
    this.#tabs = [];
    const { failedTest } = globalThis as { failedTest?: string };
    for (const tab of tabs) if (failedTest !== undefined) await tab.tell(failedTest);
    const faults = await Promise.all(tabs.map(async (tab) => tab.close()));
    expect(faults.flat()).toEqual([]);
  }
}

function there<T>(part: T | undefined): T {
  if (part === undefined) throw new Error('The stage is there from beforeAll on.');
  return part;
}
