import { DemoError, type Api, type Delivery } from './api.js';
import { connect } from './connect.js';
import { follow } from './follow.js';
import { heading, label, outcome, style, tell } from './screen.js';
import { startSubscribers, type Subscriber } from './subscribers.js';

/*
 * Against a Postrider that runs: imports a billing catalogue, registers webhooks on endpoints that it starts here,
 * publishes events, tells what becomes of each delivery, and takes its webhooks away again. What was delivered
 * stays in the history.
 */

const catalogue = 'logisense';
const events = ['account.created', 'invoice.finalized', 'payment.received'];

/** A webhook that the demo has made, and its subscription. */
interface Registered {
  id: string;
  subscriptionId: string;
  subscriber: Subscriber;
}

const interrupted = new AbortController();
// Under npm one key press can come as two signals: the second must not end it before its webhooks are gone.
process.on('SIGINT', () => interrupted.abort(new DemoError('Interrupted.')));

async function main(): Promise<void> {
  const api = await connect(process.env);
  const subscribers = await startSubscribers();
  const registered: Registered[] = [];
  try {
    await importCatalogue(api);
    heading('Webhooks');
    for (const subscriber of subscribers) registered.push(await register(api, subscriber));
    heading('Events');
    const deliveryIds = await publish(api, registered);
    heading('Deliveries, attempt by attempt');
    const names = new Map(registered.map(({ id, subscriber }) => [id, subscriber.name]));
    const nameOf = ({ webhookId }: Delivery): string => names.get(webhookId) ?? webhookId;
    const deliveries = await follow(api, deliveryIds, nameOf, interrupted.signal);
    heading('What became of them, and where to look in the Temporal UI');
    for (const delivery of deliveries) {
      console.log(`  ${label(nameOf(delivery), delivery)}  ${outcome(delivery)}`);
      console.log(`    ${style('dim', delivery.workflowUrl ?? delivery.id)}`);
    }
  } finally {
    await remove(api, registered);
    await Promise.all(subscribers.map(async (subscriber) => subscriber.stop()));
  }
  console.log(
    `\nThe demo's webhooks are gone again; its deliveries stay on the console: ${api.url}/sandbox/sent`,
  );
}

async function importCatalogue(api: Api): Promise<void> {
  heading('Event types');
  const { imported, unchanged } = await api.call<{ imported: string[]; unchanged: string[] }>(
    'POST',
    `/catalogues/${catalogue}/import`,
  );
  tell(`catalogue ${catalogue}: ${imported.length} imported, ${unchanged.length} already there`);
}

async function register(api: Api, subscriber: Subscriber): Promise<Registered> {
  interrupted.signal.throwIfAborted();
  const { name, eventTypes, webhook, story } = subscriber;
  const made = await api.call<{ id: string; signingSecret: string; subscriptionId: string }>(
    'POST',
    '/webhooks',
    { name: `Demo: ${name}`, eventTypes, ...webhook },
  );
  subscriber.verifyWith(made.signingSecret);
  tell(`${style('cyan', name.padEnd(11))} ${story}`);
  return { id: made.id, subscriptionId: made.subscriptionId, subscriber };
}

/**
 * Publishes one event of each type, with the catalogue's sample as its data. Gives the ids of the deliveries to our
 * webhooks; others may subscribe to the same.
 */
async function publish(api: Api, registered: readonly Registered[]): Promise<string[]> {
  const ours = new Set(registered.map(({ id }) => id));
  const deliveryIds: string[] = [];
  for (const type of events) {
    interrupted.signal.throwIfAborted();
    const { samplePayload } = await api.call<{ samplePayload: unknown }>('GET', `/event-types/${type}`);
    const event = await api.call<{ id: string; deliveries: { id: string; webhookId: string }[] }>(
      'POST',
      '/events',
      { type, data: samplePayload, correlationId: 'demo' },
    );
    const own = event.deliveries.filter(({ webhookId }) => ours.has(webhookId));
    tell(`${type.padEnd(18)} ${event.id}, ${own.length} deliveries`);
    deliveryIds.push(...own.map(({ id }) => id));
  }
  return deliveryIds;
}

/** Deletes what was registered; what cannot be deleted is named, and the rest still goes. */
async function remove(api: Api, registered: readonly Registered[]): Promise<void> {
  for (const { id, subscriptionId, subscriber } of registered) {
    try {
      await api.call('DELETE', `/subscriptions/${subscriptionId}`);
      await api.call('DELETE', `/webhooks/${id}`);
    } catch (error) {
      console.error(`The webhook of ${subscriber.name} (${id}) is still there: ${String(error)}`);
    }
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof DemoError ? `\n${error.message}` : error);
  process.exitCode = 1;
});
