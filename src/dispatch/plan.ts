import type { Context } from '../context.js';
import { newGroupId } from '../models/ids.js';
import type { LaneStart, Start } from './dispatcher.js';

/** Starts whose first attempts travel in one workflow. */
export interface Group {
  workflowId: string;
  starts: readonly Start[];
}

/** Which workflows carry deliveries that are about to be written. */
export interface Plan {
  /** Each in a workflow of its own, from its first attempt. */
  own: readonly Start[];
  groups: readonly Group[];
  /** Lanes that were empty before. */
  lanes: readonly LaneStart[];
}

/**
 * Decides which workflow carries each delivery, before it is written: its record names it. When quiet it is its own.
 * Under pressure, with more starts to make than `dispatch.groupFrom`, those that share go in groups as even as they can be.
 */
export function planOf(ctx: Context, starts: readonly Start[]): Plan {
  const { mode, groupFrom, groupSize } = ctx.config.dispatch;
  if (mode === 'workflow' || ctx.dispatcher.underWay + starts.length < groupFrom) return ownWorkflows(starts);
  const sharing = starts.filter(({ shareable }) => shareable);
  const own = starts.filter(({ shareable }) => !shareable);
  const count = Math.ceil(sharing.length / groupSize);
  const each = Math.ceil(sharing.length / count);
  const groups = Array.from({ length: count }, (_, index): Group => {
    const workflowId = newGroupId();
    const members = sharing.slice(index * each, (index + 1) * each);
    return { workflowId, starts: members.map((start) => ({ ...start, workflowId })) };
  });
  return { own, groups, lanes: [] };
}

/** A workflow for each, whatever else is going on. */
export function ownWorkflows(starts: readonly Start[]): Plan {
  return { own: starts, groups: [], lanes: [] };
}

/** Deliveries as they are to be written: each names the workflow that the plan has for it. */
export function carriedBy<T extends { _id: string; workflowId: string }>(
  plan: Plan,
  deliveries: readonly T[],
): T[] {
  const carriers = new Map(
    plan.groups.flatMap(({ workflowId, starts }) => starts.map(({ _id }) => [_id, workflowId] as const)),
  );
  return deliveries.map((delivery) => ({
    ...delivery,
    workflowId: carriers.get(delivery._id) ?? delivery.workflowId,
  }));
}
