import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestPostrider, type TestPostrider } from '../support/postrider.js';
import { Receiver } from '../support/receiver.js';

describe('an event', () => {
  let postrider: TestPostrider;
  let receiver: Receiver;

  beforeAll(async () => {
    postrider = await startTestPostrider();
    receiver = await Receiver.start();
  });

  afterAll(async () => {
    await postrider.stop();
    await receiver.stop();
  });

  it('reaches the endpoint that subscribes to its type', async () => {
    const { api } = postrider;
    await api.make('/v1/event-types', { name: 'invoice.paid' });
    await api.make('/v1/webhooks', { name: 'books', url: receiver.url(), eventTypes: ['invoice.paid'] });
    const { deliveries } = await api.make('/v1/events', { type: 'invoice.paid', data: { total: 12.5 } });
    const over = await postrider.over(deliveries[0].id);
    expect(over.status).toBe('succeeded');
    expect(over.attempts).toHaveLength(1);
    expect(JSON.parse(receiver.arrivals[0]?.body ?? '')).toMatchObject({ type: 'invoice.paid', data: { total: 12.5 } });
  });
});
