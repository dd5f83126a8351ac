import type { Context } from '../context.js';
import type { AttemptRecord } from '../models/attempt.js';
import type { WebhookRecord } from '../models/webhook.js';
import { closeCircuit, halfOpen, isClosed, openCircuit } from './circuit.js';
import { isDown } from './evidence.js';

/**
 * What an attempt means for the circuit of its endpoint. A write where that changes, and nothing otherwise. An attempt that
 * fails while the circuit is open, a probe for one, leaves it as it is: the next probe has its time already.
 */
export async function noteCircuit(
  ctx: Context,
  { webhook, attempt, endedAt }: { webhook: WebhookRecord; attempt: AttemptRecord; endedAt: Date },
  { hasRecovered }: { hasRecovered: boolean },
): Promise<void> {
  const { _id, circuit } = webhook;
  if (attempt.errorCode === null) {
    ctx.evidence.clear(_id);
    if (circuit?.state === 'half_open' && isClosed(circuit, endedAt)) await closeCircuit(ctx, webhook);
    // It may have opened after this attempt had begun.
    else if (circuit?.state === 'open' || hasRecovered) await halfOpen(ctx, webhook, endedAt);
    return;
  }
  if (!isDown(attempt)) {
    ctx.evidence.clear(_id);
    return;
  }
  const { afterMs, attempts } = ctx.config.endpointHealth.circuit;
  if (afterMs === 0) return;
  const down = ctx.evidence.add(_id, attempt.startedAt);
  if (circuit?.state === 'open') return;
  const failedSince = (at: Date | null | undefined): boolean =>
    at instanceof Date && endedAt.getTime() - at.getTime() >= afterMs;
  const isDownForLong =
    down.attempts >= attempts && failedSince(down.since) && failedSince(webhook.failingSince);
  if (!isClosed(circuit, endedAt) || isDownForLong) await openCircuit(ctx, webhook, endedAt);
}
