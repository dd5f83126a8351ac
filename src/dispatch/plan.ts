import type { Context } from '../context.js';
import { newGroupId } from '../models/ids.js';
import type { LaneStart, Start } from './dispatcher.js';

/** Starts whose first attempts travel in one workflow. */
export interface Group {
  workflowId: string;
  starts: readonly Start[];
  /** Whose turn it takes: an organization with many starts, or those that have few, together. */
  owner: string;
}

/** Which workflows carry deliveries that are about to be written. */
export interface Plan {
  /** Each in a workflow of its own, from its first attempt. */
  own: readonly Start[];
  groups: readonly Group[];
  /** Lanes that were empty before. */
  lanes: readonly LaneStart[];
}

/** Organizations with few starts each share groups, and a turn. */
const few = 'few';

/**
 * Decides which workflow carries each delivery, before it is written: its record names it. When quiet it is its own.
 * Under pressure, with more starts to make than `dispatch.groupFrom`, those that share go in groups as even as they can be.
 * What presses is told for each organization, so that one that publishes without end has groups of its own to wait for.
 */
export function planOf(ctx: Context, starts: readonly Start[]): Plan {
  const { mode, groupFrom, groupSize } = ctx.config.dispatch;
  if (mode === 'workflow') return ownWorkflows(starts);
  const { dispatcher } = ctx;
  const plans: Plan[] = [];
  const ofFew: Start[] = [];
  for (const [organizationId, theirs] of byOrganization(starts)) {
    const isMany = dispatcher.underWayOf(organizationId) + theirs.length >= groupFrom;
    if (isMany) plans.push(grouped(theirs, groupSize, organizationId));
    else ofFew.push(...theirs);
  }
  const isPressing = dispatcher.underWayOfFew(groupFrom) + ofFew.length >= groupFrom;
  plans.push(isPressing ? grouped(ofFew, groupSize, few) : ownWorkflows(ofFew));
  return {
    own: plans.flatMap(({ own }) => own),
    groups: plans.flatMap(({ groups }) => groups),
    lanes: [],
  };
}

function byOrganization(starts: readonly Start[]): Map<string, Start[]> {
  const found = new Map<string, Start[]>();
  for (const start of starts) {
    const theirs = found.get(start.organizationId);
    if (theirs) theirs.push(start);
    else found.set(start.organizationId, [start]);
  }
  return found;
}

function grouped(starts: readonly Start[], groupSize: number, owner: string): Plan {
  // Those with limits are together, so that few groups have to wait for one.
  const sharing = starts
    .filter(({ shareable }) => shareable)
    .sort((a, b) => Number(a.isLimited) - Number(b.isLimited));
  const own = starts.filter(({ shareable }) => !shareable);
  const count = Math.ceil(sharing.length / groupSize);
  const each = Math.ceil(sharing.length / count);
  const groups = Array.from({ length: count }, (_, index): Group => {
    const workflowId = newGroupId();
    const members = sharing.slice(index * each, (index + 1) * each);
    return { workflowId, owner, starts: members.map((start) => ({ ...start, workflowId })) };
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
