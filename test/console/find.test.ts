import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Browser, Locator, Page } from 'playwright-core';
import { startChromium } from '../support/chromium.js';
import { productionKey, sandboxKey, startTestPostrider, type TestPostrider } from '../support/postrider.js';
import { Receiver } from '../support/receiver.js';
import { subscribe, type Subscribed } from '../support/subscribe.js';
import { Console, type View } from './support/console.js';

let postrider: TestPostrider;
let browser: Browser;
let receiver: Receiver;
let sandbox: Subscribed;
let production: Subscribed;
let deliveryId: string;
let open: Console[] = [];

beforeAll(async () => {
  postrider = await startTestPostrider();
  browser = await startChromium();
  receiver = await Receiver.start();
  sandbox = await subscribe(postrider.api, { name: 'Warehouse', url: receiver.url('/warehouse') });
  production = await subscribe(postrider.as(productionKey), {
    name: 'Warehouse of the north',
    url: receiver.url('/north'),
  });
  deliveryId = await sandbox.publish({ data: { order: { number: 'ORD-4711' } }, correlationId: 'trace-99' });
  await postrider.over(deliveryId);
}, 120_000);

afterAll(async () => {
  await browser.close();
  await receiver.stop();
  await postrider.stop();
});

beforeEach(() => {
  open = [];
});

afterEach(async () => {
  for (const each of open) expect(await each.close()).toEqual([]);
});

async function openFind(view?: View, ...keys: readonly string[]): Promise<Console> {
  const made = await Console.open(browser, postrider.url, view);
  open.push(made);
  for (const key of keys.length === 0 ? [sandboxKey] : keys) await made.signIn(key);
  await made.page.goto('/sandbox/webhooks');
  await made.page.getByRole('row', { name: /Warehouse/ }).waitFor();
  await made.page.keyboard.press('Control+k');
  await fieldOf(made.page).waitFor();
  return made;
}

function fieldOf(page: Page): Locator {
  return page.getByRole('combobox', { name: 'Find' });
}

describe('find anything', () => {
  it.each([
    ['a delivery by its id', () => deliveryId, () => `sent/${deliveryId}`],
    ['a delivery by its workflow id', () => `delivery/${deliveryId}`, () => `sent/${deliveryId}`],
    ['a webhook by its id', () => sandbox.webhookId, () => `webhooks/${sandbox.webhookId}`],
    ['a webhook by its name', () => 'warehou', () => `webhooks/${sandbox.webhookId}`],
    ['a webhook by its URL', () => `${receiver.port}/warehouse`, () => `webhooks/${sandbox.webhookId}`],
    ['an event type by its name', () => sandbox.type, () => `event-types/${sandbox.type}`],
    ['the list that a key stands in', () => 'first sandbox key', () => 'api-keys'],
  ])('leads to %s, Enter right after it', async (_what, text, path) => {
    const { page } = await openFind();
    await fieldOf(page).fill(text());
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/sandbox/${path()}`);
    await fieldOf(page).waitFor({ state: 'detached' });
  });

  it.each([
    ['an order number in its data', 'ord-4711'],
    ['its correlation id', 'trace-99'],
  ])('finds an event by %s', async (_what, text) => {
    const { page } = await openFind();
    await fieldOf(page).fill(text);
    await page.getByRole('option', { name: sandbox.type }).waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL('**/sandbox/events/evt_*');
  });

  it('leads to screens and to what one wants to do, by keys alone', async () => {
    const { page } = await openFind();
    await page.keyboard.type('new webhook');
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: 'Register webhook' }).waitFor();
    await page.keyboard.press('Control+k');
    await fieldOf(page).and(page.locator(':focus')).waitFor();
    await page.keyboard.type('event');
    const third = page.getByRole('option').nth(2);
    await third.waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    expect(await third.getAttribute('aria-selected')).toBe('true');
    expect(await fieldOf(page).getAttribute('aria-activedescendant')).toBe(await third.getAttribute('id'));
    await page.keyboard.press('Escape');
    await fieldOf(page).waitFor({ state: 'detached' });
  });

  it('looks in the other environment too, and warns before it goes to production', async () => {
    const { page } = await openFind({}, sandboxKey, productionKey);
    await fieldOf(page).fill('warehouse');
    await page.getByRole('group', { name: 'In sandbox' }).getByRole('option').first().waitFor();
    const north = page.getByRole('group', { name: 'In production' }).getByRole('option', { name: /\/north/ });
    await north.click();
    await page.getByRole('dialog', { name: 'Go to production?' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/sandbox/webhooks');
    await page.getByRole('button', { name: 'Go to production' }).click();
    await page.waitForURL(`**/production/webhooks/${production.webhookId}`);
  });

  it('says where it could not look, and that nothing was found', async () => {
    const { page } = await openFind();
    await fieldOf(page).fill('nobody-is-called-so-0');
    await page.getByText('Nothing is called so').waitFor();
    await page.getByText('Not looked for in production').waitFor();
  });
});

describe.each([
  { size: 'wide', scheme: 'light' },
  { size: 'phone', scheme: 'dark' },
] as const)('find anything, $size and $scheme', ({ size, scheme }) => {
  it('is accessible', async () => {
    const made = await openFind({ size, scheme }, sandboxKey, productionKey);
    await fieldOf(made.page).fill('ware');
    await made.page.getByRole('option', { name: /\/north/ }).waitFor();
    await made.screenshot(`find-${size}-${scheme}`);
    expect(await made.accessibilityFaults()).toEqual([]);
  });
});
