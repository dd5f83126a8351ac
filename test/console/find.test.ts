import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import { productionKey, sandboxKey } from '../support/postrider.js';
import { subscribe, type Subscribed } from '../support/subscribe.js';
import type { Console, View } from './support/console.js';
import { Stage } from './support/stage.js';

const stage = Stage.set();

let sandbox: Subscribed;
let production: Subscribed;
let deliveryId: string;
let keyId: string;

beforeAll(async () => {
  sandbox = await subscribe(stage.postrider.api, {
    name: 'Warehouse',
    url: stage.receiver.url('/warehouse'),
  });
  production = await subscribe(stage.postrider.as(productionKey), {
    name: 'Warehouse of the north',
    url: stage.receiver.url('/north'),
  });
  deliveryId = await sandbox.publish({ data: { order: { number: 'ORD-4711' } }, correlationId: 'trace-99' });
  await stage.postrider.over(deliveryId);
  keyId = (await stage.postrider.api.make('/v1/api-keys', { name: 'reports', role: 'viewer' })).id as string;
});

async function openFind(view?: View, ...keys: readonly string[]): Promise<Console> {
  const made = await stage.open('/sandbox/webhooks', { ...view, keys: [sandboxKey, ...keys] });
  await made.page.getByRole('row', { name: /Warehouse/ }).waitFor();
  await made.page.keyboard.press('Control+k');
  await focusedFieldOf(made.page).waitFor();
  return made;
}

function fieldOf(page: Page): Locator {
  return page.getByRole('combobox', { name: 'Find' });
}

/** The field once it takes what is typed. */
function focusedFieldOf(page: Page): Locator {
  return fieldOf(page).and(page.locator(':focus'));
}

describe('find anything', () => {
  it.each([
    ['a delivery by its id', () => deliveryId, () => `sent/${deliveryId}`],
    ['a delivery by its workflow id', () => `delivery/${deliveryId}`, () => `sent/${deliveryId}`],
    ['a webhook by its id', () => sandbox.webhookId, () => `webhooks/${sandbox.webhookId}`],
    ['a webhook by its name', () => 'warehou', () => `webhooks/${sandbox.webhookId}`],
    ['a webhook by its URL', () => `${stage.receiver.port}/warehouse`, () => `webhooks/${sandbox.webhookId}`],
    ['an event type by its name', () => sandbox.type, () => `event-types/${sandbox.type}`],
    ['the list that a key stands in, by its id', () => keyId, () => 'api-keys'],
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
    await focusedFieldOf(page).waitFor();
    await page.keyboard.type('event');
    const third = page.getByRole('option').nth(2);
    await third.waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await third.and(page.locator('[aria-selected=true]')).waitFor();
    expect(await fieldOf(page).getAttribute('aria-activedescendant')).toBe(await third.getAttribute('id'));
    await page.keyboard.press('Escape');
    await fieldOf(page).waitFor({ state: 'detached' });
  });

  it('looks in the other environment too, and warns before it goes to production', async () => {
    const { page } = await openFind({}, productionKey);
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
    const made = await openFind({ size, scheme }, productionKey);
    await fieldOf(made.page).fill('ware');
    await made.page.getByRole('option', { name: /\/north/ }).waitFor();
    await made.screenshot(`find-${size}-${scheme}`);
    expect(await made.accessibilityFaults()).toEqual([]);
  });
});
