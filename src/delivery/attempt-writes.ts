import type { mongo } from 'mongoose';
import { gatherAll } from '../group-commit/gather-all.js';
import { Gathering } from '../group-commit/gathering.js';
import type { AttemptRecord } from '../models/attempt.js';
import { isMongoUnavailable } from '../models/availability.js';
import type { DeliveryRecord, RenderedBody } from '../models/delivery.js';
import type { Models } from '../models/models.js';
import { native } from '../models/native.js';

/** An attempt to record, with what follows from it. */
export interface AttemptWrite {
  deliveryId: string;
  attempt: AttemptRecord;
  /** Whether another attempt follows: then it counts what was asked of the delivery meanwhile. */
  goesOn: boolean;
  update: mongo.UpdateFilter<DeliveryRecord>;
}

/** A delivery after the write; undefined where another run has recorded the attempt of this number. */
export type Written = Pick<DeliveryRecord, 'status' | 'intent'> | undefined;

/** Of one write: with responses of 64 KiB each some megabytes. */
const mostAttempts = 100;

/** Results of attempts, written as they come: one alone at once, those that come meanwhile together. */
export function gatherAttemptWrites(models: Models): Gathering<AttemptWrite, Written> {
  return new Gathering(async (writes) => writeAttempts(models, writes), { most: mostAttempts });
}

async function writeAttempts(
  models: Models,
  writes: readonly AttemptWrite[],
): Promise<PromiseSettledResult<Written>[]> {
  const [only, ...others] = writes;
  if (only && others.length === 0) return [await settle(async () => writeOne(models, only))];
  // Unordered, and each on its own: what is wrong with one is found out below.
  const matched = await native(models.deliveries)
    .bulkWrite(
      writes.map((write) => ({ updateOne: { filter: startOf(write), update: write.update } })),
      { ordered: false },
    )
    .then(
      ({ matchedCount }) => matchedCount,
      (error: unknown) => {
        if (isMongoUnavailable(error)) throw error;
        return 0;
      },
    );
  const isAll = matched === writes.length;
  const unsure = writes.filter(({ goesOn }) => goesOn || !isAll);
  const found = unsure.length === 0 ? new Map<string, Found>() : await readBack(models, unsure);
  return Promise.all(
    writes.map(async (write) => {
      if (isAll && !write.goesOn)
        return { status: 'fulfilled' as const, value: { status: statusOf(write), intent: null } };
      const now = found.get(write.deliveryId);
      if (now && isRecorded(now, write.attempt)) return { status: 'fulfilled' as const, value: now };
      return settle(async () => writeOne(models, write));
    }),
  );
}

function startOf({ deliveryId, attempt }: AttemptWrite): mongo.Filter<DeliveryRecord> {
  return { _id: deliveryId, open: true, attemptCount: attempt.number - 1 };
}

async function writeOne(models: Models, write: AttemptWrite): Promise<Written> {
  const updated = await native(models.deliveries).findOneAndUpdate(startOf(write), write.update, {
    returnDocument: 'after',
    projection: { status: 1, intent: 1 },
  });
  return updated ?? undefined;
}

type Found = Pick<DeliveryRecord, '_id' | 'status' | 'intent' | 'attempts'>;

async function readBack(models: Models, writes: readonly AttemptWrite[]): Promise<Map<string, Found>> {
  const found = await native(models.deliveries)
    .find<Found>(
      { _id: { $in: writes.map(({ deliveryId }) => deliveryId) } },
      {
        projection: {
          status: 1,
          intent: 1,
          'attempts.number': 1,
          'attempts.startedAt': 1,
          'attempts.durationMs': 1,
        },
      },
    )
    .toArray();
  return new Map(found.map((delivery) => [delivery._id, delivery]));
}

/** Whether an attempt is the one on record: another run of the same number began at another time. */
function isRecorded({ attempts }: Found, { number, startedAt, durationMs }: AttemptRecord): boolean {
  return attempts.some(
    (recorded) =>
      recorded.number === number &&
      recorded.startedAt.getTime() === startedAt.getTime() &&
      recorded.durationMs === durationMs,
  );
}

function statusOf({ update }: AttemptWrite): DeliveryRecord['status'] {
  return (update.$set as Pick<DeliveryRecord, 'status'>).status;
}

async function settle<T>(act: () => Promise<T>): Promise<PromiseSettledResult<T>> {
  const [outcome] = await Promise.allSettled([act()]);
  return outcome;
}

/** What a delivery sends, to be kept before its first request leaves. */
export interface BodyWrite {
  deliveryId: string;
  body: RenderedBody;
}

/** Bodies that are kept: with 256 KiB each some megabytes a write. */
const mostBodies = 50;

/** Bodies, written together where they come together. */
export function gatherBodyWrites(models: Models): Gathering<BodyWrite, void> {
  return gatherUpdates(models, mostBodies, ({ deliveryId, body }) => ({
    filter: { _id: deliveryId, body: null },
    update: { $set: { body } },
  }));
}

/** What becomes of a delivery between its attempts: its request is under way for a while, or may not leave now. */
export interface StateWrite {
  deliveryId: string;
  /** Those recorded before: one that was recorded meanwhile counts more. */
  attemptCount: number;
  fields: Pick<DeliveryRecord, 'status' | 'held' | 'updatedAt'> &
    Partial<Pick<DeliveryRecord, 'nextAttemptAt' | 'workflowId' | 'heldBy'>>;
}

/** Some hundred bytes each. */
const mostStates = 1_000;

/** States of deliveries, written together where they come together. */
export function gatherStateWrites(models: Models): Gathering<StateWrite, void> {
  return gatherUpdates(models, mostStates, ({ deliveryId, attemptCount, fields }) => ({
    filter: { _id: deliveryId, open: true, attemptCount },
    update: { $set: fields },
  }));
}

function gatherUpdates<Write>(
  models: Models,
  most: number,
  updateOf: (write: Write) => mongo.UpdateOneModel<DeliveryRecord>,
): Gathering<Write, void> {
  return gatherAll(
    async (writes) => {
      const updates = writes.map((write) => ({ updateOne: updateOf(write) }));
      await native(models.deliveries).bulkWrite(updates, { ordered: false });
    },
    { most },
  );
}
