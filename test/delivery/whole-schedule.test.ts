import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WorkflowFailedError } from '@temporalio/client';
import type { Loose } from '../support/api.js';
import { startTestPostrider, type TestPostrider } from '../support/postrider.js';
import { receiver, receiverForEach } from '../support/running.js';
import { subscribe } from '../support/subscribe.js';
import { startTimeSkippingServer, type TimeSkippingServer } from '../support/time-skipping.js';

const minutes = 60_000;
const hours = 60 * minutes;
/** What work may add to a delay, on a busy machine; time stands still while an activity runs. */
const slackMs = 20_000;

/** In Temporal's time-skipping server, whose clock is Postrider's too: hours pass in no time, and exactly. */
describe('a delivery that is never accepted', () => {
  let server: TimeSkippingServer;
  let postrider: TestPostrider;

  receiverForEach();

  beforeAll(async () => {
    server = await startTimeSkippingServer();
    postrider = await startTestPostrider({
      env: {
        TEMPORAL_ADDRESS: server.address,
        TEMPORAL_NAMESPACE: 'default',
        POSTRIDER_RETRY_SCHEDULE: '',
      },
      clock: { now: async () => server.now() },
    });
  }, 900_000);

  afterAll(async () => {
    await postrider.stop();
    await server.stop();
  });

  /** Skips time until the delivery's workflow has ended, and gives the delivery. */
  async function whole(webhook: object): Promise<Loose> {
    const { publish } = await subscribe(postrider.api, { url: receiver.url(), ...webhook });
    const id = await publish();
    // Until a worker is at work the server would skip to the workflow's own end.
    await postrider.delivery(id, ({ attemptCount }: Loose) => attemptCount > 0);
    const workflow = server.client.getHandle(`delivery/${id}`);
    await expect(workflow.result()).rejects.toBeInstanceOf(WorkflowFailedError);
    return postrider.over(id);
  }

  it('makes seven attempts by the default schedule, then has exhausted it', async () => {
    receiver.always(500);
    const delivery = await whole({});
    expect(delivery).toMatchObject({ status: 'failed', failureReason: 'exhausted', nextAttemptAt: null });
    expectDelays(delivery, [5_000, 5 * minutes, 30 * minutes, 2 * hours, 5 * hours, 10 * hours]);
    expect(receiver.arrivals.map(({ headers }) => headers['postrider-attempt'])).toEqual([
      '1',
      '2',
      '3',
      '4',
      '5',
      '6',
      '7',
    ]);
  });

  it("keeps to its webhook's own schedule", async () => {
    receiver.always(500);
    expectDelays(await whole({ retrySchedule: ['3d', '1s', '45m'] }), [72 * hours, 1_000, 45 * minutes]);
  });

  it('waits as long as Retry-After asks where that is longer than the schedule, a day at most', async () => {
    receiver
      .next({ status: 429, headers: { 'retry-after': '7200' } })
      .next({ status: 503, headers: { 'retry-after': '60' } })
      .next({ status: 503, headers: { 'retry-after': '999999' } })
      .always(500);
    const delivery = await whole({ retrySchedule: ['5s', '30m', '1h', '1s'] });
    expectDelays(delivery, [2 * hours, 30 * minutes, 24 * hours, 1_000]);
  });
});

function expectDelays(delivery: Loose, delays: number[]): void {
  const attempts = delivery.attempts as {
    number: number;
    startedAt: string;
    nextAttemptAt: string | null;
  }[];
  expect(attempts.map(({ number }) => number)).toEqual([...delays.keys(), delays.length].map((n) => n + 1));
  expect(receiver.arrivals).toHaveLength(delays.length + 1);
  const starts = attempts.map(({ startedAt }) => Date.parse(startedAt));
  const nexts = attempts.map(({ nextAttemptAt }) => nextAttemptAt && Date.parse(nextAttemptAt));
  for (const [index, delay] of delays.entries()) {
    const planned = Number(nexts[index]) - Number(starts[index]);
    const real = Number(starts[index + 1]) - Number(starts[index]);
    expect(planned).toBeGreaterThanOrEqual(delay);
    expect(planned).toBeLessThan(delay + slackMs);
    expect(real).toBeGreaterThanOrEqual(delay);
    expect(real).toBeLessThan(delay + slackMs);
  }
  expect(nexts.at(-1)).toBeNull();
}
