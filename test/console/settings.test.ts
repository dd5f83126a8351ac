import { describe, expect, it } from '@jest/globals';
import { rootKey } from '../support/postrider.js';
import { waitFor } from '../support/wait.js';
import { Stage } from './support/stage.js';

const stage = Stage.set();

describe('sources on the console', () => {
  it('L8, S8: a callback is made with a secret, shows what arrives, and is changed', async () => {
    const made = await stage.open('/sandbox/sources');
    const { page } = made;
    await page.getByRole('link', { name: 'New', exact: true }).first().click();
    await page.getByLabel('Name', { exact: true }).fill('Carrier');
    await page.getByRole('combobox', { name: 'A request proves itself by' }).click();
    await page.getByRole('option', { name: 'A header with a fixed value' }).click();
    await page.getByRole('textbox', { name: 'Header', exact: true }).fill('x-carrier-auth');
    await page.getByLabel('Value').fill('open sesame');
    await page.getByRole('button', { name: 'Make source' }).click();
    await page.waitForURL(/\/sources\/src_/);
    const [source] = (await stage.postrider.api.get('/v1/sources')).body.data;
    expect(source.verification).toEqual({ type: 'header', header: 'x-carrier-auth', value: '***' });
    await page.getByText('Nothing yet').waitFor();
    const url = source.url as string;
    await fetch(url, { method: 'POST', body: 'guessed' });
    await fetch(url, { method: 'POST', body: 'known', headers: { 'x-carrier-auth': 'open sesame' } });
    await page.getByText('not verified').waitFor();
    await page.getByText('known').waitFor();
    await page.getByLabel('Status').fill('202');
    await page.getByRole('button', { name: 'Save' }).click();
    await waitFor('the change', async () => {
      const { body } = await stage.postrider.api.get(`/v1/sources/${source.id as string}`);
      return body.respond.status === 202 || undefined;
    });
    const again = await fetch(url, { method: 'POST', headers: { 'x-carrier-auth': 'open sesame' } });
    expect(again.status).toBe(202);
    await made.screenshot('source-panel-wide-light');
  });
});

describe('keys on the console', () => {
  it('are made with a role, shown once, and revoked', async () => {
    const made = await stage.open('/sandbox/api-keys/new');
    const { page } = made;
    await page.getByLabel('Name').fill('Order service');
    await page.getByRole('radio', { name: 'viewer' }).check();
    await page.getByRole('button', { name: 'Make key' }).click();
    await page.getByText('Copy it now').waitFor();
    await made.screenshot('api-key-made-wide-light');
    await made.told('Key copied', async () => page.getByRole('button', { name: /^Copy Key/ }).click());
    const key = await page.evaluate(async () => navigator.clipboard.readText());
    expect((await stage.postrider.as(key).get('/v1/me')).body).toMatchObject({ role: 'viewer' });
    await page.getByRole('link', { name: 'I have it' }).click();
    const row = page.getByRole('row', { name: /Order service/ });
    await row.getByText('first sandbox key').waitFor();
    expect(await page.getByText(key).count()).toBe(0);
    await row.getByRole('button', { name: 'Revoke Order service' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await row.waitFor({ state: 'detached' });
    expect((await stage.postrider.as(key).get('/v1/me')).status).toBe(401);
  });

  it('are offered to nobody who may not deal with them', async () => {
    const { key } = await stage.postrider.api.make('/v1/api-keys', { name: 'Runs it', role: 'operator' });
    const made = await stage.open('/sandbox/webhooks', { keys: [key as string] });
    await made.page.getByRole('link', { name: 'Sources' }).waitFor();
    for (const name of ['API keys', 'Changes', 'Organizations']) {
      expect(await made.page.getByRole('link', { name, exact: true }).count()).toBe(0);
    }
  });
});

describe('changes on the console', () => {
  it('tell who changed what, from what to what, and lead there', async () => {
    const webhook = await stage.postrider.api.make('/v1/webhooks', {
      name: 'Books',
      url: 'https://a.example.com/',
    });
    await stage.postrider.api.patch(`/v1/webhooks/${webhook.id as string}`, {
      url: 'https://b.example.com/',
    });
    const made = await stage.open('/sandbox/changes?resource=webhook&action=updated');
    const { page } = made;
    const row = page.locator('[role=row][data-index]');
    await row.locator('del', { hasText: 'https://a.example.com/' }).waitFor();
    await row.locator('ins', { hasText: 'https://b.example.com/' }).waitFor();
    expect(await row.count()).toBe(1);
    await made.screenshot('changes-wide-light');
    await row.getByRole('link', { name: 'Books' }).click();
    await page.waitForURL(`**/webhooks/${webhook.id as string}`);
  });
});

describe('organizations on the console', () => {
  it('are made and chosen with the root key, each with its own', async () => {
    await stage.postrider.api.make('/v1/event-types', { name: 'of.the.first' });
    const made = await stage.open('/sandbox/event-types', { keys: [rootKey] });
    const { page } = made;
    await page.waitForURL('**/sandbox/organizations');
    await page.getByText('Choose the organization to act in').waitFor();
    await page.getByRole('link', { name: 'New organization' }).click();
    await page.getByLabel('Name').fill('South');
    await page.getByRole('button', { name: 'Make organization' }).click();
    await page.getByRole('button', { name: 'Act in South' }).waitFor();
    await made.screenshot('organizations-wide-light');
    await page.getByRole('button', { name: 'Act in default' }).click();
    await page.waitForURL('**/sandbox/overview');
    await page.goto('/sandbox/event-types');
    await page.getByRole('row', { name: /of\.the\.first/ }).waitFor();
    await page.getByRole('link', { name: 'default', exact: true }).click();
    await page.getByRole('button', { name: 'Act in South' }).click();
    await page.waitForURL('**/sandbox/overview');
    await page.goto('/sandbox/event-types');
    await page.getByText('No event types yet').waitFor();
  });
});

describe.each([
  { size: 'wide', scheme: 'dark' },
  { size: 'phone', scheme: 'light' },
] as const)('settings, $size and $scheme', ({ size, scheme }) => {
  it('are accessible: sources, keys, changes', async () => {
    const source = await stage.postrider.api.make('/v1/sources', {
      name: 'Partner',
      verification: { type: 'hmac_sha256', header: 'x-signature', secret: 'shared' },
      respond: { status: 200, body: { ok: true } },
    });
    const made = await stage.open(`/sandbox/sources/${source.id as string}`, { size, scheme });
    const { page } = made;
    for (const [name, address, seen] of [
      ['source', `/sandbox/sources/${source.id as string}`, page.getByLabel('Body as JSON', { exact: true })],
      ['api-keys', '/sandbox/api-keys', page.getByText('the configuration')],
      ['api-key-new', '/sandbox/api-keys/new', page.getByRole('radio', { name: 'viewer' })],
      ['changes', '/sandbox/changes', page.getByRole('link', { name: 'Partner' }).first()],
    ] as const) {
      await page.goto(address);
      await seen.waitFor();
      await made.screenshot(`${name}-${size}-${scheme}`);
      expect({ name, faults: await made.accessibilityFaults() }).toEqual({ name, faults: [] });
    }
  });
});
