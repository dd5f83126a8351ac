/**
 * Records the histories that `replay.test.ts` replays: real workflows on a real Temporal. Run it where a change of
 * the workflows is meant to be incompatible (nothing is deployed with the old ones):
 *
 *   npm run build && node --import ./test/support/typescript-loader.mjs test/workflows/record.ts
 *
 * With names of scenarios behind it, those alone: what is new leaves the others as they are.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import proto from '@temporalio/proto';
import { defaultCacheDir, startStack } from '../../src/stack/stack.js';
import type { sweep } from '../../src/workflows/index.js';
import { taskQueue } from '../../src/workflows/input.js';
import { publishMany } from '../dispatch/stage.js';
import type { Loose } from '../support/api.js';
import { OAuthServer } from '../support/oauth-server.js';
import { startTestPostrider, type TestPostrider } from '../support/postrider.js';
import { Receiver } from '../support/receiver.js';
import { subscribe } from '../support/subscribe.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

const { History } = proto.temporal.api.history.v1;
const client = { clientId: 'postrider', clientSecret: 'client-secret' };

/** Each brings a delivery to the end that its name says, and gives its id; or gives the id of a workflow of another kind. */
type Scenario = (postrider: TestPostrider, receiver: Receiver, oauth: OAuthServer) => Promise<string>;

const scenarios: Record<string, Scenario> = {
  async succeeded({ api }, receiver) {
    return (await subscribe(api, { url: receiver.url() })).publish();
  },
  async retried({ api }, receiver) {
    receiver.next(500, 503);
    return (await subscribe(api, { url: receiver.url(), retrySchedule: ['10ms', '10ms'] })).publish();
  },
  async rejected({ api }, receiver) {
    receiver.next(400);
    return (await subscribe(api, { url: receiver.url() })).publish();
  },
  async 'sent-now'(postrider, receiver) {
    const id = await waiting(postrider, receiver);
    await postrider.api.make(`/v1/deliveries/${id}/send-now`);
    return id;
  },
  async cancelled(postrider, receiver) {
    const id = await waiting(postrider, receiver);
    await postrider.api.make(`/v1/deliveries/${id}/cancel`);
    return id;
  },
  async 'with-token'({ api }, receiver, oauth) {
    receiver.next(401);
    const auth = { type: 'oauth2_client_credentials', tokenUrl: oauth.tokenUrl, ...client };
    return (await subscribe(api, { url: receiver.url(), auth, retrySchedule: ['10ms'] })).publish();
  },
  async group(postrider, receiver) {
    receiver.next(500);
    const { type } = await subscribe(postrider.api, { url: receiver.url(), retrySchedule: ['10ms'] });
    const ids = await publishMany(postrider, type, 6);
    const over = await Promise.all(ids.map(async (id) => postrider.over(id)));
    const grouped = over.find(({ workflowId }) => String(workflowId).startsWith('group/'));
    return grouped.id as string;
  },
  async 'group-in-task'(postrider, receiver) {
    const { type } = await fastWebhook(postrider, receiver);
    const [first = ''] = await publishMany(postrider, type, 6);
    return first;
  },
  async 'group-partly-in-task'(postrider, receiver) {
    const { type } = await fastWebhook(postrider, receiver);
    const url = receiver.url('/other');
    await postrider.api.make('/v1/webhooks', { name: 'other', url, eventTypes: [type] });
    const [first = ''] = await publishMany(postrider, type, 3);
    return first;
  },
  async lane(postrider, receiver) {
    receiver.next(500);
    const ordered = { onFailure: 'block' };
    const { type } = await subscribe(postrider.api, {
      url: receiver.url(),
      ordered,
      retrySchedule: ['10ms'],
    });
    const [first = ''] = await publishMany(postrider, type, 3);
    return first;
  },
  async 'first-attempt-local'(postrider, receiver) {
    const { publish } = await fastWebhook(postrider, receiver);
    return publish();
  },
  async 'first-attempt-local-retried'(postrider, receiver) {
    const { publish } = await fastWebhook(postrider, receiver);
    receiver.next(500);
    return publish();
  },
  async sweep({ ctx }) {
    const { client } = ctx.temporal.current;
    const run = { workflowId: 'sweep/recorded', taskQueue };
    return (await client.start<typeof sweep>('sweep', run)).workflowId;
  },
};

async function waiting(postrider: TestPostrider, receiver: Receiver): Promise<string> {
  receiver.next(500);
  const id = await (
    await subscribe(postrider.api, { url: receiver.url(), retrySchedule: ['1h', '1h'] })
  ).publish();
  await postrider.delivery(id, ({ status }: Loose) => status === 'waiting');
  return id;
}

/** A webhook that has been seen to be fast. */
async function fastWebhook(postrider: TestPostrider, receiver: Receiver) {
  const hook = await subscribe(postrider.api, { url: receiver.url() });
  for (let proof = 0; proof < 3; proof += 1) await postrider.over(await hook.publish());
  return hook;
}

const wanted = process.argv.slice(2);
const dataDir = await mkdtemp(join(tmpdir(), 'postrider-record-'));
const cacheDir = process.env['POSTRIDER_CACHE_DIR'] || defaultCacheDir();
const stack = await startStack({ dataDir, cacheDir, report: (line) => process.stderr.write(`${line}\n`) });
process.env['TEST_TEMPORAL_ADDRESS'] = stack.temporalAddress;
process.env['TEST_MONGODB_URI'] = stack.mongodbUri;
const [postrider, receiver, oauth] = await Promise.all([
  startTestPostrider(),
  Receiver.start(),
  OAuthServer.start(client),
]);
try {
  for (const [name, scenario] of Object.entries(scenarios)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const id = await scenario(postrider, receiver, oauth);
    const workflowId = id.startsWith('del_') ? (await postrider.over(id)).workflowId : id;
    const workflow = postrider.ctx.temporal.current.client.getHandle(workflowId as string);
    await workflow.result().catch(() => undefined);
    const history = History.toObject(History.fromObject(await workflow.fetchHistory()), {
      bytes: String,
      enums: String,
      longs: String,
    });
    const path = fileURLToPath(new URL(`histories/${name}.json`, import.meta.url));
    // Stack traces hold paths of the machine that recorded them.
    const text = JSON.stringify(history, null, 2).replaceAll(root, '/postrider/');
    await writeFile(path, `${text}\n`);
    process.stderr.write(`${name}: ${String(history['events'].length)} events\n`);
  }
} finally {
  await postrider.stop();
  await Promise.all([receiver.stop(), oauth.stop()]);
  await stack.stop();
  await rm(dataDir, { recursive: true, force: true });
}
