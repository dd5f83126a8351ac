import { describe, expect, it } from '@jest/globals';
import type { Loose } from '../support/api.js';
import { productionKey } from '../support/postrider.js';
import { Receiver } from '../support/receiver.js';
import { postrider, postriderForAll, receiver, receiverForAll } from '../support/running.js';
import { waitFor } from '../support/wait.js';

const nothing = {
  attempts: { total: 0, succeeded: 0, failed: 0, errors: {} },
  deliveries: { succeeded: 0, failed: 0, cancelled: 0 },
  successRate: null,
  latencyMs: { p50: null, p95: null, p99: null },
};

postriderForAll();
receiverForAll();

/** A webhook with an event type of its own, and what publishes `count` events to it. */
async function webhookWith(name: string, more: object = {}) {
  const { api } = postrider;
  await api.make('/v1/event-types', { name });
  const { id } = await api.make('/v1/webhooks', {
    url: receiver.url(`/${name}`),
    eventTypes: [name],
    timeoutMs: 60_000,
    ...more,
  });
  return {
    id: id as string,
    publish: async (count: number): Promise<string[]> => {
      const events = Array.from({ length: count }, (_, n) => ({ type: name, data: { n } }));
      const { data } = await api.make('/v1/events/batch', { events });
      return data.flatMap(({ deliveries }: Loose) =>
        deliveries.map((delivery: Loose) => delivery.id as string),
      );
    },
  };
}

async function stats(id: string, query = ''): Promise<Loose> {
  const answer = await postrider.api.get(`/v1/webhooks/${id}/stats${query}`);
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  return answer.body;
}

/** The statistics once all that is over has been counted. */
async function settled(id: string): Promise<Loose> {
  await waitFor('the deliveries to be counted', async () => {
    const { deliveries } = postrider.ctx.models;
    return !(await deliveries.exists({ webhookId: id, statsDue: { $gt: 0 } }));
  });
  return stats(id);
}

describe('the statistics of a webhook', () => {
  it('are nothing where nothing was sent: a row for each of the last 24 hours', async () => {
    const { id } = await webhookWith('none');
    const { totals, data, from, to, interval, webhookId } = await stats(id);
    expect({ webhookId, totals, interval }).toEqual({ webhookId: id, totals: nothing, interval: 'hour' });
    expect(data).toHaveLength(24);
    expect(data[0]).toEqual({ start: from, ...nothing });
    expect(new Date(to as string).getTime() - new Date(data.at(-1).start as string).getTime()).toBe(
      3_600_000,
    );
    expect(Math.abs(new Date(to as string).getTime() - Date.now())).toBeLessThanOrEqual(3_600_000);
  });

  it('count attempts by outcome and deliveries by how they ended', async () => {
    const { api } = postrider;
    const { id, publish } = await webhookWith('outcomes', { retrySchedule: ['1s'] });
    receiver.next(500, 400);
    const published = await publish(1);
    await postrider.over(published[0] ?? '');
    for (const delivery of await publish(2)) await postrider.over(delivery);
    // Time is short for the one attempt alone that is to run out of it.
    await api.patch(`/v1/webhooks/${id}`, { retrySchedule: ['1h'], timeoutMs: 500 });
    receiver.next(() => undefined);
    const [last = ''] = await publish(1);
    await postrider.delivery(last, ({ status }: Loose) => status === 'waiting');
    await api.patch(`/v1/webhooks/${id}`, { timeoutMs: 60_000 });
    await api.make(`/v1/deliveries/${last}/send-now`);
    await postrider.over(last);

    const { totals, data } = await settled(id);
    expect(totals.attempts).toEqual({
      total: 6,
      succeeded: 3,
      failed: 3,
      errors: { http_status: 2, timeout: 1 },
    });
    expect(totals.deliveries).toEqual({ succeeded: 3, failed: 1, cancelled: 0 });
    expect(totals.successRate).toBe(0.5);
    const rows = data.filter(({ attempts }: Loose) => attempts.total > 0);
    expect(rows.reduce((sum: number, { attempts }: Loose) => sum + attempts.total, 0)).toBe(6);
  });

  it('are the same as its deliveries say, resends and cancelled ones included', async () => {
    const { id, publish } = await webhookWith('mixed', { retrySchedule: ['1s', '1h'] });
    let turn = 0;
    const server = await Receiver.start();
    server.always((_arrival, response) => {
      turn += 1;
      response.writeHead(turn % 3 === 0 ? 200 : turn % 7 === 0 ? 400 : 503).end();
    });
    await postrider.api.patch(`/v1/webhooks/${id}`, { url: server.url() });
    const ids = await publish(40);
    for (const delivery of ids) {
      const found = await postrider.delivery(
        delivery,
        ({ status, endedAt, attemptCount }: Loose) =>
          endedAt !== null || (status === 'waiting' && attemptCount === 2),
      );
      if (found.status === 'waiting') await postrider.api.post(`/v1/deliveries/${delivery}/cancel`);
      else if (found.status === 'failed')
        ids.push((await postrider.api.make(`/v1/deliveries/${delivery}/resend`)).id);
    }
    const records = await Promise.all(ids.map(async (delivery) => postrider.over(delivery)));
    await server.stop();
    const attempts = records.flatMap((record) => record.attempts as Loose[]);
    const found = await settled(id);
    const count = (status: string) => records.filter((record) => record.status === status).length;
    expect(found.totals.deliveries).toEqual({
      succeeded: count('succeeded'),
      failed: count('failed'),
      cancelled: count('cancelled'),
    });
    expect(count('cancelled')).toBeGreaterThan(0);
    const succeeded = attempts.filter(({ errorCode }) => errorCode === null).length;
    expect(found.totals.attempts).toEqual({
      total: attempts.length,
      succeeded,
      failed: attempts.length - succeeded,
      errors: { http_status: attempts.length - succeeded },
    });
    const exact = attempts.map(({ durationMs }) => durationMs as number).toSorted((a, b) => a - b);
    const p95 = exact[Math.ceil(0.95 * exact.length) - 1] ?? NaN;
    expect(Math.abs(found.totals.latencyMs.p95 - p95)).toBeLessThanOrEqual(0.02 * p95 + 0.5);
  });

  it('do not count a token that could not be fetched as latency', async () => {
    const gone = await Receiver.start();
    const auth = {
      type: 'oauth2_client_credentials',
      tokenUrl: gone.url(),
      clientId: 'c',
      clientSecret: 's',
    };
    await gone.stop();
    const { id, publish } = await webhookWith('token', { auth, retrySchedule: [] });
    const [delivery = ''] = await publish(1);
    await postrider.over(delivery);
    const { totals } = await settled(id);
    expect(totals.attempts.errors).toEqual({ token_failed: 1 });
    expect(totals.latencyMs).toEqual({ p50: null, p95: null, p99: null });
    expect(totals.successRate).toBe(0);
  });

  it('come by the hour or the day, for the range that is asked for', async () => {
    const { id } = await webhookWith('ranges');
    const { webhookStats } = postrider.ctx.models;
    // Days of late, since MongoDB removes what has been kept for long enough.
    const midnight = new Date().setUTCHours(0, 0, 0, 0);
    const [day0, day1, day2, day3] = [40, 39, 38, 37].map((ago) =>
      new Date(midnight - ago * 86_400_000).toISOString().slice(0, 10),
    );
    for (const [hour, succeeded] of [
      [`${day0}T23`, 1],
      [`${day1}T00`, 2],
      [`${day1}T23`, 4],
      [`${day2}T00`, 8],
    ] as const) {
      await webhookStats.create({
        _id: `${id}/${hour}`,
        hour: new Date(`${hour}:00:00Z`),
        attempts: { succeeded },
        latency: { 100: succeeded },
      });
    }
    const rows = async (query: string) =>
      (await stats(id, query)).data
        .filter(({ attempts }: Loose) => attempts.total > 0)
        .map(({ start, attempts }: Loose) => [start.slice(0, 13), attempts.total]);
    expect(await rows(`?from=${day0}T00:00:00Z&to=${day3}T00:00:00Z&interval=day`)).toEqual([
      [`${day0}T00`, 1],
      [`${day1}T00`, 6],
      [`${day2}T00`, 8],
    ]);
    expect(await rows(`?from=${day1}T00:59:59Z&to=${day1}T23:00:01Z`)).toEqual([
      [`${day1}T00`, 2],
      [`${day1}T23`, 4],
    ]);
    // Days begin at midnight UTC, whatever the range; only its hours are in them.
    expect(await rows(`?from=${day1}T01:00:00%2B01:00&to=${day1}T23:00:00Z&interval=day`)).toEqual([
      [`${day1}T00`, 2],
    ]);
    const { totals } = await stats(id, `?from=${day0}T00:00:00Z&to=${day3}T00:00:00Z&interval=day`);
    expect(totals.attempts).toEqual({ total: 15, succeeded: 15, failed: 0, errors: {} });
    expect(totals.latencyMs.p50).toBe(totals.latencyMs.p99);
  });

  it('refuse a range that is empty, too long or no range', async () => {
    const { id } = await webhookWith('refused');
    for (const [query, path] of [
      ['?from=2026-01-02T00:00:00Z&to=2026-01-02T00:00:00Z', 'from'],
      ['?from=2999-01-01T00:00:00Z', 'from'],
      ['?from=2026-01-01T00:00:00Z&to=2026-02-02T00:00:00Z', 'from'],
      ['?from=2024-01-01T00:00:00Z&to=2026-02-02T00:00:00Z&interval=day', 'from'],
      ['?from=yesterday', 'from'],
      ['?to=2026-13-01', 'to'],
      ['?interval=week', 'interval'],
      ['?since=2026-01-01T00:00:00Z', 'since'],
    ] as const) {
      const answer = await postrider.api.get(`/v1/webhooks/${id}/stats${query}`);
      expect([query, answer.status, answer.body.errors?.[0]?.path]).toEqual([query, 422, path]);
    }
    expect((await postrider.as(productionKey).get(`/v1/webhooks/${id}/stats`)).status).toBe(404);
  });
});
