import type { Answer } from './client.js';
import type { Accepted } from './publish.js';
import type { Subscribers } from './subscribers.js';

/** What arrived of one delivery of the ordered webhook: its first and its last request, by their places among all. */
interface Arrived {
  event: Accepted;
  first: number;
  last: number;
}

/**
 * What broke the order of a key, in words: a request of one delivery before the last of the one before it, or one before
 * another whose event was accepted first. Of two calls that were under way at the same time either may be first.
 */
export function brokenOrder(
  accepted: readonly Accepted[],
  deliveries: readonly Answer[],
  { webhookIds, receptions }: Pick<Subscribers, 'webhookIds' | 'receptions'>,
): string[] {
  const events = new Map(accepted.map((event) => [event.id, event]));
  const byKey = new Map<string, Arrived[]>();
  for (const { id, eventId, webhookId } of deliveries) {
    const event = events.get(String(eventId));
    const places = (receptions.get(String(id)) ?? []).map(({ place }) => place);
    if (webhookId !== webhookIds.get('ordered') || !event || places.length === 0) continue;
    const arrived = { event, first: Math.min(...places), last: Math.max(...places) };
    byKey.set(event.key, [...(byKey.get(event.key) ?? []), arrived]);
  }
  return [...byKey.values()].flatMap((ofKey) => brokenIn(ofKey.toSorted((a, b) => a.first - b.first)));
}

function brokenIn(arrived: readonly Arrived[]): string[] {
  const broken: string[] = [];
  let latest: Arrived | undefined;
  for (const next of arrived) {
    const { event, first } = next;
    if (latest && first < latest.last)
      broken.push(`event ${event.number} of ${event.key} came before ${latest.event.number} was over`);
    latest = latest && latest.last > next.last ? latest : next;
  }
  for (const [index, { event }] of arrived.entries()) {
    const earlier = arrived.slice(index + 1).find((later) => later.event.answeredAt < event.calledAt);
    if (earlier)
      broken.push(
        `event ${event.number} of ${event.key} came before ${earlier.event.number}, which was accepted first`,
      );
  }
  return broken;
}
