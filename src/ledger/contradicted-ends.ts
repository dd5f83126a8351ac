import type { AttemptRecord } from '../models/attempt.js';
import type { DeliveryRecord } from '../models/delivery.js';
import type { Difference } from './differences.js';

/** The part of a delivery that tells whether its end is what its attempts say. */
export type Ended = Pick<
  DeliveryRecord,
  '_id' | 'organizationId' | 'environment' | 'status' | 'endedAt' | 'attemptCount'
> & { attempts: Pick<AttemptRecord, 'number' | 'errorCode'>[] };

/** Those of the deliveries that are over in a way that their attempts do not tell. */
export function contradictedEnds(deliveries: readonly Ended[]): Difference[] {
  return deliveries.flatMap((delivery) => {
    const { _id: subjectId, organizationId, environment, endedAt: at } = delivery;
    if (at === null || isToldByAttempts(delivery)) return [];
    return [{ kind: 'contradicted_end' as const, organizationId, environment, subjectId, at }];
  });
}

/**
 * Whether the attempts say how a delivery that is over ended: none is left out, the last one of a success succeeded, and all
 * others failed.
 */
export function isToldByAttempts({ status, attempts, attemptCount }: Ended): boolean {
  const isInOrder = attempts.every(({ number }, index) => number === index + 1);
  if (!isInOrder || attempts.length !== attemptCount) return false;
  const last = attempts.at(-1);
  const before = status === 'succeeded' ? attempts.slice(0, -1) : attempts;
  if (before.some(({ errorCode }) => errorCode === null)) return false;
  switch (status) {
    case 'succeeded':
      return last?.errorCode === null;
    case 'failed':
      return last !== undefined;
    case 'cancelled':
      return true;
    default:
      // It has an end, and its status says otherwise.
      return false;
  }
}
