import { beforeAll, expect, it } from '@jest/globals';
import { sandboxKey } from '../support/postrider.js';
import { Stage } from './support/stage.js';

const stage = Stage.set();

beforeAll(() => {
  // It takes events at one path alone.
  stage.receiver.always(({ url }, response) => {
    response.statusCode = url === '/hooks/orders' ? 200 : 400;
    response.end(url === '/hooks/orders' ? 'thanks' : `unknown endpoint ${url}`);
  });
});

it('leads a newcomer to a webhook, a failed test, a mended URL and a resend', async () => {
  const tab = await stage.tab();
  const { page } = tab;
  await page.goto('/');
  await page.getByLabel('API key', { exact: true }).fill(sandboxKey);
  await page.keyboard.press('Enter');

  await page.getByRole('link', { name: 'Add event types' }).click();
  await tab.screenshot('walk-1-overview');
  await tab.told(/event types imported/, async () =>
    page.getByRole('button', { name: 'Import Loopit' }).click(),
  );
  await tab.screenshot('walk-2-event-types');

  await page.getByRole('link', { name: 'Overview' }).click();
  await page.getByRole('link', { name: 'New webhook' }).click();
  const register = page.getByRole('region', { name: 'Register webhook' });
  await register.getByRole('textbox', { name: 'URL' }).fill(stage.receiver.url('/hook/orders'));
  await register.getByRole('textbox', { name: 'Name' }).fill('Orders');
  await register.getByRole('combobox', { name: 'Event types' }).click();
  await page.getByRole('option', { name: /booking\.confirmed/ }).click();
  await page.keyboard.press('Escape');
  await tab.screenshot('walk-3-register');
  await register.getByRole('button', { name: 'Register' }).click();
  await page.getByRole('link', { name: 'Go on to a test' }).click();
  const webhook = page.getByRole('region', { name: 'Orders', exact: true });
  await webhook.getByRole('tabpanel').getByRole('button', { name: 'Send test' }).click();
  await webhook.getByText(/unknown endpoint/).waitFor();
  await tab.screenshot('walk-4-failed-test');

  await page.getByRole('link', { name: 'Overview' }).click();
  await page.getByRole('link', { name: 'Publish an event' }).click();
  await page.getByRole('button', { name: 'Publish', exact: true }).click();
  await page
    .getByRole('region', { name: /^Published/ })
    .getByRole('link', { name: 'Orders' })
    .click();
  const delivery = page.getByRole('region', { name: /booking\.confirmed/ });
  await delivery.getByText('failed').first().waitFor();
  await tab.screenshot('walk-5-failed-delivery');

  await delivery.getByRole('link', { name: 'Orders' }).first().click();
  await webhook.getByRole('textbox', { name: 'URL' }).fill(stage.receiver.url('/hooks/orders'));
  await tab.told('Orders saved', async () =>
    webhook.getByRole('button', { name: 'Save', exact: true }).click(),
  );
  await tab.screenshot('walk-6-mended');

  await webhook.getByRole('link', { name: 'What was sent' }).click();
  await page.getByRole('row', { name: /booking\.confirmed/ }).click();
  await delivery.getByRole('button', { name: 'Resend', exact: true }).click();
  await delivery.getByText('succeeded').first().waitFor();
  await tab.screenshot('walk-7-resent');
  const [arrival] = await stage.receiver.received(1, '/hooks/orders');
  expect(arrival?.headers['postrider-event-type']).toBe('booking.confirmed');
});
