import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Locator } from 'playwright-core';
import type { Loose } from '../support/api.js';
import type { Console } from './support/console.js';
import { Stage } from './support/stage.js';

const stage = Stage.set();

let tab: Console;

beforeAll(async () => {
  stage.receiver.always(({ url }, response) => void response.writeHead(url === '/gone' ? 404 : 200).end());
  for (const name of ['invoice.issued', 'invoice.paid']) {
    await stage.postrider.api.make('/v1/event-types', {
      name,
      category: 'Invoices',
      samplePayload: { account: { id: 7, name: 'Ada' }, invoice: { total: 12.5 } },
    });
  }
  await stage.postrider.api.make('/v1/event-types', { name: 'booking.confirmed', category: 'Bookings' });
});

function panel(name: string): Locator {
  return tab.page.getByRole('region', { name, exact: true });
}

async function webhook(more: object = {}): Promise<Loose> {
  return stage.postrider.api.make('/v1/webhooks', {
    name: 'Books',
    url: stage.receiver.url('/hook'),
    eventTypes: ['invoice.issued'],
    ...more,
  });
}

async function stored(id: string): Promise<Loose> {
  return (await stage.postrider.api.get(`/v1/webhooks/${id}`)).body;
}

async function pick(field: string, option: string): Promise<void> {
  await tab.page.getByRole('combobox', { name: field }).click();
  await tab.page.getByRole('option', { name: option }).click();
}

async function save(name: string): Promise<void> {
  await tab.told(`${name} saved`, async () =>
    panel(name).getByRole('button', { name: 'Save', exact: true }).click(),
  );
}

describe('registering a webhook', () => {
  it('L4 refuses what has no trigger and no good URL, each beside its field; T2 takes many triggers', async () => {
    tab = await stage.open('/sandbox/webhooks');
    await tab.page.getByRole('link', { name: 'Register webhook' }).first().click();
    const form = panel('Register webhook');
    const url = form.getByRole('textbox', { name: 'URL' });
    await url.fill('ftp://example.com');
    await form.getByRole('button', { name: 'Register' }).click();
    await form.getByText('must begin with http:// or https://').waitFor();
    await form.getByText('Choose at least one').waitFor();
    await tab.screenshot('register-faults-wide-light');
    await url.fill('http://:80');
    await form.getByRole('button', { name: 'Register' }).click();
    await form.getByText('must be a URL that can be parsed').waitFor();
    await url.fill(stage.receiver.url('/registered'));
    await form.getByRole('textbox', { name: 'Name' }).fill('Registered');
    await pick('Event types', 'invoice.issued');
    await tab.page.getByRole('option', { name: 'booking.confirmed' }).click();
    await tab.page.keyboard.press('Escape');
    await form.getByRole('button', { name: 'Register' }).click();

    const made = panel('Registered is registered');
    const secret = await made.getByLabel('Signing secret', { exact: true }).textContent();
    expect(secret).toMatch(/^whsec_/);
    await tab.told('Signing secret copied', async () =>
      made.getByRole('button', { name: 'Copy secret' }).click(),
    );
    await tab.screenshot('registered-wide-light');
    await made.getByRole('link', { name: 'Go on to a test' }).click();
    await panel('Registered').getByRole('button', { name: 'Send test' }).click();
    await panel('Registered').getByText('It arrived').waitFor();
    await stage.receiver.received(1, '/registered');
    const { data } = (await stage.postrider.api.get('/v1/subscriptions?limit=200')).body;
    expect(data.map(({ eventTypes }: Loose) => eventTypes)).toContainEqual([
      'invoice.issued',
      'booking.confirmed',
    ]);
  });

  it('shows the request of one that is not made yet', async () => {
    tab = await stage.open('/sandbox/webhooks/new');
    const form = panel('Register webhook');
    await form.getByRole('textbox', { name: 'URL' }).fill('https://example.com/new');
    await pick('Event types', 'invoice.issued');
    await tab.page.keyboard.press('Escape');
    await form.getByText('All in order', { exact: true }).click();
    await form.getByRole('tab', { name: 'Payload' }).click();
    await form.getByRole('region', { name: 'Body of the request' }).waitFor();
    await form.getByText('POST https://example.com/new').waitFor();
  });

  it('asks before what was typed is lost, and Esc closes an open list alone', async () => {
    tab = await stage.open('/sandbox/webhooks/new');
    await panel('Register webhook').getByRole('textbox', { name: 'URL' }).fill('https://example.com');
    await tab.page.getByRole('combobox', { name: 'Event types' }).click();
    await tab.page.getByRole('option', { name: 'invoice.paid' }).waitFor();
    await tab.page.keyboard.press('Escape');
    await tab.page.getByRole('option', { name: 'invoice.paid' }).waitFor({ state: 'hidden' });
    await tab.page.getByRole('link', { name: 'Overview' }).click();
    await tab.page.getByRole('button', { name: 'Stay' }).click();
    await tab.page.getByRole('button', { name: 'Stay' }).waitFor({ state: 'hidden' });
    expect(new URL(tab.page.url()).pathname).toBe('/sandbox/webhooks/new');
  });
});

describe('the panel of a webhook', () => {
  it('L5 S2 changes all but the id', async () => {
    const { id } = await webhook({ name: 'Before' });
    tab = await stage.open(`/sandbox/webhooks/${id}`);
    const form = panel('Before');
    await form.getByRole('textbox', { name: 'Name' }).fill('After');
    await form.getByRole('textbox', { name: 'URL' }).fill(stage.receiver.url('/after'));
    await form.getByText('PUT', { exact: true }).click();
    await form.getByText('Paused', { exact: true }).click();
    await form.getByText('Nothing is lost').waitFor();
    await form.getByRole('textbox', { name: 'Timeout' }).fill('5');
    await tab.page.getByRole('combobox', { name: 'Retries after' }).fill('1d');
    await tab.page.keyboard.press('Enter');
    await form.getByText('5 attempts, the last one 1 d 3 s after the first.').waitFor();
    await form.getByRole('tab', { name: 'Payload' }).click();
    await pick('Format', 'Form, URL encoded');
    await save('Before');
    expect(await stored(id)).toMatchObject({
      id,
      name: 'After',
      url: stage.receiver.url('/after'),
      method: 'PUT',
      state: 'paused',
      timeoutMs: 5_000,
      format: 'form',
      retrySchedule: ['1s', '1s', '1s', '1d'],
    });
  });

  it('says which limits it cannot have, keeps those that it can, and takes them back', async () => {
    const { id } = await webhook();
    tab = await stage.open(`/sandbox/webhooks/${id}`);
    const form = panel('Books');
    const fill = async (name: string, value: string): Promise<void> =>
      form.getByRole('textbox', { name }).fill(value);
    const press = async (): Promise<void> => form.getByRole('button', { name: 'Save', exact: true }).click();
    await fill('Timeout', '90');
    await press();
    await form.getByText('From 0.1 to 60 seconds').waitFor();
    await fill('Timeout', '2.5');
    await fill('Requests a second', '5000');
    await fill('Requests at once', '0');
    tab.expectStatus(422);
    await press();
    await form.getByText('must be at most 1000').waitFor();
    await form.getByText('must be at least 1', { exact: true }).waitFor();
    await tab.screenshot('webhook-limits-wide-light');
    expect(await stored(id)).toMatchObject({ rateLimit: null, maxConcurrency: null, timeoutMs: 10_000 });
    for (const [rate, requests, kept] of [
      ['0.5', '3', { rateLimit: 0.5, maxConcurrency: 3 }],
      ['', '', { rateLimit: null, maxConcurrency: null }],
    ] as const) {
      await fill('Requests a second', rate);
      await fill('Requests at once', requests);
      await press();
      await form.getByRole('button', { name: 'Discard' }).waitFor({ state: 'hidden' });
      expect(await stored(id)).toMatchObject({ ...kept, timeoutMs: 2_500 });
    }
  });

  it('M4 adds and removes headers one by one, and keeps masked ones', async () => {
    const { id } = await webhook({
      url: stage.receiver.url('/headers'),
      headers: [
        { name: 'x-api-key', value: 'of-theirs' },
        { name: 'x-old', value: '1' },
      ],
    });
    tab = await stage.open(`/sandbox/webhooks/${id}`);
    const form = panel('Books');
    expect(await form.getByLabel('Value of x-api-key').inputValue()).toBe('***');
    await form.getByRole('button', { name: 'Remove x-old' }).click();
    await form.getByRole('button', { name: 'Add header' }).click();
    await form.getByLabel('Name of header 2').fill('x-team');
    await form.getByLabel('Value of x-team').fill('books');
    await form.getByLabel('Value of x-team').scrollIntoViewIfNeeded();
    await tab.screenshot('webhook-headers-wide-light');
    await save('Books');
    await form.getByRole('tab', { name: 'Test' }).click();
    await form.getByRole('button', { name: 'Send test' }).click();
    await form.getByText('It arrived').waitFor();
    const [arrival] = await stage.receiver.received(1, '/headers');
    const headers = arrival?.headers;
    expect(headers).toMatchObject({ 'x-api-key': 'of-theirs', 'x-team': 'books' });
    expect(headers).not.toHaveProperty('x-old');
  });

  it('S3 takes each kind of auth', async () => {
    const kinds: [kind: string, fields: Record<string, string>, stored: object][] = [
      ['Bearer token', { Token: 't-1' }, { type: 'bearer', token: '***' }],
      ['Header with a key', { Header: 'x-key', Key: 'k' }, { type: 'header', name: 'x-key', value: '***' }],
      [
        'User name and password (Basic)',
        { 'User name': 'ada', Password: 'p' },
        { type: 'basic', username: 'ada', password: '***' },
      ],
      [
        'OAuth 2.0, client credentials',
        {
          'Token URL': 'http://127.0.0.1:9/token',
          'Client id': 'c',
          'Client secret': 's',
          'Scope (optional)': 'a',
        },
        {
          type: 'oauth2_client_credentials',
          clientSecret: '***',
          scope: 'a',
          audience: null,
          clientAuth: 'basic',
        },
      ],
      [
        'OAuth 2.0, password',
        {
          'Token URL': 'http://127.0.0.1:9/token',
          'Client id': 'c',
          'Client secret': 's',
          'User name': 'ada',
          Password: 'p',
        },
        { type: 'oauth2_password', clientSecret: '***', username: 'ada', password: '***' },
      ],
    ];
    const { id } = await webhook();
    tab = await stage.open(`/sandbox/webhooks/${id}`);
    for (const [kind, fields, expected] of kinds) {
      await pick('Authentication', kind);
      for (const [label, value] of Object.entries(fields)) {
        await panel('Books').getByLabel(label, { exact: true }).fill(value);
      }
      await panel('Books').getByRole('button', { name: 'Save', exact: true }).click();
      await panel('Books').getByRole('button', { name: 'Discard' }).waitFor({ state: 'hidden' });
      expect((await stored(id)).auth).toMatchObject(expected);
    }
  });

  it('L7 links an external system, which then gives the auth', async () => {
    const system = await stage.postrider.api.make('/v1/external-systems', {
      name: 'ERP',
      baseUrl: stage.receiver.url('/base'),
      auth: { type: 'bearer', token: 'shared' },
    });
    const { id } = await webhook();
    tab = await stage.open(`/sandbox/webhooks/${id}`);
    await pick('External system (optional)', 'ERP');
    await panel('Books').getByRole('textbox', { name: 'URL' }).fill('/in');
    await save('Books');
    expect(await stored(id)).toMatchObject({ externalSystemId: system.id, url: '/in' });
    await panel('Books').getByRole('link', { name: 'ERP' }).waitFor();
  });

  it('offers a choice where somebody else has saved meanwhile, and keeps what both changed', async () => {
    const { id } = await webhook();
    tab = await stage.open(`/sandbox/webhooks/${id}`);
    const form = panel('Books');
    await form.getByRole('textbox', { name: 'Name' }).fill('Mine');
    await stage.postrider.api.patch(`/v1/webhooks/${id}`, { timeoutMs: 7_000 });
    tab.expectStatus(412);
    await form.getByRole('button', { name: 'Save', exact: true }).click();
    await form.getByText('Somebody else changed this webhook').waitFor();
    await form.getByText('timeout: 7000').waitFor();
    await tab.screenshot('webhook-conflict-wide-light');
    await tab.told('Books saved', async () =>
      form.getByRole('button', { name: 'Save mine onto theirs' }).click(),
    );
    expect(await stored(id)).toMatchObject({ name: 'Mine', timeoutMs: 7_000 });
  });

  it('subscribes to more, makes a new secret, and deletes it with its subscriptions', async () => {
    const { id } = await webhook({ name: 'Short-lived' });
    tab = await stage.open(`/sandbox/webhooks/${id}`);
    const form = panel('Short-lived');
    await pick('Event types to add', 'invoice.paid');
    await tab.page.keyboard.press('Escape');
    await form.getByRole('button', { name: 'Subscribe' }).click();
    await form.getByRole('link', { name: 'Short-lived' }).nth(1).waitFor();
    await form.getByRole('button', { name: 'New signing secret' }).click();
    await tab.page.getByRole('button', { name: 'Make a new one' }).click();
    expect(await form.getByLabel('Signing secret', { exact: true }).textContent()).toMatch(/^whsec_/);
    await form.getByRole('button', { name: 'Delete webhook' }).click();
    await tab.told('Short-lived deleted', async () =>
      tab.page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click(),
    );
    await tab.page.waitForURL('**/sandbox/webhooks');
    expect((await stage.postrider.api.get(`/v1/webhooks/${id}`)).status).toBe(404);
    expect((await stage.postrider.api.get(`/v1/subscriptions?webhookId=${id}`)).body.data).toEqual([]);
  });

  it('offers a viewer nothing that a viewer may not do', async () => {
    const { id } = await webhook();
    const { key } = await stage.postrider.api.make('/v1/api-keys', { name: 'eyes', role: 'viewer' });
    tab = await stage.open(`/sandbox/webhooks/${id}`, { keys: [key as string] });
    await panel('Books').getByRole('textbox', { name: 'URL' }).waitFor();
    expect(await panel('Books').getByRole('textbox', { name: 'URL' }).isDisabled()).toBe(true);
    for (const name of ['Save', 'Send test', 'Delete webhook', 'New signing secret']) {
      expect(await panel('Books').getByRole('button', { name }).count()).toBe(0);
    }
    expect(await tab.page.getByRole('link', { name: 'Register webhook' }).count()).toBe(0);
  });
});

describe('the payload of a webhook', () => {
  it('S5 shows the exact request as one types, and what found nothing', async () => {
    const { id } = await webhook({ url: stage.receiver.url('/payload') });
    tab = await stage.open(`/sandbox/webhooks/${id}?tab=payload`);
    const form = panel('Books');
    await form.getByRole('button', { name: 'Start from the sample' }).click();
    const body = form.getByRole('region', { name: 'Body of the request' });
    await body.getByText('"name": "Ada"').waitFor();
    const editor = form.getByRole('textbox', { name: 'Payload template' });
    await editor.fill('{"id": "{account.id}", "who": "');
    await form.getByText('not JSON yet').first().waitFor();
    await form.getByRole('button', { name: 'Insert placeholder' }).click();
    await tab.page.getByLabel('Find a placeholder').fill('account.n');
    await tab.page.getByRole('option', { name: /account\.name/ }).click();
    await editor.filter({ hasText: '{account.name}' }).waitFor();
    await editor.fill('{"id": "{account.id}", "who": "{account.name}", "phone": "{account.phone}"}');
    await body.getByText('"phone": null').waitFor();
    await form.getByText('Found nothing in this sample').waitFor();
    await tab.screenshot('webhook-payload-wide-light');
    expect(await tab.accessibilityFaults()).toEqual([]);
    await form.getByRole('button', { name: 'Save and send test' }).click();
    await form.getByText('It arrived').waitFor();
    const [arrival] = await stage.receiver.received(1, '/payload');
    expect(arrival?.body).toBe('{"id":7,"who":"Ada","phone":null}');
  });

  it('tells what a template would have done to yesterday, with samples', async () => {
    const { id } = await webhook();
    const event = await stage.postrider.api.make('/v1/events', {
      type: 'invoice.issued',
      data: { account: { id: 1 } },
    });
    tab = await stage.open(`/sandbox/webhooks/${id}?tab=payload`);
    const form = panel('Books');
    await form.getByRole('textbox', { name: 'Payload template' }).fill('{"phone": "{account.phone}"}');
    await form.getByRole('button', { name: 'Dry run on yesterday' }).click();
    await form.getByText(/\} found nothing in/).waitFor();
    await form.getByRole('button', { name: /^show/ }).last().click();
    expect(await form.getByRole('link', { name: event.id }).getAttribute('href')).toBe(
      `/sandbox/events/${event.id}`,
    );
    await form.getByText('would have gone').scrollIntoViewIfNeeded();
    await tab.screenshot('dry-run-wide-light');
  });

  it('says why a test failed and what to do, and sends again once the URL is mended', async () => {
    const { id } = await webhook({ url: stage.receiver.url('/gone') });
    tab = await stage.open(`/sandbox/webhooks/${id}`);
    const form = panel('Books');
    await form.getByRole('button', { name: 'Send test' }).click();
    await form.getByText('nothing at this URL (404)').waitFor();
    await tab.screenshot('webhook-test-failed-wide-light');
    expect(await tab.accessibilityFaults()).toEqual([]);
    await form.getByRole('button', { name: 'Open settings' }).click();
    await form.getByRole('textbox', { name: 'URL' }).fill(stage.receiver.url('/there'));
    await form.getByRole('button', { name: 'Save and send test' }).click();
    await form.getByText('It arrived').waitFor();
    await stage.receiver.received(1, '/there');
  });
});

it.each([
  { size: 'wide', scheme: 'dark' },
  { size: 'phone', scheme: 'light' },
  { size: 'phone', scheme: 'dark' },
] as const)('is accessible and has no overflow, $size and $scheme', async (view) => {
  const { id } = await webhook({ headers: [{ name: 'x-api-key', value: 'k' }] });
  tab = await stage.open(`/sandbox/webhooks/${id}`, view);
  await panel('Books').getByRole('link', { name: 'Books' }).waitFor();
  await tab.screenshot(`webhook-settings-${view.size}-${view.scheme}`);
  expect(await tab.accessibilityFaults()).toEqual([]);
  await panel('Books').getByRole('tab', { name: 'Payload' }).click();
  await panel('Books').getByRole('textbox', { name: 'Payload template' }).waitFor();
  await panel('Books').getByRole('region', { name: 'Body of the request' }).waitFor();
  await tab.screenshot(`webhook-payload-${view.size}-${view.scheme}`);
  expect(await tab.accessibilityFaults()).toEqual([]);
  expect(
    await tab.page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
  ).toBeLessThanOrEqual(0);
});
