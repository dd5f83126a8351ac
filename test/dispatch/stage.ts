import type { ServerResponse } from 'node:http';
import type { Loose } from '../support/api.js';
import type { TestPostrider } from '../support/postrider.js';
import type { Receiver, Reply } from '../support/receiver.js';

/** Publishes `count` events of a type in one call, which is pressure enough for groups, and gives their deliveries' ids. */
export async function publishMany(
  { api }: Pick<TestPostrider, 'api'>,
  type: string,
  count: number,
): Promise<string[]> {
  const events = Array.from({ length: count }, (_, n) => ({ type, data: { n } }));
  const { data } = await api.make('/v1/events/batch', { events });
  return data.flatMap(({ deliveries }: Loose) => deliveries.map(({ id }: Loose) => id as string));
}

/** Waits until deliveries are over, and gives them. */
export async function allOver(
  { over }: Pick<TestPostrider, 'over'>,
  ids: readonly string[],
): Promise<Loose[]> {
  return Promise.all(ids.map(async (id) => over(id)));
}

/** Has a receiver hold its next requests until they are answered by the delivery that they are of. */
export function holdNext(receiver: Receiver, count: number): (deliveryId: string, status: number) => void {
  const held = new Map<string, ServerResponse>();
  const hold: Reply = ({ headers }, response) =>
    void held.set(String(headers['postrider-delivery-id']), response);
  receiver.next(...Array.from({ length: count }, () => hold));
  return (deliveryId, status) => {
    const response = held.get(deliveryId);
    if (!response) throw new Error(`no request of ${deliveryId} is held`);
    response.writeHead(status).end();
  };
}
