import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Locator } from 'playwright-core';
import type { Loose } from '../support/api.js';
import { publishKeys } from '../lanes/stage.js';
import { startChromium } from '../support/chromium.js';
import { sandboxKey, startTestPostrider, type TestPostrider } from '../support/postrider.js';
import { Receiver } from '../support/receiver.js';
import { subscribe } from '../support/subscribe.js';
import { Console } from './support/console.js';

let postrider: TestPostrider;
let browser: Browser;
let receiver: Receiver;
let tab: Console;

beforeAll(async () => {
  postrider = await startTestPostrider();
  browser = await startChromium();
  receiver = await Receiver.start();
});

afterAll(async () => {
  await browser.close();
  await receiver.stop();
  await postrider.stop();
});

afterEach(async () => {
  expect(await tab.close()).toEqual([]);
});

async function open(path: string): Promise<void> {
  tab = await Console.open(browser, postrider.url);
  await tab.enter(sandboxKey);
  await tab.page.goto(path);
}

function panel(name: string): Locator {
  return tab.page.getByRole('region', { name, exact: true });
}

describe('the order of a webhook', () => {
  it('is set in its form, key and all, and taken back', async () => {
    const { webhookId } = await subscribe(postrider.api, { name: 'Ledger', url: receiver.url() });
    const stored = async (): Promise<Loose> =>
      (await postrider.api.get(`/v1/webhooks/${webhookId}`)).body.ordered;
    await open(`/sandbox/webhooks/${webhookId}`);
    const form = panel('Ledger');
    const save = async (): Promise<void> => {
      await form.getByRole('button', { name: 'Save', exact: true }).click();
      await form.getByRole('button', { name: 'Discard' }).waitFor({ state: 'hidden' });
    };
    await form.getByText('By a key').click();
    await form.getByRole('button', { name: 'Save', exact: true }).click();
    await form.getByText('Say where the key is').waitFor();
    await form.getByRole('textbox', { name: 'Ordering key' }).fill('account.id');
    await form.getByRole('combobox', { name: 'When an attempt fails' }).click();
    await tab.page.getByRole('option', { name: /after some failed attempts/ }).click();
    await form.getByRole('textbox', { name: 'Failed attempts before the next one goes' }).fill('2');
    await save();
    expect(await stored()).toEqual({ orderingKey: 'account.id', onFailure: { skipAfter: 2 } });
    await tab.screenshot('webhook-order-wide-light');
    await form.getByText('No order').click();
    await save();
    expect(await stored()).toBeNull();
  });

  it('shows its lanes and why each waits, and a delivery leads to the one that it waits for', async () => {
    receiver.next(500);
    const { type, webhookId } = await subscribe(postrider.api, {
      name: 'Blocked',
      url: receiver.url(),
      ordered: { orderingKey: 'account.id' },
      retrySchedule: ['1h'],
    });
    const [first = '', second = ''] = await publishKeys(postrider.api, type, ['acct_7', 'acct_7']);
    await postrider.delivery(first, ({ nextAttemptAt }: Loose) => nextAttemptAt !== null);
    await open(`/sandbox/webhooks/${webhookId}`);
    const lanes = panel('Blocked').getByRole('region', { name: 'Lanes' });
    await lanes.getByText('acct_7', { exact: true }).waitFor();
    await lanes.getByText('2 waiting').waitFor();
    await lanes.getByText(/has failed once; tried again/).waitFor();
    await tab.screenshot('webhook-lanes-wide-light');
    await lanes.getByRole('textbox', { name: 'Key of a lane' }).fill('acct_8');
    await lanes.getByText('Nothing waits under this key.').waitFor();
    await lanes.getByRole('textbox', { name: 'Key of a lane' }).fill('acct_7');
    await lanes.getByRole('link', { name: 'The first one' }).waitFor();

    await tab.page.goto(`/sandbox/sent/${second}`);
    await tab.page.getByText('Waits for its turn').waitFor();
    expect(await tab.page.getByRole('button', { name: 'Send now' }).count()).toBe(0);
    await tab.page.getByRole('link', { name: 'the one before it' }).click();
    await tab.page.waitForURL(`**/sandbox/sent/${first}`);
    await tab.page.getByRole('button', { name: 'Send now' }).click();
    await postrider.over(second);
  });
});
