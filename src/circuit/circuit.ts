import type { Context } from '../context.js';
import { changeHealth } from '../endpoint-health/change-health.js';
import type { DeliveryRecord } from '../models/delivery.js';
import type { Circuit, WebhookRecord } from '../models/webhook.js';

/*
 * The circuit of a webhook, a field of its record: whoever makes an attempt has that in hand, so every worker knows the
 * circuit without a query of its own. Each change names the state that it starts from, so of many one is made:
 *
 *   closed ─► open ─► half_open ─► closed
 *              ▲  │       │
 *              └──┘ probe └─► open again
 *
 * Whether a probe is under way is told by `probeAt`: who sends one has moved it on first.
 */

/** So long after its first success a circuit lets more leave each second, and is then closed: twice as many, so 1,024 a second at the end. */
export const growingMs = 10_000;
/** Probes are never further apart. */
const longestProbeMs = 10 * 60_000;
/** A probe has ended before the next one leaves, whatever the webhook's timeout. */
const marginMs = 5_000;

/** The next attempt of a delivery. */
type Attempt = Pick<DeliveryRecord, '_id' | 'attemptCount'>;

/** Whether a circuit holds nothing back any more, although nobody has taken it away yet. */
export function isClosed(circuit: Circuit | null | undefined, now: Date): boolean {
  if (!circuit) return true;
  return circuit.state === 'half_open' && now.getTime() - circuit.since.getTime() >= growingMs;
}

/** Whether the circuit of a webhook is open now, as MongoDB has it. */
export async function isOpen({ models }: Pick<Context, 'models'>, webhookId: string): Promise<boolean> {
  const webhook = await models.webhooks.findById(webhookId, { 'circuit.state': 1 }).lean();
  return webhook?.circuit?.state === 'open';
}

/** Opens the circuit of an endpoint that has been down for long, or is down again while it recovers. */
export async function openCircuit(ctx: Context, webhook: WebhookRecord, now: Date): Promise<void> {
  const { circuit } = webhook;
  const goesOn = circuit?.state === 'half_open' && !isClosed(circuit, now) ? circuit : undefined;
  const probes = goesOn?.probes ?? 0;
  const opened: Circuit = {
    state: 'open',
    openedAt: goesOn?.openedAt ?? now,
    since: now,
    probeAt: new Date(now.getTime() + probeDelayMs(ctx, webhook, probes)),
    probes,
    prober: null,
  };
  const known = { 'circuit.state': { $ne: 'open' } } as const;
  const isOpened = await changeHealth(ctx, webhook, { known, fields: { circuit: opened } });
  if (isOpened) ctx.logger.warn({ webhookId: webhook._id }, 'circuit open: its endpoint is down');
}

/**
 * Takes the next probe for an attempt; false where another has it. It is that attempt's until it has been made: what keeps it
 * from leaving at once, a limit or trouble of ours, does not cost the endpoint its probe.
 */
export async function takeProbe(
  ctx: Context,
  webhook: WebhookRecord,
  attempt: Attempt,
  now: Date,
): Promise<boolean> {
  const { circuit } = webhook;
  if (!circuit) return false;
  const prober = proberOf(attempt);
  if (circuit.prober === prober) return true;
  if (circuit.probeAt > now) return false;
  const probes = circuit.probes + 1;
  const probeAt = new Date(now.getTime() + probeDelayMs(ctx, webhook, probes));
  const known = { 'circuit.state': 'open', 'circuit.probeAt': circuit.probeAt } as const;
  const fields = { 'circuit.probeAt': probeAt, 'circuit.probes': probes, 'circuit.prober': prober };
  return changeHealth(ctx, webhook, { known, fields });
}

/** An attempt has succeeded: what waits is woken, and leaves at a growing rate. */
export async function halfOpen(ctx: Context, webhook: WebhookRecord, now: Date): Promise<void> {
  const { _id } = webhook;
  const recovering = { 'circuit.state': 'half_open', 'circuit.since': now, settleAt: new Date() };
  if (!(await changeHealth(ctx, webhook, { known: { 'circuit.state': 'open' }, fields: recovering }))) return;
  ctx.logger.info({ webhookId: _id }, 'circuit half open: its endpoint has answered');
  await ctx.dispatcher.settle(_id).catch((error: unknown) => {
    ctx.logger.warn({ err: error, webhookId: _id }, 'what waits for a circuit not woken yet; the sweep will');
  });
}

/** It has recovered. */
export async function closeCircuit(ctx: Context, webhook: WebhookRecord): Promise<void> {
  const { circuit } = webhook;
  if (!circuit) return;
  const known = { 'circuit.state': 'half_open', 'circuit.since': circuit.since } as const;
  await changeHealth(ctx, webhook, { known, fields: { circuit: null } });
}

function proberOf({ _id, attemptCount }: Attempt): string {
  return `${_id}/${attemptCount + 1}`;
}

function probeDelayMs({ config }: Context, { timeoutMs }: WebhookRecord, probes: number): number {
  const { probeMs } = config.endpointHealth.circuit;
  const grown = Math.min(probeMs * 2 ** Math.min(probes, 20), Math.max(longestProbeMs, probeMs));
  return Math.max(grown, timeoutMs + marginMs);
}
