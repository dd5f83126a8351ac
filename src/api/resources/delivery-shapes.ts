import { z } from 'zod';
import { attemptErrorCodes } from '../../errors/codes.js';
import type { AttemptRecord } from '../../models/attempt.js';
import {
  deliveryStatuses,
  failureReasons,
  holders,
  type DeliveryRecord,
  type Holder,
} from '../../models/delivery.js';
import { iso, Timestamp } from '../fields.js';
import { lastAttemptOf, type AttemptResult as Result, type DeliveryRow } from './delivery-rows.js';

const ErrorCode = z.enum(Object.keys(attemptErrorCodes) as (keyof typeof attemptErrorCodes)[]);
const Header = z.object({ name: z.string(), value: z.string() });

export const Attempt = z
  .object({
    number: z.number(),
    startedAt: Timestamp,
    durationMs: z.number(),
    request: z.object({
      method: z.string(),
      url: z.string(),
      headers: z.array(Header).meta({ description: 'secret values masked' }),
      body: z.string().nullable(),
    }),
    response: z
      .object({
        status: z.number(),
        headers: z.array(Header),
        body: z.string().meta({ description: 'at most 64 KiB' }),
        truncated: z.boolean().meta({ description: 'whether the body was cut' }),
      })
      .nullable(),
    errorCode: ErrorCode.nullable(),
    errorMessage: z.string().nullable(),
    nextAttemptAt: Timestamp.nullable(),
  })
  .meta({ id: 'Attempt' });

/** What came of an attempt, without what can be large. */
export const AttemptResult = z
  .object({
    number: z.number(),
    startedAt: Timestamp,
    durationMs: z.number(),
    status: z.number().nullable().meta({ description: 'of the response; null where none came' }),
    errorCode: ErrorCode.nullable(),
    errorMessage: z.string().nullable(),
  })
  .meta({ id: 'AttemptResult' });

export const Delivery = z
  .object({
    id: z.string(),
    eventId: z.string(),
    eventType: z.string(),
    subscriptionId: z.string(),
    webhookId: z.string(),
    webhookName: z.string().nullable().meta({ description: 'as the webhook is called now' }),
    status: z.enum(deliveryStatuses),
    failureReason: z.enum(failureReasons).nullable(),
    attemptCount: z.number(),
    lastAttempt: AttemptResult.nullable().meta({
      description: 'what came of the newest attempt; null before the first',
    }),
    nextAttemptAt: Timestamp.nullable(),
    held: z.boolean().meta({ description: 'whether it waits because its webhook is paused' }),
    heldBy: z.enum(holders).nullable().meta({
      description:
        'what holds it back, while it waits and is due: a pause, or until `nextAttemptAt` a limit. It spends nothing of its schedule',
    }),
    correlationId: z.string().nullable(),
    resendOf: z.string().nullable().meta({ description: 'the delivery that this one repeats' }),
    originalDeliveryId: z.string().nullable().meta({ description: 'the first of the chain of resends' }),
    workflowId: z.string(),
    workflowUrl: z
      .string()
      .nullable()
      .meta({ description: 'in the Temporal UI, where its address is known' }),
    createdAt: Timestamp,
    endedAt: Timestamp.nullable(),
  })
  .meta({ id: 'Delivery' });

const ResendLink = z
  .object({
    id: z.string(),
    status: z.enum(deliveryStatuses),
    resendOf: z.string().nullable(),
    createdAt: Timestamp,
  })
  .meta({ id: 'ResendLink' });

const DeliveryOrder = z
  .object({
    laneId: z.string(),
    key: z
      .string()
      .nullable()
      .meta({ description: 'the value of the ordering key, at most 200 characters of it; null: none' }),
    waitsFor: z
      .string()
      .nullable()
      .meta({ description: 'the delivery before it, which is not over; null where nothing is before it' }),
  })
  .meta({ id: 'DeliveryOrder' });

export const DeliveryDetail = Delivery.extend({
  order: DeliveryOrder.nullable().meta({ description: 'null where its webhook was not ordered' }),
  attempts: z.array(Attempt),
  resends: z
    .array(ResendLink)
    .meta({ description: 'the other deliveries of its chain, the first one first' }),
}).meta({ id: 'DeliveryDetail' });

/** The namespace and the Temporal UI. */
export interface Links {
  namespace: string;
  uiUrl: string | undefined;
}

/** A delivery as lists show it. */
export function showDelivery(
  record: DeliveryRecord | DeliveryRow,
  links: Links,
  webhookName: string | null,
): z.infer<typeof Delivery> {
  const last = lastAttemptOf(record);
  return {
    id: record._id,
    eventId: record.eventId,
    eventType: record.eventType,
    subscriptionId: record.subscriptionId,
    webhookId: record.webhookId,
    webhookName,
    status: record.status,
    failureReason: record.failureReason,
    attemptCount: record.attemptCount,
    lastAttempt: last && showAttemptResult(last),
    nextAttemptAt: iso(record.nextAttemptAt),
    held: record.held,
    heldBy: heldBy(record),
    correlationId: record.correlationId,
    resendOf: record.resendOf,
    originalDeliveryId: record.originalDeliveryId,
    workflowId: record.workflowId,
    workflowUrl: workflowUrl(record.workflowId, links),
    createdAt: iso(record.createdAt),
    endedAt: iso(record.endedAt),
  };
}

function heldBy({ status, held, heldBy: holder }: DeliveryRecord | DeliveryRow): Holder | null {
  if (status !== 'waiting') return null;
  return held ? 'paused' : (holder ?? null);
}

export function showAttemptResult(result: Result): z.infer<typeof AttemptResult> {
  const { number, startedAt, durationMs, status, errorCode, errorMessage } = result;
  return {
    number,
    startedAt: iso(startedAt),
    durationMs,
    status: status ?? null,
    errorCode: errorCode as z.infer<typeof ErrorCode> | null,
    errorMessage,
  };
}

/** Where the Temporal UI shows a workflow; null where it is not known. */
export function workflowUrl(workflowId: string, { uiUrl, namespace }: Links): string | null {
  if (uiUrl === undefined) return null;
  return `${uiUrl}/namespaces/${encodeURIComponent(namespace)}/workflows/${encodeURIComponent(workflowId)}`;
}

/** An attempt; its request's body is the delivery's own. */
export function showAttempt(attempt: AttemptRecord, body: string | null): z.infer<typeof Attempt> {
  return {
    number: attempt.number,
    startedAt: iso(attempt.startedAt),
    durationMs: attempt.durationMs,
    request: { ...attempt.request, body },
    response: attempt.response,
    errorCode: attempt.errorCode as z.infer<typeof Attempt>['errorCode'],
    errorMessage: attempt.errorMessage,
    nextAttemptAt: iso(attempt.nextAttemptAt),
  };
}
