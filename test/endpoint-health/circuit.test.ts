import { afterEach, describe, expect, it } from '@jest/globals';
import { CircuitGate } from '../../src/admission/circuit.js';
import type { Go, Later } from '../../src/admission/gate.js';
import type { Context } from '../../src/context.js';
import type { Circuit, WebhookRecord } from '../../src/models/webhook.js';
import { publishMany } from '../dispatch/stage.js';
import type { Loose } from '../support/api.js';
import { postrider, postriderForAll, receiver, receiverForAll } from '../support/running.js';
import { subscribe, type Subscribed } from '../support/subscribe.js';
import { waitFor } from '../support/wait.js';
import { minuteMs, MovableClock } from './clock.js';

const clock = new MovableClock();

const read = async (id: string): Promise<Loose> => (await postrider.api.get(`/v1/webhooks/${id}`)).body;
const untilCircuit = async (id: string, accept: (circuit: Loose) => boolean): Promise<Loose> =>
  waitFor('the circuit', async () => {
    const { circuit } = await read(id);
    return accept(circuit) && { circuit };
  });
const isOpen = (circuit: Loose): boolean => circuit?.state === 'open';
const isHeldBack = ({ status, heldBy }: Loose): boolean => status === 'waiting' && heldBy === 'circuit';

/** A webhook whose endpoint has been down for so long that its circuit is open. */
async function brokenWebhook(fields: object = {}): Promise<Subscribed> {
  receiver.always(503);
  const subscribed = await subscribe(postrider.api, {
    url: receiver.url(),
    retrySchedule: ['1h', '1h', '1h'],
    ...fields,
  });
  const { type, publish, webhookId } = subscribed;
  for (const id of await publishMany(postrider, type, 2)) {
    await postrider.delivery(id, ({ attempts }) => attempts.length === 1);
  }
  await waitFor('it to fail', async () => (await read(webhookId)).failingSince !== null);
  clock.forward(11 * minuteMs);
  // What is remembered of a webhook follows a moment after its record: until then an attempt is made.
  await waitFor('its circuit to hold one back', async () => {
    const delivery = await postrider.delivery(
      await publish(),
      (known) => known.attempts.length === 1 || isHeldBack(known),
    );
    return isHeldBack(delivery);
  });
  return subscribed;
}

const modes = [
  ['each in its workflow', { POSTRIDER_DISPATCH: 'workflow' }],
  ['in groups', { POSTRIDER_DISPATCH: 'auto', POSTRIDER_GROUP_FROM: '1' }],
] as const;

describe.each(modes)('the circuit of an endpoint that is down, first attempts %s', (_mode, env) => {
  postriderForAll({
    env: { ...env, POSTRIDER_CIRCUIT_ATTEMPTS: '3', POSTRIDER_CIRCUIT_PROBE: '4m' },
    clock,
  });
  receiverForAll();

  it('holds back what is due, spends nothing of its schedule, probes, and lets all go when one succeeds', async () => {
    const { webhookId, type, publish } = await brokenWebhook();
    const { circuit } = await read(webhookId);
    expect(circuit).toMatchObject({ state: 'open', probes: 0 });
    expect(Date.parse(circuit.nextProbeAt as string)).toBe(
      Date.parse(circuit.openedAt as string) + 4 * minuteMs,
    );
    const arrived = receiver.arrivals.length;
    const held = await publishMany(postrider, type, 12);
    for (const id of held) {
      const delivery = await postrider.delivery(id, isHeldBack);
      expect(delivery).toMatchObject({ held: false, attempts: [] });
      expect(Date.parse(delivery.nextAttemptAt as string)).toBeGreaterThan(clock.now().getTime());
    }
    expect(receiver.arrivals).toHaveLength(arrived);

    clock.forward(5 * minuteMs);
    const probe = await publish();
    // It fails, by its own schedule, and the next probe is twice as far off.
    await postrider.delivery(probe, ({ attempts, heldBy }) => attempts.length === 1 && heldBy === null);
    const probed = await untilCircuit(webhookId, ({ probes }) => probes === 1);
    expect(probed.circuit).toMatchObject({ state: 'open', openedAt: circuit.openedAt });
    expect(receiver.arrivals).toHaveLength(arrived + 1);
    expect(Date.parse(probed.circuit.nextProbeAt as string)).toBeGreaterThan(
      clock.now().getTime() + 7 * minuteMs,
    );
    const early = await publish();
    await postrider.delivery(early, isHeldBack);

    receiver.always(200);
    clock.forward(9 * minuteMs);
    expect(await postrider.over(await publish())).toMatchObject({ status: 'succeeded' });
    for (const id of [...held, early]) {
      const { status, attempts } = await postrider.over(id, 120_000);
      expect([status, attempts.length]).toEqual(['succeeded', 1]);
    }
    clock.forward(11_000);
    await postrider.over(await publish());
    await waitFor('the circuit to close', async () => {
      return (await postrider.ctx.models.webhooks.findById(webhookId).lean())?.circuit === null;
    });
    const { text } = await fetch(`${postrider.url}/metrics`).then(async (page) => ({
      text: await page.text(),
    }));
    expect(text).toMatch(/^postrider_open_circuits 0$/m);
    expect(text).toMatch(/^postrider_put_off_total\{held_by="circuit"\} [1-9]/m);
  });

  it('opens again when the endpoint falls while it recovers', async () => {
    const { webhookId, type, publish } = await brokenWebhook();
    const { circuit } = await read(webhookId);
    const held = await publishMany(postrider, type, 6);
    for (const id of held) await postrider.delivery(id, isHeldBack);
    receiver.next(200);
    clock.forward(11 * minuteMs);
    await postrider.over(await publish());
    const again = await untilCircuit(webhookId, (now) => isOpen(now) && now.probes > 0);
    expect(again.circuit).toMatchObject({ openedAt: circuit.openedAt });
    await postrider.api.patch(`/v1/webhooks/${webhookId}`, { state: 'off' });
    for (const id of held) expect((await postrider.over(id)).status).toBe('cancelled');
  });

  it('does not hold back what somebody sends now, and tries a webhook that was mended at once', async () => {
    const { webhookId, publish } = await brokenWebhook();
    const [sentNow, waits] = [await publish(), await publish()];
    await postrider.delivery(sentNow, isHeldBack);
    await postrider.delivery(waits, isHeldBack);
    const arrived = receiver.arrivals.length;
    expect((await postrider.api.post(`/v1/deliveries/${sentNow}/send-now`)).status).toBe(202);
    await postrider.delivery(sentNow, ({ attempts }) => attempts.length === 1);
    expect(receiver.arrivals).toHaveLength(arrived + 1);
    expect((await read(webhookId)).circuit.state).toBe('open');
    receiver.always(({ url }, response) => {
      response.writeHead(url === '/mended' ? 200 : 503).end();
    });
    await postrider.api.patch(`/v1/webhooks/${webhookId}`, { url: receiver.url('/mended') });
    expect(await postrider.over(waits)).toMatchObject({ status: 'succeeded' });
  });
});

describe('a circuit', () => {
  postriderForAll({ clock });
  receiverForAll();

  afterEach(() => {
    receiver.always(200);
  });

  it('stays closed where failures are few, short, or of an endpoint that answers', async () => {
    receiver.always(503);
    const { webhookId, type } = await subscribe(postrider.api, { url: receiver.url() });
    const ids = await publishMany(postrider, type, 30);
    for (const id of ids) {
      const { status, failureReason, attempts } = await postrider.over(id, 120_000);
      expect([status, failureReason, attempts.length]).toEqual(['failed', 'exhausted', 4]);
    }
    expect((await read(webhookId)).circuit).toBeNull();

    receiver.always(404);
    const answers = await subscribe(postrider.api, { url: receiver.url(), retrySchedule: [] });
    await postrider.over(await answers.publish());
    clock.forward(60 * minuteMs);
    for (const id of await publishMany(postrider, answers.type, 25)) await postrider.over(id, 120_000);
    expect((await read(answers.webhookId)).circuit).toBeNull();
  });

  it('lets one probe through, of however many workers and deliveries, and then twice as many each second', async () => {
    const { webhookId, publish } = await subscribe(postrider.api, { url: receiver.url() });
    const id = await publish();
    await postrider.over(id);
    const { models } = postrider.ctx;
    const delivery = await models.deliveries.findById(id).lean();
    const at = clock.now();
    const circuit: Circuit = { state: 'open', openedAt: at, since: at, probeAt: at, probes: 0, prober: null };
    await models.webhooks.updateOne({ _id: webhookId }, { circuit });
    const webhook: WebhookRecord | null = await models.webhooks.findById(webhookId).lean();
    if (!webhook || !delivery) throw new Error('nothing to work with');
    let nowMs = at.getTime();
    const ctx: Context = { ...postrider.ctx, clock: { now: () => new Date(nowMs) } };
    const ask = async (gate: CircuitGate, known: WebhookRecord): Promise<Go | Later> =>
      gate.ask({ delivery, webhook: known, place: 'activity' });
    const gates = Array.from({ length: 4 }, () => new CircuitGate(() => ctx));
    const answers = await Promise.all(
      gates.flatMap((gate) => Array.from({ length: 15 }, async () => ask(gate, webhook))),
    );
    expect(answers.filter(({ kind }) => kind === 'go')).toHaveLength(1);
    const delays = answers.flatMap((answer) => (answer.kind === 'later' ? [answer.delayMs] : []));
    const known: WebhookRecord | null = await models.webhooks.findById(webhookId).lean();
    const [first = new CircuitGate(() => ctx)] = gates;
    if (!known) throw new Error('nothing to work with');
    // Something may have kept it from leaving; once it has been made, the next probe has its time.
    expect(await ask(first, known)).toMatchObject({ kind: 'go' });
    expect(
      await first.ask({
        delivery: { ...delivery, attemptCount: delivery.attemptCount + 1 },
        webhook: known,
        place: 'activity',
      }),
    ).toMatchObject({ kind: 'later' });
    // Some come back for the next probe; the others wait to be woken, and would come by themselves after long.
    expect(delays.filter((ms) => ms <= 30_000).length).toBeGreaterThanOrEqual(30);
    expect(delays.filter((ms) => ms >= 30 * minuteMs).length).toBeGreaterThan(0);

    const [gate = new CircuitGate(() => ctx)] = gates;
    const recovering: WebhookRecord = { ...webhook, circuit: { ...circuit, state: 'half_open' } };
    const left: number[] = [];
    for (let second = 0; second < 6; second += 1) {
      nowMs = at.getTime() + second * 1_000;
      const asked = await Promise.all(Array.from({ length: 100 }, async () => ask(gate, recovering)));
      left.push(asked.filter(({ kind }) => kind === 'go').length);
    }
    expect(left).toEqual([1, 1, 2, 4, 8, 16]);
    nowMs = at.getTime() + 10_000;
    expect(await ask(gate, recovering)).toMatchObject({ kind: 'go' });
  });
});
