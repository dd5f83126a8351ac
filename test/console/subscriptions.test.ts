import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Locator } from 'playwright-core';
import type { Loose } from '../support/api.js';
import { waitFor } from '../support/wait.js';
import type { Console } from './support/console.js';
import { Stage } from './support/stage.js';

const stage = Stage.set();

let dispatch: Loose;
let kept: Loose;

const complex = {
  priority: 'High',
  $or: [{ flow: { $in: ['Delivery', 'Urgent Delivery'] } }, { 'task.fields.codAmount': { $gte: 1_000 } }],
  'task.items': { $elemMatch: { sku: 'GLN-19' } },
};

beforeAll(async () => {
  const { api } = stage.postrider;
  await api.post('/v1/catalogues/mileapp/import');
  dispatch = await api.make('/v1/webhooks', { name: 'Dispatch desk', url: 'http://127.0.0.1:9/dispatch' });
  kept = await api.make('/v1/subscriptions', {
    name: 'Gallons',
    eventTypes: ['task.created', 'task.finished'],
    webhookId: dispatch.id,
    filter: complex,
  });
  await api.make('/v1/subscriptions', {
    name: 'Trips',
    eventTypes: ['trip.started'],
    webhookId: dispatch.id,
  });
});

function field({ page }: Console, name: string): Locator {
  return page.getByRole('combobox', { name, exact: true });
}

describe('subscriptions on the console', () => {
  it('S1: one names its event types, and exactly one webhook; without either it is not made', async () => {
    const made = await stage.open('/sandbox/subscriptions/new');
    const { page } = made;
    await page.getByRole('button', { name: 'Subscribe' }).click();
    await page.getByText('Choose at least one event type').waitFor();
    await page.getByText('Choose the webhook that these events go to').waitFor();
    await page.getByLabel('Narrow the event types').fill('task.');
    await page.getByRole('checkbox', { name: 'Tasks', exact: true }).check();
    await page.getByText('3 chosen').waitFor();
    await page.getByRole('checkbox', { name: /^task\.finished/ }).uncheck();
    await page
      .getByRole('region', { name: 'New subscription' })
      .getByRole('combobox', { name: 'Webhook', exact: true })
      .click();
    await page.getByRole('option', { name: /Dispatch desk/ }).click();
    await page.getByLabel('Name', { exact: true }).fill('Both');
    await page.getByRole('button', { name: 'Subscribe' }).click();
    await page.waitForURL(/\/subscriptions\/sub_/);
    const id = new URL(page.url()).pathname.split('/').at(-1) ?? '';
    expect((await stage.postrider.api.get(`/v1/subscriptions/${id}`)).body).toMatchObject({
      name: 'Both',
      eventTypes: ['task.assigned', 'task.created'],
      webhookId: dispatch.id,
      filter: null,
      active: true,
    });
  });

  it('M3: rules are built from the sample, tried as they are typed, and saved', async () => {
    const made = await stage.open(
      `/sandbox/subscriptions/new?eventType=task.created&webhookId=${dispatch.id as string}`,
    );
    const { page } = made;
    await page.getByText('1 chosen').waitFor();
    await page.getByRole('button', { name: 'Rule', exact: true }).click();
    await field(made, 'Field').fill('prio');
    await page.getByRole('option', { name: /^priority/ }).click();
    await field(made, 'Value').fill('Low');
    await page.getByRole('button', { name: 'Try it on a sample' }).click();
    await page.getByText('priority is "High", must equal "Low"').waitFor();
    await made.screenshot('subscription-try-out-wide-light');
    await field(made, 'Value').fill('High');
    await page.getByText('It passes: every rule holds').waitFor();
    await page.getByRole('button', { name: 'Dry run on yesterday' }).click();
    await page.getByText('No events of these types in the last 24 hours').waitFor();
    await page.getByRole('button', { name: 'Subscribe' }).click();
    await page.waitForURL(/\/subscriptions\/sub_/);
    const id = new URL(page.url()).pathname.split('/').at(-1) ?? '';
    expect((await stage.postrider.api.get(`/v1/subscriptions/${id}`)).body.filter).toEqual({
      priority: 'High',
    });
  });

  it('M3: a filter that the builder has no form for stays whole through a change', async () => {
    const made = await stage.open(`/sandbox/subscriptions/${kept.id as string}`);
    const { page } = made;
    await page.getByText('{"task.items":{"$elemMatch":{"sku":"GLN-19"}}}').waitFor();
    await page.getByText('Kept as it is').scrollIntoViewIfNeeded();
    await made.screenshot('subscription-rules-wide-light');
    await page.getByRole('group', { name: 'Rule priority' }).getByLabel('Value', { exact: true }).fill('Low');
    await page.getByText('JSON', { exact: true }).first().click();
    await page.getByLabel('Filter as JSON').getByText('$elemMatch').waitFor();
    await page.getByRole('button', { name: 'Save' }).click();
    await waitFor('the saved filter', async () => {
      const { body } = await stage.postrider.api.get(`/v1/subscriptions/${kept.id as string}`);
      return body.filter.priority === 'Low' ? body.filter : undefined;
    }).then((filter) => expect(filter).toEqual({ ...complex, priority: 'Low' }));
  });

  it('M3: the JSON says what is wrong with it, where, and is not saved', async () => {
    const made = await stage.open(`/sandbox/subscriptions/${kept.id as string}`);
    const { page } = made;
    await page.getByText('Kept as it is').waitFor();
    await page.getByText('JSON', { exact: true }).first().click();
    await page.getByLabel('Filter as JSON').click();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.insertText('{"priority": {"$regex": "^H"}}');
    await page.getByText('priority.$regex', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Save' }).click();
    await page
      .getByText(/unknown operator/)
      .first()
      .waitFor();
    expect(
      (await stage.postrider.api.get(`/v1/subscriptions/${kept.id as string}`)).body.filter,
    ).not.toHaveProperty('priority.$regex');
  });

  it('M2: on and off right in the table, narrowed by the address', async () => {
    const made = await stage.open('/sandbox/subscriptions?search=TRIP');
    const { page } = made;
    const row = page.getByRole('row', { name: /Trips/ });
    await row.waitFor();
    expect(await page.getByRole('row', { name: /Gallons/ }).count()).toBe(0);
    await row.getByRole('switch').press('Space');
    await row.getByText('off', { exact: true }).waitFor();
    await waitFor('the switched subscription', async () => {
      const { body } = await stage.postrider.api.get('/v1/subscriptions?search=trips');
      return body.data[0].active === false || undefined;
    });
    expect(new URL(page.url()).pathname).toBe('/sandbox/subscriptions');
  });

  it('shows a viewer what there is, to read and to try, and offers no change', async () => {
    const { key } = await stage.postrider.api.make('/v1/api-keys', { name: 'Looks on', role: 'viewer' });
    const made = await stage.open(`/sandbox/subscriptions/${kept.id as string}`, { keys: [key as string] });
    const { page } = made;
    await page.getByText('The filter keeps it out').or(page.getByText('It passes')).waitFor();
    expect(await page.getByRole('switch').count()).toBe(0);
    expect(await page.getByRole('link', { name: 'New', exact: true }).count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Save' }).count()).toBe(0);
  });
});

describe.each([
  { size: 'wide', scheme: 'dark' },
  { size: 'phone', scheme: 'light' },
] as const)('subscriptions, $size and $scheme', ({ size, scheme }) => {
  it('are accessible, table and panel', async () => {
    const made = await stage.open('/sandbox/subscriptions', { size, scheme });
    const { page } = made;
    await page.getByRole('row', { name: /Gallons/ }).waitFor();
    await page.getByRole('link', { name: 'Dispatch desk' }).first().waitFor();
    await made.screenshot(`subscriptions-${size}-${scheme}`);
    expect(await made.accessibilityFaults()).toEqual([]);
    await page.goto(`/sandbox/subscriptions/${kept.id as string}`);
    await page.getByText('Kept as it is').waitFor();
    await page.getByRole('button', { name: 'Try it on a sample' }).click();
    await page.getByLabel('Data to try').waitFor();
    await made.screenshot(`subscription-panel-${size}-${scheme}`);
    expect(await made.accessibilityFaults()).toEqual([]);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
  });
});
