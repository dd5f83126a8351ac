import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Reply } from '../support/receiver.js';
import { productionKey } from '../support/postrider.js';
import { subscribe, type Subscribed } from '../support/subscribe.js';
import { waitFor } from '../support/wait.js';
import { Stage } from './support/stage.js';

const stage = Stage.set();

let books: Subscribed;

beforeAll(async () => {
  stage.receiver.always(refuseOnce());
  books = await subscribe(stage.postrider.api, {
    url: stage.receiver.url(),
    name: 'Books',
    retrySchedule: [],
  });
});

const failsFirst = 'fails-first';

/** Refuses each event whose correlation id says so once, and takes it when it is sent again. */
function refuseOnce(): Reply {
  const seen = new Set<string>();
  return ({ headers }, response) => {
    const id = String(headers['webhook-id']);
    const refuses = String(headers['postrider-correlation-id']).startsWith(failsFirst) && !seen.has(id);
    seen.add(id);
    response.writeHead(refuses ? 400 : 200).end();
  };
}

/** Publishes so many events whose delivery fails, and waits until it has. */
async function failed(count: number, correlationId: string): Promise<void> {
  const events = Array.from({ length: count }, (_, n) => ({ type: books.type, data: { n }, correlationId }));
  await stage.postrider.api.make('/v1/events/batch', { events });
  await waitFor(`${count} failed deliveries`, async () => {
    const { body } = await stage.postrider.api.get(
      `/v1/deliveries?status=failed&limit=200&correlationId=${correlationId}`,
    );
    return (body as { data: unknown[] }).data.length === count;
  });
}

describe('events', () => {
  it('L9 and M6: an event says why it was not sent: no subscription, off, a filter, another event', async () => {
    const { api } = stage.postrider;
    await api.make('/v1/event-types', { name: 'task.created' });
    const made = await stage.open('/sandbox/events?type=task.created');
    await made.page.getByText('No event matches').waitFor();
    await api.make('/v1/events', { type: 'task.created', data: { priority: 'Low', n: 1 } });
    await made.page.locator('[data-index="0"]', { hasText: 'went nowhere' }).click();
    const panel = made.page.getByRole('region', { name: 'task.created' });
    const why = panel.getByRole('region', { name: 'Why was it not sent?' });
    await why.getByText('No subscription takes task.created').waitFor();
    await why.getByText('1 subscription is for other event types').waitFor();
    const types = ['task.created'];
    const urgent = await api.make('/v1/webhooks', {
      name: 'Urgent',
      url: stage.receiver.url(),
      eventTypes: types,
      filter: { priority: 'High' },
    });
    const archive = await api.make('/v1/webhooks', {
      name: 'Archive',
      url: stage.receiver.url(),
      eventTypes: types,
      state: 'off',
    });
    await made.page.reload();
    await why.getByText('priority is "Low", must equal "High"').waitFor();
    await why.getByText('the event has "Low"').waitFor();
    const mend = why.getByRole('link', { name: 'Change the filter' });
    expect(await mend.getAttribute('href')).toBe(`/sandbox/subscriptions/${String(urgent.subscriptionId)}`);
    const on = why.getByRole('link', { name: 'Switch the webhook on' });
    expect(await on.getAttribute('href')).toBe(`/sandbox/webhooks/${String(archive.id)}`);
    await panel.getByText('"priority": "Low"').waitFor();
    await made.screenshot('event-wide-light');
    expect(await made.accessibilityFaults()).toEqual([]);
  });

  it('S10: are found by idempotency key and correlation id, and lead to their deliveries', async () => {
    const id = await books.publish({ idempotencyKey: 'order-4711', correlationId: 'session-9' });
    await stage.postrider.over(id);
    const made = await stage.open('/sandbox/events?idempotencyKey=order-4711&correlationId=session-9');
    await made.page.locator('[data-index]', { hasText: '1 succeeded' }).click();
    await made.page.getByRole('region', { name: 'Deliveries' }).getByRole('link').click();
    await made.page.waitForURL(`**/sandbox/sent/${id}`);
    await made.page.getByText('Succeeded', { exact: true }).waitFor();
  });
});

describe('replays', () => {
  it('sends what was picked by hand again: with Shift a range, by keys too', async () => {
    await failed(4, `${failsFirst}-picked`);
    const made = await stage.open(`/sandbox/sent?correlationId=${failsFirst}-picked&status=failed`);
    const { page } = made;
    await page.locator('[data-index="3"]').waitFor();
    await page.locator('[data-index="0"]').getByRole('checkbox').click();
    await page
      .locator('[data-index="2"]')
      .getByRole('checkbox')
      .click({ modifiers: ['Shift'] });
    await page.getByRole('button', { name: 'Replay 3 selected' }).waitFor();
    await page.locator('[data-index="2"]').focus();
    await page.keyboard.press('Space');
    await page.getByRole('button', { name: 'Replay 2 selected' }).click();
    const dialog = page.getByRole('dialog', { name: 'Replay deliveries' });
    await dialog.getByText('2 deliveries').waitFor();
    await made.screenshot('replay-dialog-wide-light');
    expect(await made.accessibilityFaults()).toEqual([]);
    await dialog.getByRole('button', { name: 'Replay 2' }).click();
    await page.waitForURL('**/sandbox/replays/rpl_*');
    const panel = page.getByRole('region', { name: 'Replay' });
    await panel.getByText('2 of 2 sent again').waitFor();
    await panel.getByText('succeeded', { exact: true }).waitFor();
    await panel.getByText('2 picked by hand').waitFor();
  });

  it('sends all that a filter finds again, and is paused, resumed and cancelled on its way', async () => {
    // At one a second, it takes a minute and a half.
    await failed(90, `${failsFirst}-steered`);
    const made = await stage.open(`/sandbox/sent?correlationId=${failsFirst}-steered`);
    const { page } = made;
    await page.locator('[data-index="0"]').waitFor();
    await page.getByRole('button', { name: 'Replay', exact: true }).click();
    await page.getByRole('menuitem', { name: 'All failed that match this filter' }).click();
    const dialog = page.getByRole('dialog', { name: 'Replay deliveries' });
    await dialog.getByLabel('At most, a second').fill('1');
    await dialog.getByRole('button', { name: 'Replay 90' }).click();
    const panel = page.getByRole('region', { name: 'Replay' });
    await panel.getByRole('button', { name: 'Pause' }).click();
    await panel.getByText('paused', { exact: true }).waitFor();
    await made.screenshot('replay-wide-light');
    expect(await made.accessibilityFaults()).toEqual([]);
    await panel.getByRole('button', { name: 'Resume' }).click();
    await panel.getByText('running', { exact: true }).waitFor();
    await panel.getByRole('button', { name: 'Cancel', exact: true }).click();
    await page.getByRole('button', { name: 'Cancel the replay' }).click();
    await panel.getByText('cancelled', { exact: true }).waitFor();
    await page
      .getByRole('table', { name: 'Replays' })
      .getByRole('row', { name: /cancelled/ })
      .waitFor();
  });

  it('asks in production for the number, typed', async () => {
    const production = stage.postrider.as(productionKey);
    const live = await subscribe(production, { url: stage.receiver.url(), name: 'Live', retrySchedule: [] });
    const id = await live.publish({ correlationId: failsFirst });
    const made = await stage.open('/production/sent', { keys: [productionKey] });
    const { page } = made;
    await page.locator('[data-index]', { hasText: 'failed' }).getByRole('checkbox').click();
    await page.getByRole('button', { name: 'Replay 1 selected' }).click();
    const dialog = page.getByRole('dialog', { name: 'Replay deliveries' });
    const go = dialog.getByRole('button', { name: 'Replay 1' });
    await dialog.getByText('This is production').waitFor();
    expect(await go.isDisabled()).toBe(true);
    await dialog.getByLabel(/Type 1 to go on/).fill('1');
    await go.click();
    await page.waitForURL('**/production/replays/rpl_*');
    await page.getByText('1 of 1 sent again').waitFor();
    await page.goto(`/production/sent/${id}`);
    await page.getByRole('region', { name: 'Chain of resends' }).waitFor();
  });
});

describe.each([
  { size: 'wide', scheme: 'dark' },
  { size: 'phone', scheme: 'light' },
] as const)('events and replays, $size and $scheme', ({ size, scheme }) => {
  it('are accessible', async () => {
    const { api } = stage.postrider;
    await stage.postrider.over(await books.publish());
    await api.make('/v1/replays', { filter: { webhookId: books.webhookId } });
    const made = await stage.open('/sandbox/events', { size, scheme });
    await made.page.locator('[data-index="0"]').click();
    await made.page.getByRole('region', { name: books.type }).getByText('Data', { exact: true }).waitFor();
    await made.screenshot(`event-${size}-${scheme}`);
    expect(await made.accessibilityFaults()).toEqual([]);
    await made.page.goto('/sandbox/replays');
    await made.page.getByRole('heading', { name: 'Replays' }).waitFor();
    await made.page.locator('[data-index="0"]').waitFor();
    await made.screenshot(`replays-${size}-${scheme}`);
    expect(await made.accessibilityFaults()).toEqual([]);
  });
});
