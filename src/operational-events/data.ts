import type { AttemptRecord } from '../models/attempt.js';
import type { DeliveryRecord } from '../models/delivery.js';
import type { OperationalEventRecord } from '../models/operational-event.js';
import { tenantOf } from '../models/tenant.js';
import type { PauseReason, WebhookRecord } from '../models/webhook.js';
import { operationalKeys, type OperationalEventType } from './types.js';

/** An attempt as operational events tell of it: no URL, header, body or message, any of which may hold a secret. */
export type ToldAttempt = Pick<AttemptRecord, 'number' | 'startedAt' | 'durationMs' | 'errorCode'> & {
  response: Pick<NonNullable<AttemptRecord['response']>, 'status'> | null;
};

/** That a delivery has failed for good; made once, since a delivery ends once. */
export function deliveryFailed(
  delivery: Omit<DeliveryRecord, 'attempts'> & { attempts: readonly ToldAttempt[] },
): OperationalEventRecord {
  const { _id: deliveryId, eventId, eventType, subscriptionId, webhookId, correlationId } = delivery;
  const { failureReason, attemptCount, resendOf, attempts, updatedAt } = delivery;
  const failedAt = delivery.endedAt ?? updatedAt;
  return operationalEvent(delivery, 'delivery.failed', deliveryId, failedAt, {
    deliveryId,
    eventId,
    eventType,
    subscriptionId,
    webhookId,
    correlationId,
    resendOf,
    failureReason,
    failedAt,
    attempts: attemptCount,
    lastAttempt: tellAttempt(deliveryId, attempts.at(-1)),
  });
}

/** What a webhook's operational event tells of: a run of failures, and its latest one. */
export interface Failures {
  webhook: WebhookRecord;
  failingSince: Date;
  delivery: Pick<DeliveryRecord, '_id'>;
  attempt: ToldAttempt;
  at: Date;
}

/** That a webhook has failed for a while; made once in a run of failures. */
export function webhookFailing({
  webhook,
  failingSince,
  delivery,
  attempt,
  at,
}: Failures): OperationalEventRecord {
  const { _id: webhookId, name } = webhook;
  const occurrence = `${webhookId}/${failingSince.getTime()}`;
  return operationalEvent(webhook, 'webhook.failing', occurrence, at, {
    webhookId,
    name,
    failingSince,
    lastAttempt: tellAttempt(delivery._id, attempt),
  });
}

/** That Postrider has paused a webhook; made once for each pause. */
export function webhookPaused(
  { webhook, failingSince, delivery, attempt, at }: Failures,
  reason: PauseReason,
): OperationalEventRecord {
  const { _id: webhookId, name } = webhook;
  return operationalEvent(webhook, 'webhook.paused', `${webhookId}/${at.getTime()}`, at, {
    webhookId,
    name,
    reason,
    pausedAt: at,
    failingSince,
    lastAttempt: tellAttempt(delivery._id, attempt),
  });
}

function operationalEvent(
  owner: Pick<WebhookRecord, 'organizationId' | 'environment'>,
  type: OperationalEventType,
  occurrence: string,
  occurredAt: Date,
  data: object,
): OperationalEventRecord {
  const _id = `${operationalKeys}${type}/${occurrence}`;
  return { _id, ...tenantOf(owner), type, dataJson: JSON.stringify(data), occurredAt };
}

function tellAttempt(deliveryId: string, attempt: ToldAttempt | undefined): object | null {
  if (!attempt) return null;
  const { number, startedAt, durationMs, errorCode, response } = attempt;
  return { deliveryId, number, startedAt, durationMs, errorCode, status: response?.status ?? null };
}
