import type { Api, Loose } from '../support/api.js';

const statuses = ['succeeded', 'failed', 'cancelled', 'pending', 'delivering', 'waiting'] as const;

/** How many deliveries have each status, and how many there are for the events; all read through the API. */
export async function countDeliveries(
  api: Api,
): Promise<{ ofEvents: number; byStatus: Record<(typeof statuses)[number], number> }> {
  const events = await all(api, '/v1/events?limit=200');
  const ofEvents = await Promise.all(
    events.map(async ({ id }) => {
      const { body } = await api.get(`/v1/events/${id}`);
      return (body.deliveries as unknown[]).length;
    }),
  );
  const counted = await Promise.all(
    statuses.map(
      async (status) =>
        [status, (await all(api, `/v1/deliveries?limit=200&status=${status}`)).length] as const,
    ),
  );
  return {
    ofEvents: ofEvents.reduce((sum, count) => sum + count, 0),
    byStatus: Object.fromEntries(counted) as Record<(typeof statuses)[number], number>,
  };
}

async function all(api: Api, path: string): Promise<Loose[]> {
  const found: Loose[] = [];
  let cursor: string | null = null;
  do {
    const { body } = await api.get(cursor === null ? path : `${path}&cursor=${encodeURIComponent(cursor)}`);
    found.push(...(body.data as Loose[]));
    cursor = body.nextCursor as string | null;
  } while (cursor !== null);
  return found;
}
