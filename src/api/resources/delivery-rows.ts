import { deliverySchema, type DeliveryRecord, type DeliverySummary } from '../../models/delivery.js';
import type { AttemptRecord } from '../../models/attempt.js';

/** What came of an attempt, without what can be large. */
export interface AttemptResult extends Pick<
  AttemptRecord,
  'number' | 'startedAt' | 'durationMs' | 'errorCode' | 'errorMessage'
> {
  /** Absent where there was no response. */
  status?: number;
}

/** A delivery as lists read it: of its attempts, the newest one's result. */
export interface DeliveryRow extends DeliverySummary {
  /** Empty before the first one. */
  lastAttempt: AttemptResult;
}

/** The projection of a row: all but the attempts and the body, whose texts can be 64 KiB and more each. */
export const rowFields: Record<string, object | 1> = {
  ...Object.fromEntries(
    Object.keys(deliverySchema.paths)
      .filter((path) => path !== 'attempts' && path !== 'body')
      .map((path) => [path, 1]),
  ),
  lastAttempt: {
    $let: {
      vars: { last: { $last: '$attempts' } },
      in: {
        number: '$$last.number',
        startedAt: '$$last.startedAt',
        durationMs: '$$last.durationMs',
        status: '$$last.response.status',
        errorCode: '$$last.errorCode',
        errorMessage: '$$last.errorMessage',
      },
    },
  },
};

/** The result of the newest attempt of a row, or of a whole record; null before the first. */
export function lastAttemptOf(delivery: DeliveryRecord | DeliveryRow): AttemptResult | null {
  if (delivery.attemptCount === 0) return null;
  if ('lastAttempt' in delivery) return delivery.lastAttempt;
  const last = delivery.attempts.at(-1);
  if (!last) return null;
  const { number, startedAt, durationMs, errorCode, errorMessage, response } = last;
  return {
    number,
    startedAt,
    durationMs,
    errorCode,
    errorMessage,
    ...(response ? { status: response.status } : {}),
  };
}
