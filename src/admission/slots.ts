import { Shares } from '../fairness/shares.js';
import type { Comebacks } from './comebacks.js';
import { free, type Asking, type Gate, type Go, type Later } from './gate.js';

/** Activities of a worker at once: twice what one organization alone may hold. */
export const activitySlots = 400;
/**
 * Workflow tasks of a worker at once. First attempts that are made inside them get half at most. What waits in Temporal waits in turns
 * of the organizations, and what a worker has taken does not; and the more it has taken, the sooner a machine that is starved of CPU is late
 * with all of them: after 10 s Temporal has a task done again. 100 did no more a second than 20, in groups and as bare workflows.
 */
export const workflowTaskSlots = 20;

/**
 * Shares a worker's slots out among organizations, so that one whose endpoints all hang leaves room for the others. A group holds one
 * slot for many, whatever organizations they are of: what hangs in it is bounded by the webhooks' concurrency.
 */
export class SlotGate implements Gate {
  readonly #activities = new Shares(activitySlots);
  readonly #workflowTasks = new Shares(workflowTaskSlots);
  readonly #comebacks: Comebacks;

  constructor(comebacks: Comebacks) {
    this.#comebacks = comebacks;
  }

  ask({ delivery: { organizationId }, place }: Asking): Go | Later {
    if (place === 'group') return free;
    const shares = place === 'local' ? this.#workflowTasks : this.#activities;
    if (shares.take(organizationId)) return { kind: 'go', leave: () => shares.give(organizationId) };
    return { kind: 'later', heldBy: 'concurrency', delayMs: this.#comebacks.next(organizationId) };
  }
}
