import { describe, expect, it } from '@jest/globals';
import { productionKey } from '../support/postrider.js';
import { waitFor } from '../support/wait.js';
import type { Console } from './support/console.js';
import { Stage } from './support/stage.js';

const stage = Stage.set();

async function replaceText({ page }: Console, label: string, text: string): Promise<void> {
  await page.getByLabel(label, { exact: true }).click();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.insertText(text);
}

describe('event types on the console', () => {
  it('L6, M1, T1: a catalogue is imported, and found by category and by what one types', async () => {
    const made = await stage.open('/sandbox/event-types');
    const { page } = made;
    await page.getByText('No event types yet').waitFor();
    await made.screenshot('event-types-empty-wide-light');
    await page.getByRole('link', { name: 'Import a catalogue' }).click();
    for (const [pack, count] of [
      ['LMI', 3],
      ['MileApp', 8],
      ['Loopit', 36],
    ] as const) {
      await made.told(`${pack}: ${count} event types imported`, async () =>
        page.getByRole('button', { name: `Import ${pack}` }).click(),
      );
    }
    await made.screenshot('catalogues-wide-light');
    await page.getByRole('button', { name: 'Close' }).last().click();
    await page.getByRole('searchbox').fill('e-check');
    await page
      .getByRole('row', { name: /booking/ })
      .first()
      .waitFor({ state: 'detached' });
    await page.getByRole('row', { name: /financial\.echeck\.processed/ }).waitFor();
    expect(await page.locator('[role=row][data-index]').count()).toBe(1);
    await page.goto('/sandbox/event-types?category=Bookings');
    await page.getByRole('row', { name: /booking\.confirmed/ }).waitFor();
    const categories = await page.locator('[data-title="Category"]').allTextContents();
    expect(new Set(categories)).toEqual(new Set(['Bookings']));
  });

  it('one is made with a sample and a schema, what is wrong with it stands beside, and is deleted', async () => {
    const made = await stage.open('/sandbox/event-types/new');
    made.expectStatus(422);
    const { page } = made;
    await page.getByLabel('Name').fill('order.paid');
    await page.getByPlaceholder('Orders', { exact: true }).fill('Orders');
    await replaceText(made, 'Schema', '{"properties": {"total": {"type": "money"}}}');
    await page.getByRole('button', { name: 'Make event type' }).click();
    await page.getByText('properties.total.type', { exact: true }).waitFor();
    await replaceText(made, 'Schema', '{"required": ["total"], "properties": {"total": {"type": "number"}}}');
    await replaceText(made, 'Sample payload', '{"total": 12}');
    await page.getByRole('button', { name: 'Make event type' }).click();
    await page.waitForURL('**/event-types/order.paid');
    await page.getByText('None: events of this type go nowhere yet.').waitFor();
    expect((await stage.postrider.api.get('/v1/event-types/order.paid')).body).toMatchObject({
      category: 'Orders',
      samplePayload: { total: 12 },
      schema: { required: ['total'] },
    });
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.waitForURL('**/sandbox/event-types');
    await waitFor('the deletion', async () => {
      const { status } = await stage.postrider.api.get('/v1/event-types/order.paid');
      return status === 404 || undefined;
    });
  });

  it('J3: a sample is published, refused where the schema does, and its deliveries are followed', async () => {
    await stage.postrider.api.post('/v1/catalogues/lehjah/import');
    await stage.postrider.api.make('/v1/webhooks', {
      name: 'Books',
      url: stage.receiver.url(),
      eventTypes: ['NEW_BUSINESS'],
    });
    const made = await stage.open('/sandbox/event-types/NEW_BUSINESS/publish');
    made.expectStatus(422);
    const { page } = made;
    await page.getByLabel('Data', { exact: true }).getByText('biz_7Qm2').waitFor();
    await replaceText(made, 'Data', '{"business": {"id": 7}}');
    await page.getByRole('button', { name: 'Publish', exact: true }).click();
    await page.getByText('business.id', { exact: true }).waitFor();
    await page.getByText('owner', { exact: true }).waitFor();
    await made.screenshot('publish-refused-wide-light');
    await page.getByRole('button', { name: 'Back to the sample' }).click();
    await page.getByLabel('Correlation id').fill('order-7');
    await page.getByRole('button', { name: 'Publish', exact: true }).click();
    await page.getByText('Published, with 1 delivery').waitFor();
    await page.getByRole('table', { name: 'Deliveries' }).getByText('succeeded').waitFor();
    await made.screenshot('published-wide-light');
    await page.getByRole('link', { name: 'Open the event' }).click();
    await page.waitForURL(/\/sandbox\/events\/evt_/);
    const { body } = await stage.postrider.api.get('/v1/events?correlationId=order-7');
    expect(body.data).toMatchObject([{ type: 'NEW_BUSINESS', data: { business: { id: 'biz_7Qm2' } } }]);
  });

  it('J3: production asks before it publishes', async () => {
    const production = stage.postrider.as(productionKey);
    await production.make('/v1/event-types', { name: 'order.paid', samplePayload: { total: 1 } });
    const made = await stage.open('/production/event-types/order.paid/publish', { keys: [productionKey] });
    const { page } = made;
    await page.getByRole('button', { name: 'Publish in production' }).click();
    await page.getByRole('dialog', { name: 'Publish in production?' }).waitFor();
    await made.screenshot('publish-production-wide-light');
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect((await production.get('/v1/events')).body.data).toEqual([]);
    await page.getByRole('button', { name: 'Publish in production' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Publish' }).click();
    await page.getByText('No subscription takes order.paid yet.').waitFor();
  });
});

describe.each([
  { size: 'wide', scheme: 'dark' },
  { size: 'phone', scheme: 'light' },
] as const)('event types, $size and $scheme', ({ size, scheme }) => {
  it('are accessible: table, panel, form', async () => {
    expect((await stage.postrider.api.post('/v1/catalogues/mileapp/import')).status).toBe(200);
    const made = await stage.open('/sandbox/event-types', { size, scheme });
    const { page } = made;
    await page
      .getByRole('row', { name: /task\.created/ })
      .or(page.getByRole('row').nth(3))
      .first()
      .waitFor();
    await made.screenshot(`event-types-${size}-${scheme}`);
    expect(await made.accessibilityFaults()).toEqual([]);
    await page.goto('/sandbox/event-types/task.created');
    await page.getByRole('region', { name: 'Sample payload' }).waitFor();
    await made.screenshot(`event-type-panel-${size}-${scheme}`);
    expect(await made.accessibilityFaults()).toEqual([]);
    await page.goto('/sandbox/event-types/task.created/publish');
    await page.getByLabel('Data', { exact: true }).waitFor();
    await made.screenshot(`publish-${size}-${scheme}`);
    expect(await made.accessibilityFaults()).toEqual([]);
  });
});
