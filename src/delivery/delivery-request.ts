import type { Secret } from '../config/secret.js';
import type { KeyRing, Sealed } from '../crypto/key-ring.js';
import type { RenderedBody } from '../models/delivery.js';
import type { EventRecord } from '../models/event.js';
import type { WebhookRecord } from '../models/webhook.js';
import { buildRequest, type BuiltRequest, type RequestAuth } from '../request/build.js';
import { defaultBody } from '../request/default-body.js';
import { encodeBody } from '../request/format.js';
import type { JsonValue } from '../request/json-value.js';
import { renderTemplate } from '../request/template.js';

/** The part of an event that a request is made of. */
export type RequestEvent = Pick<EventRecord, '_id' | 'type' | 'dataJson' | 'occurredAt' | 'correlationId'>;

/**
 * The body of a delivery, and the placeholders of its template that found nothing. `deliveryId` is the first of
 * a chain of resends.
 */
export function renderBody(
  webhook: Pick<WebhookRecord, 'payloadTemplateJson' | 'format'>,
  event: RequestEvent,
  deliveryId: string,
  now: Date,
): { body: RenderedBody; missing: string[] } {
  const data = JSON.parse(event.dataJson) as JsonValue;
  const sent = { id: event._id, type: event.type, occurredAt: event.occurredAt, data };
  const { value, missing } =
    webhook.payloadTemplateJson === null
      ? { value: defaultBody(sent), missing: [] }
      : renderTemplate(JSON.parse(webhook.payloadTemplateJson) as JsonValue, {
          eventName: event.type,
          eventId: event._id,
          deliveryId,
          currentDateTime: now,
          data,
        });
  const { contentType, body } = encodeBody(value, webhook.format);
  return { body: { contentType, text: body }, missing };
}

/** The request of one attempt: the same for a delivery, a test and a preview. */
export function requestOf(
  keyRing: KeyRing,
  parts: {
    webhook: WebhookRecord;
    event: RequestEvent;
    deliveryId: string;
    url: string;
    auth: RequestAuth;
    body: RenderedBody;
    attempt: number;
    sentAt: Date;
  },
): BuiltRequest {
  const { webhook, event, url, auth, deliveryId, attempt, sentAt, body } = parts;
  const open = (sealed: Sealed): Secret => keyRing.open(sealed, webhook._id);
  const previous = webhook.previousSigningSecret;
  return buildRequest({
    webhook: {
      url,
      method: webhook.method,
      headers: webhook.headers.map((header) =>
        header.secret ? { ...header, value: open(header.value).reveal() } : header,
      ),
    },
    auth,
    event: { id: event._id, type: event.type, correlationId: event.correlationId ?? undefined },
    deliveryId,
    attempt,
    sentAt,
    body,
    signingSecrets: [
      open(webhook.signingSecret),
      ...(previous && previous.validUntil > sentAt ? [open(previous.sealed)] : []),
    ],
  });
}
