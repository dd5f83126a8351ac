import type { Api } from '../support/api.js';

/** One of each thing that has an id, by the segment of its path. */
export type Samples = Readonly<Record<string, string>>;

/** The bodies with which calls on a thing are valid; an empty object does for the others. */
export const bodies: Readonly<Record<string, unknown>> = {
  'POST /v1/subscriptions/:id/match': { data: {} },
};

/** Makes one of each thing that a tenant can have. */
export async function makeSamples(api: Api, url: string): Promise<Samples> {
  const type = await api.make('/v1/event-types', { name: 'sample.made', category: 'Samples' });
  const system = await api.make('/v1/external-systems', { name: 'a system', baseUrl: url });
  const webhook = await api.make('/v1/webhooks', { name: 'a webhook', url, eventTypes: [type.name] });
  const event = await api.make('/v1/events', {
    type: type.name,
    data: { a: 1 },
    idempotencyKey: 'sample key',
    correlationId: 'sample correlation',
  });
  const key = await api.make('/v1/api-keys', { name: 'a key', role: 'viewer' });
  const source = await api.make('/v1/sources', { name: 'a source', kind: 'callback' });
  await fetch(source.url, { method: 'POST', body: 'hello' });
  const replay = await api.make('/v1/replays', { filter: {} });
  const { body: received } = await api.get('/v1/received');
  return {
    sources: source.id,
    replays: replay.id,
    received: received.data[0].id,
    'event-types': type.name,
    'external-systems': system.id,
    webhooks: webhook.id,
    subscriptions: webhook.subscriptionId,
    events: event.id,
    deliveries: event.deliveries[0].id,
    'api-keys': key.id,
  };
}

/** The path of a route for a thing that was made. Throws for a route whose thing is not among the samples. */
export function pathFor(routeKey: string, samples: Samples): string {
  const path = routeKey.slice(routeKey.indexOf(' ') + 1);
  const [, , segment = ''] = path.split('/');
  const id = samples[segment];
  if (id === undefined && path.includes(':'))
    throw new Error(`no sample for ${routeKey}: add it to makeSamples`);
  return path.replace(/:\w+/, encodeURIComponent(id ?? ''));
}
