import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Locator } from 'playwright-core';
import type { Loose } from '../support/api.js';
import type { Receiver } from '../support/receiver.js';
import { subscribe, type Subscribed } from '../support/subscribe.js';
import type { Console } from './support/console.js';
import { Stage } from './support/stage.js';

const stage = Stage.set({ env: { TEMPORAL_UI_URL: 'https://temporal.example.com' } });

const script = '<script>document.title="taken"</script><img src=x onerror="document.title=\'taken\'">';
const turned = 'user\u202egnp.exe';

let books: Subscribed;
let slow: Subscribed;

beforeAll(async () => {
  books = await subscribe(stage.postrider.api, {
    url: stage.receiver.url('/books'),
    name: `Books ${script}`,
    retrySchedule: [],
  });
  slow = await subscribe(stage.postrider.api, {
    url: stage.receiver.url('/slow'),
    name: 'Slow',
    retrySchedule: ['1h'],
    headers: [{ name: 'x-api-key', value: 'top-secret-value' }],
  });
});

function isWaiting({ status }: { status: string }): boolean {
  return status === 'waiting';
}

function row(made: Console, text: string | RegExp): Locator {
  return made.page.locator('[data-index]', { hasText: text });
}

/** A delivery whose only attempt was answered so. */
async function delivered(
  answer: Parameters<Receiver['next']>[0],
  event: Parameters<Subscribed['publish']>[0] = {},
): Promise<string> {
  stage.receiver.next(answer);
  const id = await books.publish(event);
  await stage.postrider.over(id);
  return id;
}

describe('S7 what was sent', () => {
  it('shows a new delivery without a reload, and its status as it changes', async () => {
    const made = await stage.open(`/sandbox/sent?eventType=${slow.type}&correlationId=live-1`);
    await made.page.getByText('No delivery matches').waitFor();
    stage.receiver.next(500);
    const id = await slow.publish({ correlationId: 'live-1' });
    await row(made, 'waiting').waitFor();
    await stage.postrider.api.post(`/v1/deliveries/${id}/send-now`);
    await row(made, 'succeeded').waitFor();
  });

  it('moves nothing that is read: further down, new rows are counted until one asks for them', async () => {
    const events = Array.from({ length: 40 }, (_, n) => ({
      type: books.type,
      data: { n },
      correlationId: 'many',
    }));
    const { data } = await stage.postrider.api.make('/v1/events/batch', { events });
    const made = await stage.open('/sandbox/sent?correlationId=many');
    await row(made, books.type).first().waitFor();
    // What stands above the table is loaded after the rows, each part by itself.
    for (const name of ['Filter', 'Replay']) {
      await made.page.getByRole('button', { name, exact: true }).waitFor();
    }
    const table = made.page.getByRole('table', { name: 'Deliveries' });
    await table.evaluate(async (node) => {
      const scrolled = new Promise((resolve) => node.addEventListener('scroll', resolve, { once: true }));
      node.scrollTo(0, 600);
      await scrolled;
    });
    const seen = made.page.locator('[data-index="20"]');
    const before = await seen.boundingBox();
    const last = await books.publish({ correlationId: 'many' });
    const pill = made.page.getByRole('button', { name: '1 new' });
    await pill.waitFor();
    expect(await seen.boundingBox()).toEqual(before);
    await pill.click();
    await pill.waitFor({ state: 'detached' });
    await made.page.waitForFunction(() => document.querySelector('[role=table]')?.scrollTop === 0);
    // One that is late would get an answer that is meant for a delivery of another test.
    const ids = data.flatMap(({ deliveries }: Loose) => deliveries.map(({ id }: Loose) => id as string));
    for (const id of [...ids, last]) await stage.postrider.over(id as string);
  });

  it('pauses, and goes on', async () => {
    const made = await stage.open('/sandbox/sent?correlationId=paused');
    await made.page.getByText('No delivery matches').waitFor();
    await made.page.getByRole('switch', { name: 'Live' }).click({ force: true });
    await made.page.getByText('Paused', { exact: true }).waitFor();
    await delivered(200, { correlationId: 'paused' });
    expect(await row(made, books.type).count()).toBe(0);
    await made.page.getByRole('switch', { name: 'Live' }).click({ force: true });
    await row(made, books.type).waitFor();
  });

  it('narrows by what the contract offers, keeps it in the address, and lets each filter go by its chip', async () => {
    await delivered(200);
    const made = await stage.open('/sandbox/sent');
    const { page } = made;
    const choose = async (field: string, option: string): Promise<void> => {
      await page.getByRole('button', { name: 'Filter', exact: true }).click();
      await page.getByRole('menuitem', { name: field }).click();
      await page.getByRole('option', { name: option, exact: true }).click();
    };
    await choose('Webhook', 'Slow');
    await page.waitForURL(`**/sandbox/sent?webhookId=${slow.webhookId}`);
    await row(made, 'Books').first().waitFor({ state: 'detached' });
    await choose('Status', 'failed');
    await page.getByText('No delivery matches').waitFor();
    await page.getByRole('button', { name: 'All time' }).click();
    await page.getByRole('menuitem', { name: 'Last hour' }).click();
    await page.waitForURL((url) => url.searchParams.get('range') === '1h');
    await page.getByRole('button', { name: 'Remove filter Webhook' }).click();
    await page.waitForURL((url) => !url.searchParams.has('webhookId'));
    await page.getByRole('button', { name: 'Remove filter Status' }).click();
    await row(made, 'Books').first().waitFor();
  });

  it('takes a range of time by its ends', async () => {
    await delivered(200);
    const made = await stage.open('/sandbox/sent');
    await row(made, 'Books').first().waitFor();
    await made.page.getByRole('button', { name: 'All time' }).click();
    await made.page.getByRole('menuitem', { name: 'From and to…' }).click();
    await made.page.getByText('In your time, Europe/Berlin').waitFor();
    await made.page.goto('/sandbox/sent?from=2020-01-01T00:00:00.000Z&to=2020-01-02T00:00:00.000Z');
    await made.page.getByText('No delivery matches').waitFor();
    await made.page.getByRole('button', { name: /1 Jan.* – 2 Jan/ }).waitFor();
  });

  it('is worked by keys: arrows, Enter opens, Esc closes and leads back to the row', async () => {
    await delivered(200, { correlationId: 'keys' });
    await delivered(200, { correlationId: 'keys' });
    const made = await stage.open('/sandbox/sent?correlationId=keys');
    await made.page.locator('[data-index="0"]').focus();
    await made.page.keyboard.press('ArrowDown');
    await made.page.locator('[data-index="1"]:focus').waitFor();
    await made.page.keyboard.press('Enter');
    await made.page.getByRole('region', { name: books.type }).waitFor();
    await made.page.keyboard.press('Escape');
    await made.page.waitForURL('**/sandbox/sent?correlationId=keys');
    await made.page.locator('[data-index="1"]:focus').waitFor();
  });
});

describe('a delivery', () => {
  it('T4 and M5: shows each attempt with request and response as they were, and what an error means', async () => {
    stage.receiver.next({
      status: 503,
      headers: { 'content-type': 'application/json', 'x-trace': 'abc-1' },
      body: '{"error":"busy","n":12345678901234567890}',
    });
    const id = await slow.publish({ data: { total: 7 } });
    await stage.postrider.delivery(id, isWaiting);
    const made = await stage.open(`/sandbox/sent/${id}`);
    const panel = made.page.getByRole('region', { name: slow.type });
    await panel.getByText('HTTP 503', { exact: true }).first().waitFor();
    await panel.getByText('The receiver answered with a status other than 2xx').waitFor();
    await panel.getByText(`POST ${stage.receiver.url('/slow')}`).waitFor();
    await panel.getByText('abc-1').waitFor();
    await panel.getByText('"n": 12345678901234567890').waitFor();
    await panel.getByText('"total": 7').waitFor();
    await panel.getByText(/in (\d+m|1h)/).waitFor();
    const temporal = panel.getByRole('link', { name: 'Open in Temporal' });
    expect(await temporal.getAttribute('href')).toContain(
      `/workflows/${encodeURIComponent(`delivery/${id}`)}`,
    );
    expect(await panel.textContent()).not.toContain('top-secret-value');
    await made.told('Command copied', async () =>
      panel.getByRole('button', { name: 'Copy as curl' }).click(),
    );
    const command = await made.page.evaluate(async () => navigator.clipboard.readText());
    expect(command).toMatch(/^curl --request 'POST' --url 'http:.*\/slow'/);
    expect(command).toContain(`--header 'x-api-key: `);
    expect(command).not.toContain('top-secret-value');
    await made.screenshot('delivery-wide-light');
    expect(await made.accessibilityFaults()).toEqual([]);
  });

  it('is sent now, or cancelled, while it waits', async () => {
    stage.receiver.next(500, 500);
    const id = await slow.publish();
    const other = await slow.publish();
    await stage.postrider.delivery(id, isWaiting);
    await stage.postrider.delivery(other, isWaiting);
    const made = await stage.open(`/sandbox/sent/${id}`);
    const panel = made.page.getByRole('region', { name: slow.type });
    await panel.getByRole('button', { name: 'Send now' }).click();
    await panel.getByText('Attempt 2').waitFor();
    await panel.getByRole('button', { name: 'Resend', exact: true }).waitFor();
    await made.page.goto(`/sandbox/sent/${other}`);
    await panel.getByRole('button', { name: 'Cancel', exact: true }).click();
    await made.page.getByRole('button', { name: 'Cancel the delivery' }).click();
    await panel.getByText('Cancelled', { exact: true }).waitFor();
  });

  it('T6 and S9: resends what has failed, and links the chain both ways', async () => {
    const id = await delivered(400);
    const made = await stage.open(`/sandbox/sent/${id}`);
    const panel = made.page.getByRole('region', { name: books.type });
    await panel.getByText('answered 400, which is never tried again').waitFor();
    await panel.getByRole('button', { name: 'Resend', exact: true }).click();
    await made.page.waitForURL((url) => !url.pathname.endsWith(id));
    await panel.getByText('Succeeded', { exact: true }).waitFor();
    const chain = panel.getByRole('region', { name: 'Chain of resends' });
    await chain.getByRole('link').nth(1).waitFor();
    expect(await chain.getByRole('link').count()).toBe(2);
    await chain.getByRole('link', { name: /First delivery/ }).click();
    await made.page.waitForURL(`**/sandbox/sent/${id}`);
    await panel.getByText('answered 400').waitFor();
  });

  it('offers a viewer nothing that it may not do', async () => {
    const id = await delivered(400);
    const { key } = await stage.postrider.api.make('/v1/api-keys', { name: 'looker', role: 'viewer' });
    const made = await stage.open(`/sandbox/sent/${id}`, { keys: [key as string] });
    await made.page.getByText('answered 400').waitFor();
    expect(await made.page.getByRole('button', { name: /Resend|Replay/ }).count()).toBe(0);
    expect(await made.page.getByRole('checkbox').count()).toBe(0);
  });
});

describe('payloads from outside', () => {
  it.each(['wide', 'phone'] as const)('are text alone, and the layout holds (%s)', async (size) => {
    const id = await delivered(
      {
        status: 400,
        headers: { 'content-type': 'text/html', 'x-note': `<b>bold</b>${'long'.repeat(900)}` },
        body: `${script}{"broken": ${'x'.repeat(70_000)}`,
      },
      {
        data: { [script]: turned, deep: 'w'.repeat(60_000) },
        correlationId: `<i>${'c'.repeat(190)}</i>`,
      },
    );
    const made = await stage.open(`/sandbox/sent/${id}`, { size });
    const panel = made.page.getByRole('region', { name: books.type });
    await panel.getByText('Cut here').waitFor();
    expect(
      await panel.getByRole('region', { name: 'Body of the response to attempt 1' }).textContent(),
    ).toContain(script);
    expect(await panel.textContent()).toContain('user\\u202egnp.exe');
    expect(await made.page.locator('img[src="x"], b:has-text("bold"), i:has-text("ccc")').count()).toBe(0);
    expect(await made.page.title()).not.toBe('taken');
    const overflow = async (): Promise<number> =>
      made.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(await overflow()).toBeLessThanOrEqual(0);
    expect(await panel.evaluate((node) => node.scrollWidth - node.clientWidth)).toBeLessThanOrEqual(0);
    await made.screenshot(`hostile-payload-${size}`);
    await made.page.goto('/sandbox/sent');
    await row(made, 'Books').first().waitFor();
    expect(await overflow()).toBeLessThanOrEqual(0);
  });
});

describe('S8 what was received', () => {
  it('appears as it arrives, with whether it was verified, its query, headers and body', async () => {
    const source = await stage.postrider.api.make('/v1/sources', {
      name: 'Callbacks',
      kind: 'callback',
      verification: { type: 'header', header: 'x-token', value: 'the-token-of-the-source' },
    });
    const made = await stage.open('/sandbox/received');
    await made.page.getByText('Nothing has arrived yet').waitFor();
    await fetch(`${String(source.url)}?order=${encodeURIComponent('<b>7</b>')}`, {
      method: 'PUT',
      headers: { 'x-token': 'wrong', 'x-note': '<u>noted</u>' },
      body: script,
    });
    await row(made, 'not verified').click();
    const panel = made.page.getByRole('region', { name: 'PUT to Callbacks' });
    await panel.getByText('It does not prove who sent it').waitFor();
    await panel.getByRole('region', { name: 'Query' }).getByText('<b>7</b>').waitFor();
    await panel.getByText('<u>noted</u>').waitFor();
    await panel.getByText(script).waitFor();
    await made.screenshot('received-wide-light');
    expect(await made.accessibilityFaults()).toEqual([]);
    await made.page.goto('/sandbox/received?verified=true');
    await made.page.getByText('No request matches').waitFor();
  });
});

describe.each([
  { size: 'wide', scheme: 'dark' },
  { size: 'phone', scheme: 'light' },
  { size: 'phone', scheme: 'dark' },
] as const)('the monitor, $size and $scheme', ({ size, scheme }) => {
  it('is accessible, the list and a delivery', async () => {
    const id = await delivered(400);
    const made = await stage.open('/sandbox/sent', { size, scheme });
    await row(made, 'failed').first().waitFor();
    await made.screenshot(`sent-${size}-${scheme}`);
    expect(await made.accessibilityFaults()).toEqual([]);
    await made.page.goto(`/sandbox/sent/${id}`);
    await made.page.getByText('Failed for good').waitFor();
    await made.screenshot(`delivery-${size}-${scheme}`);
    expect(await made.accessibilityFaults()).toEqual([]);
  });
});
