import { describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import type { Loose } from '../support/api.js';
import type { Arrival } from '../support/receiver.js';
import { postrider, postriderForAll, receiver, receiverForEach } from '../support/running.js';
import { subscribe } from '../support/subscribe.js';

postriderForAll();
receiverForEach();

/** Throws where the reference library does not accept the request. */
function verify(signingSecret: string, { body, headers }: Arrival): unknown {
  return new Webhook(signingSecret).verify(body, headers as Record<string, string>);
}

async function resend(id: string, body?: object): Promise<Loose> {
  const { id: resent } = await postrider.api.make(`/v1/deliveries/${id}/resend`, body);
  return postrider.over(resent as string);
}

describe('a request', () => {
  it('names the event, the delivery and the attempt, and carries the event', async () => {
    const { publish, type } = await subscribe(postrider.api, { url: receiver.url('/in?key=7') });
    const id = await publish({ data: { total: 12.5 }, correlationId: 'order 7 – ä' });
    const { eventId } = await postrider.over(id);
    const [arrival] = receiver.arrivals;
    expect(arrival).toMatchObject({
      method: 'POST',
      url: '/in?key=7',
      headers: {
        'content-type': 'application/json',
        'webhook-id': eventId,
        'postrider-delivery-id': id,
        'postrider-attempt': '1',
        'postrider-event-type': type,
        'postrider-correlation-id': 'order 7 %E2%80%93 %C3%A4',
      },
    });
    expect(arrival?.headers['user-agent']).toMatch(/^Postrider\/\d+\.\d+\.\d+$/);
    const event = await postrider.api.get(`/v1/events/${eventId}`);
    expect(JSON.parse(arrival?.body ?? '')).toEqual({
      id: eventId,
      type,
      timestamp: event.body.occurredAt,
      data: { total: 12.5 },
    });
  });

  it('has no correlation id where the event has none', async () => {
    const { publish } = await subscribe(postrider.api, { url: receiver.url() });
    await postrider.over(await publish());
    expect(receiver.arrivals[0]?.headers).not.toHaveProperty('postrider-correlation-id');
  });

  it("is signed at each attempt, with the attempt's own time", async () => {
    receiver.next(500);
    const { publish, signingSecret } = await subscribe(postrider.api, {
      url: receiver.url(),
      retrySchedule: ['2s'],
    });
    const delivery = await postrider.over(await publish());
    expect(receiver.arrivals).toHaveLength(2);
    for (const [index, arrival] of receiver.arrivals.entries()) {
      expect(() => verify(signingSecret, arrival)).not.toThrow();
      expect(() => verify(signingSecret, { ...arrival, body: `${arrival.body} ` })).toThrow(
        'No matching signature',
      );
      const startedAt = Date.parse(delivery.attempts[index].startedAt as string);
      expect(arrival.headers['webhook-timestamp']).toBe(String(Math.floor(startedAt / 1_000)));
    }
    const [first, second] = receiver.arrivals.map(({ headers }) => Number(headers['webhook-timestamp']));
    expect(Number(second) - Number(first)).toBeGreaterThanOrEqual(2);
  });

  it('is signed with the new secret and the old one after a rotation, then with the new one alone', async () => {
    const { publish, signingSecret, webhookId } = await subscribe(postrider.api, { url: receiver.url() });
    const rotate = async (overlap: string): Promise<string> => {
      const answer = await postrider.api.make(`/v1/webhooks/${webhookId}/rotate-secret`, { overlap });
      return answer.signingSecret as string;
    };
    const second = await rotate('1h');
    await postrider.over(await publish());
    const third = await rotate('0s');
    await postrider.over(await publish());
    const [both, last] = receiver.arrivals as [Arrival, Arrival];
    expect(() => verify(signingSecret, both)).not.toThrow();
    expect(() => verify(second, both)).not.toThrow();
    expect(() => verify(second, last)).toThrow('No matching signature');
    expect(() => verify(third, last)).not.toThrow();
  });

  it('can be a PUT of a form, after a template', async () => {
    const { publish, signingSecret } = await subscribe(postrider.api, {
      url: receiver.url(),
      method: 'PUT',
      format: 'form',
      payloadTemplate: { account: { id: '{account.id}', text: 'No. {account.id}' }, gone: '{nowhere}' },
    });
    await postrider.over(await publish({ data: { account: { id: 7 } } }));
    const [arrival] = receiver.arrivals as [Arrival];
    expect(arrival.method).toBe('PUT');
    expect(arrival.headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect(Object.fromEntries(new URLSearchParams(arrival.body))).toEqual({
      'account[id]': '7',
      'account[text]': 'No. 7',
      gone: '',
    });
    // A form is nothing that the library could parse, so it is signed again to compare.
    const { 'webhook-id': id, 'webhook-timestamp': timestamp } = arrival.headers;
    const at = new Date(Number(timestamp) * 1_000);
    expect(arrival.headers['webhook-signature']).toBe(
      new Webhook(signingSecret).sign(String(id), at, arrival.body),
    );
  });
});

describe('the body of a delivery', () => {
  const payloadTemplate = { at: '{currentDateTime}', id: '{deliveryId}', total: '{total}' };

  it('is byte for byte the same in every attempt and resend, and names the first of the chain', async () => {
    receiver.next(500, 500, 400, 500);
    const { publish } = await subscribe(postrider.api, {
      url: receiver.url(),
      payloadTemplate,
      retrySchedule: ['10ms', '10ms'],
    });
    const id = await publish();
    await postrider.over(id);
    const { id: second } = await resend(id);
    await resend(second as string);
    expect(receiver.arrivals).toHaveLength(6);
    expect(new Set(receiver.arrivals.map(({ body }) => body)).size).toBe(1);
    expect(JSON.parse(receiver.arrivals[0]?.body ?? '')).toMatchObject({ id, total: 12.5 });
    expect(new Set(receiver.arrivals.map(({ headers }) => headers['postrider-delivery-id'])).size).toBe(3);
  });

  it('stays as it is when the template changes, unless a resend asks for it to be rendered again', async () => {
    receiver.next(400);
    const { publish, webhookId } = await subscribe(postrider.api, { url: receiver.url(), payloadTemplate });
    const id = await publish();
    await postrider.over(id);
    await postrider.api.patch(`/v1/webhooks/${webhookId}`, {
      payloadTemplate: { first: '{deliveryId}', sum: '{total}' },
    });
    await resend(id);
    await resend(id, { rerender: true });
    const [first, same, mended] = receiver.arrivals.map(({ body }) => body);
    expect(same).toBe(first);
    expect(JSON.parse(mended ?? '')).toEqual({ first: id, sum: 12.5 });
  });

  it('keeps its content type when the format changes while it waits', async () => {
    receiver.next(500);
    const { publish, webhookId } = await subscribe(postrider.api, {
      url: receiver.url(),
      retrySchedule: ['1h'],
    });
    const id = await publish();
    await postrider.delivery(id, ({ attemptCount }: Loose) => attemptCount === 1);
    await postrider.api.patch(`/v1/webhooks/${webhookId}`, { format: 'form' });
    await postrider.api.make(`/v1/deliveries/${id}/send-now`);
    await postrider.over(id);
    const [first, second] = receiver.arrivals;
    expect(second?.body).toBe(first?.body);
    expect(second?.headers['content-type']).toBe('application/json');
  });
});
