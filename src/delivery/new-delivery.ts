import type { LanePlace } from '../lanes/lane-of.js';
import { deliveryIdOf, newId, workflowIdOf } from '../models/ids.js';
import type { DeliveryRecord, RenderedBody } from '../models/delivery.js';
import type { EventRecord } from '../models/event.js';

/** The delivery of an event to a webhook because of a subscription, as it is first written; with its lane, if it has one. */
export function newDelivery(
  event: Pick<EventRecord, '_id' | 'organizationId' | 'environment' | 'type' | 'correlationId'>,
  subscription: { _id: string; webhookId: string },
  createdAt: Date,
  lane?: LanePlace,
): DeliveryRecord {
  const delivery = pending(deliveryIdOf(event._id, subscription._id), {
    organizationId: event.organizationId,
    environment: event.environment,
    eventId: event._id,
    eventType: event.type,
    subscriptionId: subscription._id,
    webhookId: subscription.webhookId,
    correlationId: event.correlationId,
    createdAt,
    body: null,
    resendOf: null,
    originalDeliveryId: null,
  });
  return lane ? inLane(delivery, lane) : delivery;
}

/** A delivery that waits for its turn in a lane; its place there is taken when it is written. */
export function inLane(delivery: DeliveryRecord, lane: LanePlace): DeliveryRecord {
  return { ...delivery, ...lane, status: 'waiting' };
}

/** A new delivery of the same event, linked to the one that it repeats and to the first of the chain. */
export function resendOf(
  delivery: Omit<DeliveryRecord, 'attempts'>,
  body: RenderedBody | null,
  createdAt: Date,
  id: string = newId('delivery'),
): DeliveryRecord {
  const { organizationId, environment, eventId, eventType, subscriptionId, webhookId, correlationId } =
    delivery;
  return pending(id, {
    organizationId,
    environment,
    eventId,
    eventType,
    subscriptionId,
    webhookId,
    correlationId,
    createdAt,
    body,
    resendOf: delivery._id,
    originalDeliveryId: delivery.originalDeliveryId ?? delivery._id,
  });
}

type Given =
  | 'organizationId'
  | 'environment'
  | 'eventId'
  | 'eventType'
  | 'subscriptionId'
  | 'webhookId'
  | 'correlationId'
  | 'createdAt'
  | 'body'
  | 'resendOf'
  | 'originalDeliveryId';

function pending(id: string, given: Pick<DeliveryRecord, Given>): DeliveryRecord {
  return {
    _id: id,
    ...given,
    status: 'pending',
    failureReason: null,
    nextAttemptAt: null,
    held: false,
    attemptCount: 0,
    attempts: [],
    workflowId: workflowIdOf(id),
    intent: null,
    updatedAt: given.createdAt,
    endedAt: null,
    open: true,
    expiresAt: null,
  };
}
