import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { routes } from '../../src/api/routes.js';
import type { Api } from '../support/api.js';
import { productionKey, rootKey, type TestPostrider } from '../support/postrider.js';
import { Receiver } from '../support/receiver.js';
import { problemOf } from './problems.js';
import { startTestApi } from './api-process.js';
import { bodies, makeSamples, pathFor, type Samples } from './samples.js';

let postrider: TestPostrider;
let receiver: Receiver;
let samples: Samples;
const strangers = new Map<string, Api>();

beforeAll(async () => {
  postrider = await startTestApi();
  receiver = await Receiver.start();
  samples = await makeSamples(postrider.api, receiver.url());
  const root = postrider.as(rootKey);
  const { id } = await root.make('/v1/organizations', { name: 'somebody else' });
  const key = await root.make('/v1/api-keys', {
    name: 'theirs',
    role: 'admin',
    organizationId: id,
    environment: 'sandbox',
  });
  strangers.set('another organization', postrider.as(key.key));
  strangers.set('the other environment', postrider.as(productionKey));
});

afterAll(async () => {
  await postrider.stop();
  await receiver.stop();
});

/** Packs are shipped with the program, and belong to nobody. */
const owned = routes.filter(({ key }) => key.includes(':') && !key.includes('/catalogues/'));
const lists = routes.filter(
  ({ key }) =>
    /^GET \/v1\/[\w-]+$/.test(key) &&
    !/organizations|catalogues|find$|ledger|overview|webhook-health|\/me$/.test(key),
);
const who = ['another organization', 'the other environment'] as const;

describe.each(who)('a key of %s', (whose) => {
  const stranger = () => strangers.get(whose) as Api;

  it.each(owned)('$key: finds nothing', async ({ key }) => {
    const [method = ''] = key.split(' ');
    const path = pathFor(key, samples);
    const body = method === 'GET' || method === 'DELETE' ? undefined : (bodies[key] ?? {});
    problemOf(await stranger().call(method, path, body), 'not_found');
    const unknown = path.replace(/^(\/v1\/[\w-]+\/)[^/]+/, '$1not-there');
    const same = await stranger().call(method, unknown, body);
    expect(problemOf(same, 'not_found')).toEqual([]);
  });

  it.each(lists)('$key: lists nothing', async ({ key }) => {
    const { body } = await stranger().get(pathFor(key, samples));
    const strange = body.data.filter(
      ({ name, resourceName }: { name?: string; resourceName?: string }) =>
        !/first production key|theirs/.test(name ?? resourceName ?? ''),
    );
    expect(strange).toEqual([]);
  });

  it('cannot name what is not its own', async () => {
    const api = stranger();
    await api.make('/v1/event-types', { name: 'their.type' });
    const subscription = { eventTypes: ['their.type'], webhookId: samples['webhooks'] };
    expect(problemOf(await api.post('/v1/subscriptions', subscription), 'invalid')).toEqual(['webhookId']);
    const webhook = { url: receiver.url(), externalSystemId: samples['external-systems'] };
    expect(problemOf(await api.post('/v1/webhooks', webhook), 'invalid')).toEqual(['externalSystemId']);
    const event = { type: samples['event-types'], data: 1 };
    expect(problemOf(await api.post('/v1/events', event), 'invalid')).toEqual(['type']);
    for (const filter of ['webhookId', 'subscriptionId', 'eventId']) {
      const segment =
        { webhookId: 'webhooks', subscriptionId: 'subscriptions', eventId: 'events' }[filter] ?? '';
      const { body } = await api.get(`/v1/deliveries?${filter}=${samples[segment]}`);
      expect(body.data).toEqual([]);
    }
  });
});

it('what nobody else could touch is all still there', async () => {
  for (const { key } of owned.filter((route) => /^GET \/v1\/[\w-]+\/:\w+$/.test(route.key))) {
    expect((await postrider.api.get(pathFor(key, samples))).status).toBe(200);
  }
  expect((await postrider.api.get(`/v1/deliveries/${samples['deliveries']}`)).body.status).toBe('pending');
});
