import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Locator } from 'playwright-core';
import { makeAuthority, type Authority, type Pem } from '../support/certificates.js';
import type { Console } from './support/console.js';
import { Stage } from './support/stage.js';

const stage = Stage.set();

let authority: Authority;
let ada: Pem;
let bob: Pem;
let server: Server;
let origin: string;
/** Whose certificate came with each request. */
const arrivals: string[] = [];
let tab: Console;

beforeAll(async () => {
  authority = await makeAuthority();
  [ada, bob] = await Promise.all([authority.client('ada'), authority.client('bob')]);
  server = createServer(
    { ...(await authority.server()), ca: authority.cert, requestCert: true },
    (request, response) => {
      arrivals.push(String((request.socket as TLSSocket).getPeerCertificate().subject.CN));
      request.resume().on('end', () => response.end('ok'));
    },
  );
  await once(server.listen(0, '127.0.0.1'), 'listening');
  origin = `https://localhost:${(server.address() as AddressInfo).port}`;
  await stage.postrider.api.make('/v1/event-types', { name: 'paid', samplePayload: { total: 7 } });
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function panel(name: string): Locator {
  return tab.page.getByRole('region', { name, exact: true });
}

it('a webhook shows its certificate under a private authority, and what is wrong with one is said beside it', async () => {
  const { id } = await stage.postrider.api.make('/v1/webhooks', {
    name: 'Bank',
    url: stage.receiver.url(),
    eventTypes: ['paid'],
  });
  tab = await stage.open(`/sandbox/webhooks/${id}`);
  const form = panel('Bank');
  const field = (name: string): Locator => form.getByRole('textbox', { name });
  const save = async (): Promise<void> => form.getByRole('button', { name: 'Save', exact: true }).click();
  tab.expectStatus(422);
  await field('Client certificate').fill(ada.cert);
  await field('Private key').fill(bob.key);
  await save();
  await form.getByText('is not the key of the certificate').waitFor();
  await field('Private key').fill(ada.key);
  await save();
  await form.getByText('is for https alone, and the URL is not').waitFor();
  await tab.screenshot('webhook-tls-faults-wide-light');
  await field('URL').fill(`${origin}/hook`);
  await save();
  await form.getByText(/^CN=ada, issued by CN=authority of the tests; expires/).waitFor();
  expect(await field('Private key').inputValue()).toBe('***');

  await form.getByRole('button', { name: 'Send test' }).click();
  await form.getByText(/Where it asks for a client certificate, or has a private authority/).waitFor();
  expect(arrivals).toEqual([]);
  await form.getByRole('button', { name: 'Open settings' }).click();
  await field('Private authorities').fill(authority.cert);
  await form.getByRole('button', { name: 'Save and send test' }).click();
  await form.getByText('It arrived').waitFor();
  expect(arrivals).toEqual(['ada']);
});

it('an external system has one for all its webhooks, and another takes its place', async () => {
  tab = await stage.open('/sandbox/external-systems/new', { size: 'phone' });
  const add = panel('Add external system');
  await add.getByRole('textbox', { name: 'Name' }).fill('Bank');
  await add.getByRole('textbox', { name: 'Base URL' }).fill(origin);
  await add.getByRole('textbox', { name: 'Client certificate' }).fill(ada.cert);
  await add.getByRole('textbox', { name: 'Private key' }).fill(ada.key);
  await add.getByRole('textbox', { name: 'Private authorities' }).fill(authority.cert);
  await add.getByRole('button', { name: 'Add' }).click();
  const made = panel('Bank');
  await made.getByText(/^CN=ada, issued by/).waitFor();
  await made.getByRole('textbox', { name: 'Client certificate' }).fill(bob.cert);
  await made.getByRole('textbox', { name: 'Private key' }).fill(bob.key);
  await tab.told('Bank saved', async () => made.getByRole('button', { name: 'Save' }).click());
  await made.getByText(/^CN=bob, issued by/).waitFor();
  expect(await tab.accessibilityFaults()).toEqual([]);

  const { api } = stage.postrider;
  const [{ id: externalSystemId }] = (await api.get('/v1/external-systems')).body.data;
  const { id } = await api.make('/v1/webhooks', { url: '/hook', externalSystemId, eventTypes: ['paid'] });
  arrivals.length = 0;
  await api.make(`/v1/webhooks/${id}/test`, { data: {} });
  expect(arrivals).toEqual(['bob']);
});
