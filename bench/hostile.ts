import { setTimeout as delay } from 'node:timers/promises';
import type { Child } from './child.js';
import { quantile } from './load.js';
import type { Call, PostriderWay } from './postrider.js';

/** What the hostile organization does while the quiet one publishes one event a second. */
type Hostility = 'none' | 'floods' | 'hangs';

const quietEvents = Number(process.env['BENCH_QUIET_EVENTS'] ?? 60);
const hostileCallers = 50;
/** Of the organization whose endpoints all hang: so many events a second, spread over so many webhooks. */
const hangingPerSecond = 50;
const hangingWebhooks = 20;
const settlingMs = 5_000;

/** From publish to arrival, in ms, of a quiet organization's events, beside another that is hostile. */
async function measureBeside(
  hostility: Hostility,
  sink: Child,
  calls: { quiet: Call; hostile: Call },
): Promise<{ p50: number; p99: number; others: number }> {
  const over = new AbortController();
  let hostileEvents = 0;
  const publish = async (n: number): Promise<void> => {
    const type = hostility === 'floods' ? 'flood' : `hang.${n % hangingWebhooks}`;
    await calls.hostile('POST', '/v1/events', { type, data: { n } });
    hostileEvents += 1;
  };
  const flood = async (): Promise<void> => {
    // What is refused is published again at once: it is hostile.
    while (!over.signal.aborted) await publish(hostileEvents).catch(() => undefined);
  };
  const drip = async (): Promise<void> => {
    const under: Promise<void>[] = [];
    for (let n = 0; !over.signal.aborted; n += 1) {
      under.push(publish(n).catch(() => undefined));
      await delay(1_000 / hangingPerSecond);
    }
    await Promise.all(under);
  };
  const hostile =
    hostility === 'floods'
      ? Array.from({ length: hostileCallers }, flood)
      : hostility === 'hangs'
        ? [drip()]
        : [];
  await delay(settlingMs);
  const began = new Map<string, number>();
  const arrived = sink.message<[string, number][]>('arrivals');
  sink.send({ expect: quietEvents, path: '/quiet' });
  await sink.message('ready');
  for (let n = 0; n < quietEvents; n += 1) {
    const at = performance.timeOrigin + performance.now();
    const { id } = await calls.quiet('POST', '/v1/events', {
      type: 'quiet',
      data: { n },
    });
    began.set(String(id), at);
    await delay(1_000);
  }
  const arrivals = await arrived;
  over.abort();
  await Promise.all(hostile);
  const latencies = arrivals.flatMap(([id, at]) => {
    const from = began.get(id);
    return from === undefined ? [] : [at - from];
  });
  return {
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
    others: hostileEvents,
  };
}

/** Makes an organization; gives calls with a key of it. */
async function organization(
  { root, callWith }: Pick<PostriderWay, 'root' | 'callWith'>,
  name: string,
): Promise<Call> {
  const { id } = await root('POST', '/v1/organizations', { name });
  const { key } = await root(
    'POST',
    '/v1/api-keys',
    { name, role: 'admin' },
    {
      'postrider-organization': String(id),
      'postrider-environment': 'sandbox',
    },
  );
  return callWith(String(key));
}

/** Makes both organizations with their webhooks; gives calls with a key of each. */
async function stageHostile(
  postrider: PostriderWay,
  sinkUrl: string,
): Promise<{ quiet: Call; hostile: Call; webhookIds: string[] }> {
  const hostile = await organization(postrider, 'hostile');
  const quiet = await organization(postrider, 'quiet');
  const types = ['flood', ...Array.from({ length: hangingWebhooks }, (_, n) => `hang.${n}`)];
  const webhookIds: string[] = [];
  for (const type of types) {
    const path = type === 'flood' ? '/ok' : '/hang';
    await hostile('POST', '/v1/event-types', { name: type });
    const webhook = await hostile('POST', '/v1/webhooks', {
      name: type,
      url: `${sinkUrl}${path}`,
      eventTypes: [type],
    });
    webhookIds.push(String(webhook['id']));
  }
  await quiet('POST', '/v1/event-types', { name: 'quiet' });
  await quiet('POST', '/v1/webhooks', {
    name: 'quiet',
    url: `${sinkUrl}/quiet`,
    eventTypes: ['quiet'],
  });
  return { quiet, hostile, webhookIds };
}

const beside: Record<Hostility, string> = {
  none: 'alone',
  floods: 'beside an organization that floods',
  hangs: 'beside one whose endpoints all hang',
};

/** A quiet organization that publishes one event a second: alone, and beside hostile ones. */
export async function measureBesideHostile(
  postrider: PostriderWay,
  sink: Child,
  sinkUrl: string,
): Promise<void> {
  const calls = await stageHostile(postrider, sinkUrl);
  console.log('\na quiet organization, one event a second, publish to arrival in ms:');
  for (const hostility of ['none', 'floods', 'hangs'] as const) {
    const { p50, p99, others } = await measureBeside(hostility, sink, calls);
    console.log(`  ${beside[hostility]} (${others} events): p50 ${p50.toFixed(0)}, p99 ${p99.toFixed(0)}`);
  }
  // What hangs would go on for hours. What is measured next waits until all of it has ended, which takes a minute or two.
  for (const id of calls.webhookIds) await calls.hostile('PATCH', `/v1/webhooks/${id}`, { state: 'off' });
  for (const status of ['pending', 'delivering', 'waiting']) {
    const some = async () =>
      (await calls.hostile('GET', `/v1/deliveries?status=${status}&limit=1`))['data'] as unknown[];
    while ((await some()).length > 0) await delay(1_000);
  }
}
