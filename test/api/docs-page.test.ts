import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { startChromium } from '../support/chromium.js';
import { sandboxKey, type TestPostrider } from '../support/postrider.js';
import { startTestApi } from './api-process.js';

let postrider: TestPostrider;
let browser: Browser;

beforeAll(async () => {
  postrider = await startTestApi();
  browser = await startChromium();
}, 600_000);

afterAll(async () => {
  await browser?.close();
  await postrider.stop();
});

/** A page that notes what goes wrong in it, and every host that it asks. */
async function openPage(path: string): Promise<{ page: Page; trouble: string[]; hosts: Set<string> }> {
  const page = await browser.newPage();
  // As patient with a busy machine as the tests of the console.
  page.setDefaultTimeout(60_000);
  const trouble: string[] = [];
  const hosts = new Set<string>();
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) trouble.push(message.text());
  });
  page.on('pageerror', (error) => trouble.push(error.message));
  page.on('requestfailed', (request) => trouble.push(`failed: ${request.url()}`));
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol.startsWith('http')) hosts.add(url.host);
  });
  await page.goto(`${postrider.url}${path}`);
  return { page, trouble, hosts };
}

describe('the pages of the API', () => {
  it('load from here alone, and try calls with the key of who reads them', async () => {
    const { page, trouble, hosts } = await openPage('/docs');
    const operation = page.locator('#operations-API_keys-getMe');
    await operation.waitFor();
    expect(await page.locator('.opblock').count()).toBeGreaterThan(30);

    await page.locator('.auth-wrapper .authorize').first().click();
    await page.locator('#auth-bearer-value').fill(sandboxKey);
    await page.locator('.modal-ux .auth-btn-wrapper .authorize').first().click();
    await page.locator('.modal-ux .btn-done').first().click();

    await operation.locator('.opblock-summary').click();
    await operation.locator('.execute').click();
    const answer = operation
      .locator('.live-responses-table .response-col_description .highlight-code')
      .first();
    await answer.waitFor();
    expect(await answer.textContent()).toContain('org_default');
    expect(
      await operation.locator('.live-responses-table tr.response .response-col_status').first().textContent(),
    ).toContain('200');

    expect(trouble).toEqual([]);
    expect([...hosts]).toEqual([new URL(postrider.url).host]);
    await page.close();
  });

  it('explain every error', async () => {
    const { page, trouble } = await openPage('/docs/errors#invalid');
    expect(await page.locator('#invalid').textContent()).toContain('422');
    expect(trouble).toEqual([]);
    await page.close();
  });
});
