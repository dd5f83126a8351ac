import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestPostrider, databaseUri, productionKey, type TestPostrider } from '../support/postrider.js';
import { waitFor } from '../support/wait.js';

const batch = (count: number) => ({
  events: Array.from({ length: count }, (_, n) => ({ type: 'counted', data: { n } })),
});

describe('an organization that publishes more than it may', () => {
  const env = {
    POSTRIDER_ROLE: 'api',
    POSTRIDER_INGEST_RATE: '1',
    MONGODB_URI: databaseUri(`test-ingest-${process.pid}-${Date.now().toString(36)}`),
    POSTRIDER_ENCRYPTION_KEYS: `k1:${Buffer.alloc(32, 7).toString('base64')}`,
  };
  let one: TestPostrider;
  let other: TestPostrider;

  beforeAll(async () => {
    one = await startTestPostrider({ env });
    other = await startTestPostrider({ env });
    await one.api.make('/v1/event-types', { name: 'counted' });
    await one.as(productionKey).make('/v1/event-types', { name: 'counted' });
  });

  afterAll(async () => {
    await other.stop();
    await one.stop();
  });

  it('is refused by every process, with when to come again, and nothing of the call is accepted', async () => {
    // The largest call passes whatever the rate, where nothing was published before.
    expect((await one.api.post('/v1/events/batch', batch(1_000))).status).toBe(202);
    for (const { api } of [one, other]) {
      const { status, body, headers } = await api.post('/v1/events/batch', batch(900));
      expect({ status, code: body.code }).toEqual({ status: 429, code: 'rate_limited' });
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(300);
    }
    expect(await one.ctx.models.events.countDocuments({ type: 'counted' })).toBe(1_000);
    // Its other environment has a limit of its own.
    expect((await other.as(productionKey).post('/v1/events', { type: 'counted', data: 1 })).status).toBe(202);
    await waitFor('the next second', async () => {
      const { status } = await other.api.post('/v1/events', { type: 'counted', data: 1 });
      return status === 202;
    });
  });
});
