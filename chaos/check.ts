import type { Client } from './client.js';
import type { Happened } from './disasters.js';
import { brokenOrder } from './order.js';
import type { Accepted } from './publish.js';
import type { Reception, Subscribers } from './subscribers.js';

const ends = ['succeeded', 'failed', 'cancelled'];
/** What an outsider finds who knows what was answered with 202 and what arrived. */
export interface Findings {
  events: number;
  deliveries: number;
  byStatus: Record<string, number>;
  attempts: number;
  /** Deliveries that were received and answered with 2xx more than once. */
  receivedTwice: number;
  /** Of these, those that another run repeated because a disaster kept the first one from being written down. */
  explained: number;
  /** Whatever must not be, in words; empty where nothing was lost. */
  losses: string[];
}

/** Compares what was accepted with what the API says of it, and that with what was received. */
export async function check(
  api: Client,
  accepted: readonly Accepted[],
  subscribers: Subscribers,
  happened: readonly Happened[],
): Promise<Findings> {
  const losses: string[] = [];
  const [events, deliveries] = await Promise.all([
    api.all('/v1/events?data=false'),
    api.all('/v1/deliveries'),
  ]);
  const known = new Set(events.map(({ id }) => String(id)));
  for (const { id } of accepted) if (!known.has(id)) losses.push(`event ${id} got a 202 and is not there`);
  if (known.size !== accepted.length || new Set(accepted.map(({ id }) => id)).size !== accepted.length) {
    losses.push(`${accepted.length} calls with a key each made ${known.size} events`);
  }
  const webhooksOf = new Map<string, string[]>();
  for (const delivery of deliveries) {
    const eventId = String(delivery['eventId']);
    webhooksOf.set(eventId, [...(webhooksOf.get(eventId) ?? []), String(delivery['webhookId'])]);
  }
  for (const event of accepted) {
    const webhookIds = (webhooksOf.get(event.id) ?? []).toSorted();
    const wanted = subscribers.of(event);
    if (webhookIds.join() !== wanted.join()) {
      losses.push(`event ${event.id} has deliveries to [${webhookIds.join()}], not to [${wanted.join()}]`);
    }
  }
  const findings: Findings = {
    events: events.length,
    deliveries: deliveries.length,
    byStatus: {},
    attempts: 0,
    receivedTwice: 0,
    explained: 0,
    losses,
  };
  for (const { id, status, attemptCount } of deliveries) {
    findings.byStatus[status as string] = (findings.byStatus[status as string] ?? 0) + 1;
    findings.attempts += Number(attemptCount);
    const receptions = subscribers.receptions.get(String(id)) ?? [];
    losses.push(...contradictions(String(id), String(status), receptions));
    const successes = receptions.filter(({ succeeded }) => succeeded);
    if (successes.length < 2) continue;
    findings.receivedTwice += 1;
    if (isExplained(receptions, happened)) findings.explained += 1;
    else losses.push(`delivery ${String(id)} was received twice, and nothing explains it`);
  }
  losses.push(...brokenOrder(accepted, deliveries, subscribers));
  return findings;
}

function contradictions(id: string, status: string, receptions: readonly Reception[]): string[] {
  const found: string[] = [];
  if (!ends.includes(status)) found.push(`delivery ${id} is ${status}`);
  if (status === 'cancelled') found.push(`delivery ${id} was cancelled, and nobody asked for it`);
  const isReceived = receptions.some(({ succeeded }) => succeeded);
  if (status === 'succeeded' && !isReceived) found.push(`delivery ${id} succeeded, and was not received`);
  if (new Set(receptions.map(({ body }) => body)).size > 1) found.push(`delivery ${id} had several bodies`);
  return found;
}

/**
 * What was sent again is the attempt whose outcome was not written down: after the first success a request of the same
 * number arrives, be it the second success or one that fails before it, and a disaster came before that.
 */
function isExplained(receptions: readonly Reception[], happened: readonly Happened[]): boolean {
  const first = receptions.findIndex(({ succeeded }) => succeeded);
  const before = receptions[first];
  const again = receptions.slice(first + 1).find(({ attempt }) => attempt === before?.attempt);
  return again !== undefined && happened.some(({ from }) => from <= again.at);
}
