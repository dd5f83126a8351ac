import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Console } from './support/console.js';
import { Stage } from './support/stage.js';

const stage = Stage.set();

let tab: Console;

beforeAll(async () => {
  await stage.postrider.api.make('/v1/event-types', { name: 'order.made', samplePayload: { order: 'A-1' } });
});

describe('the test URL', () => {
  it('T3 is made by one click, shows what arrives, and gets a webhook by one more', async () => {
    tab = await stage.open('/sandbox/test-url');
    await tab.page.getByRole('button', { name: 'Make a test URL' }).click();
    await tab.page.getByText('Waiting for the first request').waitFor();
    await tab.page.getByText('in 7 days').waitFor();
    await tab.screenshot('test-url-waiting-wide-light');
    await tab.told('URL copied', async () => tab.page.getByRole('button', { name: 'Copy URL' }).click());
    const url = await tab.page.evaluate(async () => navigator.clipboard.readText());
    expect(await tab.page.getByRole('region', { name: 'The test URL' }).locator('code').textContent()).toBe(
      url,
    );

    await fetch(url, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: '{"hello":{"to":"<b>you</b>"}}',
    });
    const arrived = tab.page.getByRole('region', { name: 'What arrived' });
    await arrived.getByText('"to": "<b>you</b>"').waitFor();
    await tab.screenshot('test-url-arrived-wide-light');
    expect(await tab.accessibilityFaults()).toEqual([]);

    await tab.page.getByRole('button', { name: 'Make a webhook for it' }).click();
    await tab.page.waitForURL(/\/webhooks\/wh_.*tab=test/);
    await tab.page.getByRole('button', { name: 'Send test' }).click();
    await tab.page.getByText('It arrived').waitFor();
    await tab.page.getByRole('link', { name: 'Test URL' }).click();
    await arrived.getByRole('button', { name: /order\.made/ }).click();
    await arrived.getByText('"order": "A-1"').waitFor();
  });

  it.each([
    { size: 'wide', scheme: 'dark' },
    { size: 'phone', scheme: 'light' },
  ] as const)('is accessible and has no overflow, $size and $scheme', async (view) => {
    const { id, url } = await stage.postrider.api.make('/v1/sources', { kind: 'test' });
    await fetch(url, { method: 'POST', body: '{"a":1}' });
    tab = await stage.open(`/sandbox/test-url/${id}`, view);
    await tab.page.getByText('"a": 1').waitFor();
    await tab.screenshot(`test-url-${view.size}-${view.scheme}`);
    expect(await tab.accessibilityFaults()).toEqual([]);
    expect(
      await tab.page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
    ).toBeLessThanOrEqual(0);
  });
});
