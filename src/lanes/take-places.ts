import type { ClientSession } from 'mongoose';
import type { Context } from '../context.js';
import type { DeliveryRecord } from '../models/delivery.js';
import { newLaneWorkflowId } from '../models/ids.js';
import type { LaneRecord } from '../models/lane.js';
import { native } from '../models/native.js';
import { tenantOf } from '../models/tenant.js';

/** Deliveries as they are to be written, and the lanes that are to be started once they are. */
export interface Placed {
  deliveries: DeliveryRecord[];
  /** Lanes that were empty. The others have a workflow, which finds what was added. */
  opened: LaneRecord[];
}

type InLane = DeliveryRecord & { lane: string };

/**
 * Gives deliveries their places in their lanes, one after the other as they are given here, in the transaction that writes
 * them: a lane's places are taken in the order in which transactions are committed. Two commands for all lanes together;
 * nothing where no delivery has a lane. A transaction that takes places in the same lane at the same time is repeated.
 */
export async function takePlaces(
  ctx: Context,
  deliveries: readonly DeliveryRecord[],
  session: ClientSession,
): Promise<Placed> {
  const byLane = groupByLane(deliveries.filter(isInLane));
  if (byLane.size === 0) return { deliveries: [...deliveries], opened: [] };
  const lanes = native(ctx.models.lanes);
  await lanes.bulkWrite(
    [...byLane].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([lane, members]) => upsert(lane, members)),
    { session },
  );
  const records = await lanes.find({ _id: { $in: [...byLane.keys()] } }, { session }).toArray();
  const byId = new Map(records.map((record) => [record._id, record]));
  const next = new Map(records.map(({ _id, place }) => [_id, place - (byLane.get(_id)?.length ?? 0)]));
  return {
    deliveries: deliveries.map((delivery) => {
      if (!isInLane(delivery)) return delivery;
      const place = (next.get(delivery.lane) ?? 0) + 1;
      next.set(delivery.lane, place);
      return { ...delivery, place, workflowId: byId.get(delivery.lane)?.workflowId ?? '' };
    }),
    opened: records.filter(({ _id, place }) => place === byLane.get(_id)?.length),
  };
}

function isInLane(delivery: DeliveryRecord): delivery is InLane {
  return delivery.lane !== undefined;
}

function groupByLane(deliveries: readonly InLane[]): Map<string, InLane[]> {
  const byLane = new Map<string, InLane[]>();
  for (const delivery of deliveries) {
    const members = byLane.get(delivery.lane) ?? [];
    byLane.set(delivery.lane, members);
    members.push(delivery);
  }
  return byLane;
}

function upsert(lane: string, members: readonly InLane[]) {
  const [first] = members;
  if (!first) throw new Error('a lane without a delivery');
  const { webhookId, laneKey: key = null, createdAt } = first;
  const workflowId = newLaneWorkflowId(lane);
  const $setOnInsert = { ...tenantOf(first), webhookId, key, workflowId, checkAt: new Date(), createdAt };
  return {
    updateOne: {
      filter: { _id: lane },
      update: { $inc: { place: members.length }, $setOnInsert },
      upsert: true,
    },
  };
}
