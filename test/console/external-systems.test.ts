import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Locator } from 'playwright-core';
import { OAuthServer } from '../support/oauth-server.js';
import type { Console } from './support/console.js';
import { Stage } from './support/stage.js';

const stage = Stage.set();

let oauth: OAuthServer;
let tab: Console;

beforeAll(async () => {
  oauth = await OAuthServer.start({ clientId: 'client', clientSecret: 'secret' });
});

afterAll(async () => oauth.stop());

function panel(name: string): Locator {
  return tab.page.getByRole('region', { name, exact: true });
}

describe('external systems', () => {
  it('are made, verified, changed and deleted', async () => {
    tab = await stage.open('/sandbox/external-systems');
    await tab.page.getByText('No external systems yet').waitFor();
    await tab.page.getByRole('link', { name: 'Add external system' }).first().click();
    const add = panel('Add external system');
    await add.getByRole('button', { name: 'Add' }).click();
    await add.getByText('Give it a name').waitFor();
    await add.getByRole('textbox', { name: 'Name' }).fill('ERP');
    await add.getByRole('textbox', { name: 'Base URL' }).fill('https://erp.example.com/api');
    await tab.page.getByRole('combobox', { name: 'Authentication' }).click();
    await tab.page.getByRole('option', { name: 'OAuth 2.0, client credentials' }).click();
    await add.getByLabel('Token URL').fill(oauth.tokenUrl);
    await add.getByLabel('Client id').fill('client');
    await add.getByLabel('Client secret').fill('secret');
    await add.getByRole('button', { name: 'Add' }).click();

    const made = panel('ERP');
    await made.getByRole('button', { name: 'Verify credential' }).click();
    await made.getByText('A token was fetched').waitFor();
    await tab.screenshot('external-system-verified-wide-light');
    expect(await tab.accessibilityFaults()).toEqual([]);
    const [{ id }] = (await stage.postrider.api.get('/v1/external-systems')).body.data;
    await made.getByRole('textbox', { name: 'Name' }).fill('ERP 2');
    await tab.told('ERP 2 saved', async () => made.getByRole('button', { name: 'Save' }).click());
    expect((await stage.postrider.api.get(`/v1/external-systems/${id}`)).body.auth).toMatchObject({
      clientId: 'client',
      clientSecret: '***',
    });
    await panel('ERP 2').getByRole('button', { name: 'Verify credential' }).click();
    await panel('ERP 2').getByText('A token was fetched').waitFor();
    await panel('ERP 2').getByRole('button', { name: 'Delete external system' }).click();
    await tab.page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await tab.page.waitForURL('**/sandbox/external-systems');
    expect((await stage.postrider.api.get(`/v1/external-systems/${id}`)).status).toBe(404);
  });

  it.each([
    { size: 'wide', scheme: 'dark' },
    { size: 'phone', scheme: 'light' },
  ] as const)('L7 show the webhooks that use them, $size and $scheme', async (view) => {
    const system = await stage.postrider.api.make('/v1/external-systems', {
      name: `Ledger ${view.scheme}`,
      baseUrl: 'https://ledger.example.com',
      auth: { type: 'bearer', token: 'secret' },
    });
    await stage.postrider.api.make('/v1/webhooks', {
      name: 'Linked',
      url: '/in',
      externalSystemId: system.id,
    });
    tab = await stage.open(`/sandbox/external-systems/${system.id}`, view);
    const opened = panel(system.name as string);
    await opened.getByRole('link', { name: 'Linked' }).waitFor();
    expect(await opened.getByLabel('Token').inputValue()).toBe('***');
    expect(await opened.getByRole('button', { name: 'Cannot be deleted' }).isDisabled()).toBe(true);
    await tab.screenshot(`external-system-${view.size}-${view.scheme}`);
    expect(await tab.accessibilityFaults()).toEqual([]);
    expect(
      await tab.page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
    ).toBeLessThanOrEqual(0);
  });
});
