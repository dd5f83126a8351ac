import { beforeAll, describe, expect, it } from '@jest/globals';
import { productionKey, sandboxKey } from '../support/postrider.js';
import type { Console, View } from './support/console.js';
import { Stage } from './support/stage.js';

const stage = Stage.set();

beforeAll(async () => {
  for (const name of ['order.created', 'order.paid', 'invoice.issued']) {
    await stage.postrider.api.make('/v1/event-types', { name, category: 'Orders' });
  }
  await stage.postrider.api.make('/v1/webhooks', {
    name: 'Billing',
    url: 'https://billing.example.com/hooks/a-rather-long-path-that-has-no-room-in-a-table/4711?tenant=north',
    eventTypes: ['invoice.issued'],
  });
  await stage.postrider.api.make('/v1/webhooks', {
    name: 'Warehouse',
    url: 'https://warehouse.example.com/in',
    eventTypes: ['order.created', 'order.paid', 'invoice.issued'],
    state: 'paused',
  });
  await stage.postrider.api.make('/v1/webhooks', {
    name: 'Archive',
    url: 'https://archive.example.com/',
    state: 'off',
  });
});

async function openWebhooks(view?: View): Promise<Console> {
  const made = await stage.open('/sandbox/webhooks', view);
  await made.page.getByRole('row', { name: /Billing/ }).waitFor();
  return made;
}

async function names({ page }: Console): Promise<string[]> {
  return page.getByRole('row').locator('[data-title="Name"]').allTextContents();
}

describe('signing in', () => {
  it('refuses a key that is not known, and says what to do', async () => {
    const made = await stage.tab();
    made.expectStatus(401);
    await made.page.goto('/sandbox/webhooks?search=bill');
    await made.page.getByLabel('API key', { exact: true }).fill('not-a-key');
    await made.page.getByRole('button', { name: 'Sign in' }).click();
    await made.page.getByRole('alert').getByText('may have been revoked').waitFor();
  });

  it('leads back to the address that was asked for', async () => {
    const made = await stage.tab();
    await made.page.goto('/sandbox/webhooks?search=bill');
    await made.page.getByLabel('API key', { exact: true }).fill(sandboxKey);
    await made.page.keyboard.press('Enter');
    await made.page.waitForURL('**/sandbox/webhooks?search=bill');
    await made.page.getByRole('row', { name: /Billing/ }).waitFor();
    expect(await names(made)).toEqual(['Billing']);
  });

  it('keeps nothing of a key or token where a script can read it', async () => {
    const made = await stage.tab();
    await made.signIn(sandboxKey);
    const readable = await made.page.evaluate(() =>
      JSON.stringify([document.cookie, Object.entries(localStorage), Object.entries(sessionStorage)]),
    );
    expect(readable).not.toContain(sandboxKey);
    expect(readable).not.toContain('postrider_session');
  });

  it('asks for a key of the other environment, then shows both, which look apart', async () => {
    const made = await openWebhooks();
    await made.page.getByRole('link', { name: 'Production' }).click();
    await made.page.getByLabel('API key', { exact: true }).fill(productionKey);
    await made.page.keyboard.press('Enter');
    await made.page.waitForURL('**/production/overview');
    const ground = async (environment: string): Promise<string> =>
      made.page
        .locator(`header[data-environment=${environment}]`)
        .evaluate((node) => getComputedStyle(node).backgroundColor);
    const production = await ground('production');
    await made.screenshot('production-wide-light');
    await made.page.getByRole('link', { name: 'Sandbox' }).click();
    await made.page.waitForURL('**/sandbox/overview');
    expect(await ground('sandbox')).not.toBe(production);
  });
});

describe('the table of webhooks', () => {
  it('narrows as one types, and the address holds it', async () => {
    const made = await openWebhooks();
    await made.page.keyboard.press('/');
    await made.page.keyboard.type('warehouse.ex');
    await made.page.waitForURL('**/sandbox/webhooks?search=warehouse.ex');
    await made.page.getByRole('row', { name: /Billing/ }).waitFor({ state: 'detached' });
    expect(await names(made)).toEqual(['Warehouse']);
  });

  it('sorts by name, URL and state, both ways', async () => {
    const made = await openWebhooks();
    const sorted = async (title: string, address: string, first: string): Promise<void> => {
      await made.page.getByRole('button', { name: title, exact: true }).click();
      await made.page.waitForURL(`**/sandbox/webhooks${address}`);
      await made.page.locator('[data-index="0"]', { hasText: first }).waitFor();
    };
    await sorted('Name', '?sort=-name', 'Warehouse');
    await sorted('Webhook URL', '?sort=url', 'Archive');
    await sorted('Webhook URL', '?sort=-url', 'Warehouse');
    await sorted('State', '?sort=state', 'Billing');
    await sorted('State', '?sort=-state', 'Warehouse');
  });

  it('copies the whole URL, and says so', async () => {
    const made = await openWebhooks();
    await made.told('URL copied', async () =>
      made.page.getByRole('button', { name: /^Copy URL https:\/\/billing/ }).click(),
    );
    expect(await made.page.evaluate(async () => navigator.clipboard.readText())).toMatch(
      /^https:\/\/billing.*tenant=north$/,
    );
    expect(new URL(made.page.url()).pathname).toBe('/sandbox/webhooks');
  });

  it('is worked by keys alone: rows by arrows, Enter opens beside it, Esc closes', async () => {
    const made = await openWebhooks();
    await made.page.locator('[data-index="0"]').focus();
    await made.page.keyboard.press('ArrowDown');
    await made.page.locator('[data-index="1"]:focus').waitFor();
    await made.page.keyboard.press('Enter');
    await made.page.getByRole('region', { name: 'Billing' }).waitFor();
    await made.screenshot('webhook-panel-wide-light');
    await made.page.keyboard.press('Escape');
    await made.page.waitForURL('**/sandbox/webhooks');
  });
});

describe.each([
  { size: 'wide', scheme: 'light' },
  { size: 'wide', scheme: 'dark' },
  { size: 'phone', scheme: 'light' },
  { size: 'phone', scheme: 'dark' },
] as const)('the console, $size and $scheme', ({ size, scheme }) => {
  it('is accessible, signed in or not', async () => {
    const made = await stage.tab({ size, scheme });
    await made.page.goto('/sign-in');
    await made.page.getByLabel('API key', { exact: true }).waitFor();
    await made.screenshot(`sign-in-${size}-${scheme}`);
    expect(await made.accessibilityFaults()).toEqual([]);
    await made.signIn(sandboxKey);
    await made.page.goto('/sandbox/webhooks');
    await made.page.getByText('invoice.issued').first().waitFor();
    await made.screenshot(`webhooks-${size}-${scheme}`);
    expect(await made.accessibilityFaults()).toEqual([]);
    const overflow = await made.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
  });
});

it('loads less than 200 kB of JavaScript, gzipped, for its first view', async () => {
  const made = await stage.tab();
  await made.enter(sandboxKey);
  await made.page.route('**/assets/**', async (route) =>
    route.continue({ headers: { ...route.request().headers(), 'accept-encoding': 'gzip' } }),
  );
  let bytes = 0;
  const sizesRead: Promise<void>[] = [];
  made.page.on('requestfinished', (request) => {
    if (request.resourceType() !== 'script') return;
    sizesRead.push(
      request.sizes().then(({ responseBodySize }) => {
        bytes += responseBodySize;
      }),
    );
  });
  await made.page.goto('/sandbox/webhooks');
  await made.page.getByRole('row', { name: /Billing/ }).waitFor();
  await made.page.unrouteAll({ behavior: 'wait' });
  await Promise.all(sizesRead);
  expect(bytes).toBeGreaterThan(50_000);
  expect(bytes).toBeLessThan(200_000);
});
