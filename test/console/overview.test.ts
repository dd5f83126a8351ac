import { beforeAll, describe, expect, it } from '@jest/globals';
import { productionKey } from '../support/postrider.js';
import { subscribe, type Subscribed } from '../support/subscribe.js';
import { waitFor } from '../support/wait.js';
import type { Console } from './support/console.js';
import { Stage } from './support/stage.js';

const stage = Stage.set();

let billing: Subscribed;

/** What a receiver may answer to try the console: none of it may become a part of the page. */
const hostile = '<img src=x onerror="document.title=\'broken\'"> \u202e';

beforeAll(async () => {
  billing = await subscribe(stage.postrider.api, {
    name: 'Billing',
    url: stage.receiver.url('/billing'),
    retrySchedule: ['2h'],
  });
  await stage.postrider.over(await billing.publish());
  await stage.postrider.api.patch(`/v1/webhooks/${billing.webhookId}`, {
    headers: [{ name: 'x-version', value: '2', secret: false }],
    payloadTemplate: { sum: '{total}' },
  });
  stage.receiver.always({
    status: 500,
    headers: { 'content-type': 'text/html', 'x-note': '<b>bold</b>' },
    body: hostile,
  });
  await stage.postrider.delivery(await billing.publish(), ({ status }) => status === 'waiting');
});

async function overflowOf({ page }: Console): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
}

describe('the overview', () => {
  it('tells what fails now, since when, why, and how many wait for it, and leads there', async () => {
    const { page } = await stage.open('/sandbox/overview');
    const failing = page.getByRole('region', { name: 'Failing now' });
    await failing.getByText('HTTP 500').waitFor();
    const row = await failing.getByRole('listitem').textContent();
    expect(row).toMatch(/Billing.*HTTP 500.*since .*1 waiting/);
    await failing.getByRole('link', { name: '1 waiting' }).click();
    await page.waitForURL(`**/sandbox/sent?webhookId=${billing.webhookId}&status=waiting`);
  });

  it('counts events, deliveries and latency, by themselves as they grow', async () => {
    const { page } = await stage.open('/sandbox/overview');
    const events = page.getByRole('region', { name: 'The last 24 hours' }).locator('dd').first();
    await events.getByText(/^\d+$/).waitFor();
    const before = Number(await events.textContent());
    expect(before).toBeGreaterThanOrEqual(2);
    await billing.publish();
    await page.waitForFunction(
      ([selector, count]) => Number(document.querySelector(selector)?.textContent) > count,
      ['section[aria-label="The last 24 hours"] dd', before] as const,
    );
    await page
      .getByRole('figure', { name: 'Deliveries that ended over time' })
      .locator('path')
      .first()
      .waitFor();
  });

  it('keeps the range of time in the address', async () => {
    const made = await stage.open('/sandbox/overview');
    await made.page.getByText('30 days').click();
    await made.page.waitForURL('**/sandbox/overview?range=30d');
    await made.page.getByRole('region', { name: 'The last 30 days' }).waitFor();
    await made.page.reload();
    await made.page.getByRole('region', { name: 'The last 30 days' }).waitFor();
  });

  it('leads a new environment through its first steps', async () => {
    const made = await stage.open('/production/overview', { keys: [productionKey] });
    const steps = made.page.getByRole('region', { name: 'First steps' });
    await steps.getByRole('listitem').first().waitFor();
    await made.screenshot('overview-first-steps');
    await steps.getByRole('link', { name: 'Add event types' }).click();
    await made.page.waitForURL('**/production/event-types/import');
    await made.page.goto('/production/overview');
    await steps.getByRole('link', { name: 'New webhook' }).click();
    await made.page.waitForURL('**/production/webhooks/new');
  });
});

describe('last success against first failure', () => {
  it('shows both side by side, what differs, and who changed what in between', async () => {
    const made = await stage.open('/sandbox/overview');
    const { page } = made;
    await page.getByRole('link', { name: 'What changed?' }).click();
    await page.waitForURL(`**/sandbox/webhooks/${billing.webhookId}/comparison`);
    const changes = page.getByRole('region', { name: 'Changed in between' });
    expect(await changes.getByRole('listitem').textContent()).toMatch(
      /admin.*updated the webhook Billing.*headers\.x-version.*nothing.*2.*payloadTemplate.*\{total\}/,
    );
    const status = page.getByRole('row', { name: /^status/ });
    await status.getByRole('cell').nth(1).waitFor();
    expect(await status.getByRole('cell').allTextContents()).toEqual(['HTTP 200', 'HTTP 500']);
    const request = page.getByRole('table', { name: 'Request', exact: true });
    await request.getByRole('rowheader').first().waitFor();
    expect(await request.getByRole('rowheader').allTextContents()).toEqual(['x-version']);
    const body = page.getByRole('table', { name: 'Body of the request' });
    expect(await body.textContent()).toContain('"sum": 12.5');
    await page.getByLabel('Show what is the same').check();
    await page.waitForURL('**/comparison?all=true');
    await request.getByRole('rowheader', { name: 'webhook-signature' }).waitFor();
  });

  it('shows what a receiver answers as text, whatever it is', async () => {
    const { page } = await stage.open(`/sandbox/webhooks/${billing.webhookId}/comparison`);
    const body = page.getByRole('table', { name: 'Body of the response' });
    await body.waitFor();
    expect(await body.textContent()).toContain('<img src=x onerror');
    expect(await body.textContent()).toContain(String.raw`\u202e`);
    expect(await page.locator('img[src=x]').count()).toBe(0);
    expect(await page.title()).toBe('What changed? · Postrider');
  });

  it('says so where nothing failed, or nothing succeeded before', async () => {
    const fresh = await subscribe(stage.postrider.api, { name: 'Fresh', url: stage.receiver.url('/fresh') });
    const { page } = await stage.open(`/sandbox/webhooks/${fresh.webhookId}/comparison`);
    await page.getByRole('heading', { name: 'Nothing has failed' }).waitFor();
    const delivery = await fresh.publish();
    await stage.postrider.delivery(delivery, ({ attempts }) => attempts.length > 0);
    await waitFor('the failure to be kept', async () => {
      const { body } = await stage.postrider.api.get(`/v1/webhooks/${fresh.webhookId}/comparison`);
      return body.firstFailure !== null;
    });
    await page.reload();
    await page.getByText('No attempt has succeeded yet').waitFor();
  });
});

describe.each([
  { size: 'wide', scheme: 'light' },
  { size: 'wide', scheme: 'dark' },
  { size: 'phone', scheme: 'light' },
  { size: 'phone', scheme: 'dark' },
] as const)('overview and comparison, $size and $scheme', ({ size, scheme }) => {
  it('are accessible, and fit', async () => {
    const made = await stage.open('/sandbox/overview', { size, scheme });
    await made.page.getByRole('figure', { name: 'Latency' }).locator('svg').first().waitFor();
    await made.screenshot(`overview-${size}-${scheme}`);
    expect(await made.accessibilityFaults()).toEqual([]);
    expect(await overflowOf(made)).toBeLessThanOrEqual(0);
    await made.page.goto(`/sandbox/webhooks/${billing.webhookId}/comparison`);
    await made.page.getByRole('table', { name: 'Body of the response' }).waitFor();
    await made.screenshot(`comparison-${size}-${scheme}`);
    expect(await made.accessibilityFaults()).toEqual([]);
    expect(await overflowOf(made)).toBeLessThanOrEqual(0);
  });
});
