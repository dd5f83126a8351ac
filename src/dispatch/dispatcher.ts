import {
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  type WorkflowStartOptions,
} from '@temporalio/client';
import { WorkflowIdConflictPolicy, WorkflowIdReusePolicy } from '@temporalio/common';
import { LRUCache } from 'lru-cache';
import { Congestion } from '../fairness/congestion.js';
import { FairLimit } from '../fairness/fair-limit.js';
import { Shares } from '../fairness/shares.js';
import type { Logger } from '../logging/logger.js';
import type { DeliveryRecord } from '../models/delivery.js';
import type { LaneRecord } from '../models/lane.js';
import { groupAttributesOf, laneAttributesOf, searchAttributesOf } from '../temporal/search-attributes.js';
import type { TemporalLink } from '../temporal/link.js';
import { isGroup, isLane } from '../models/ids.js';
import type { deliverWebhook, dispatchGroup, lane, settleWebhook } from '../workflows/index.js';
import { settleAgainSignal, taskQueue, wakeSignal } from '../workflows/input.js';
import type { Group, Plan } from './plan.js';

/**
 * Starts under way at once from this process. One takes 10 to 20 ms; where they take much longer, Temporal has more to do than it
 * can, and what it is given waits there for all that came before. Beside an organization whose endpoints hang, another's delivery took
 * 209 ms (p50) and 333 ms (p99) so, and with 50 starts whatever they took 1,112 and 13,719 ms.
 */
const concurrentStarts = { most: 50, fewest: 4, slowMs: 250 };
/**
 * Groups under way at once. Where there is a worker a start that comes back has begun to run, so a few keep it busy. A group of others is
 * followed to its end: sixteen of fifty are 800 deliveries a second to endpoints that take one.
 */
const concurrentGroups = { ownWorker: 4, otherWorkers: 16 };
/**
 * So long at most, in ms, a process without a worker takes a group for under way that it has started: longer than fifty deliveries take where
 * the workers keep up. Two processes of the API and two workers had groups of 15 and 2,400 ms (p50) from publish to arrival at 50 callers without
 * it, of 26 and 500 ms with it; a quiet organization beside one that floods 2,650 and 4,078 ms (p50, p99), 516 and 839 with it.
 */
const followedMs = 1_000;
/** Starts that wait here, of which one organization alone gets half; what comes on top is left to the sweep, so that memory stays bounded. */
const longestQueue = 20_000;
/** How long Temporal may take for one call. */
const callTimeoutMs = 10_000;
/** How many started deliveries are remembered, so that a sweep does not start again what has not yet run. */
const rememberedStarts = 100_000;
const rememberedMs = 600_000;
/** After a failed start the others are not tried for so long, and left to the sweep. */
const pauseMs = 1_000;

/** What the start of a delivery needs to know of it. */
export type Start = Pick<
  DeliveryRecord,
  '_id' | 'organizationId' | 'environment' | 'eventId' | 'eventType' | 'webhookId' | 'workflowId'
> & {
  /** Where it goes, for operators: host and name of the webhook, never a path. */
  summary: string;
  needsToken: boolean;
  firstAttemptLocal: boolean;
  /** Whether its webhook has a limit, of rate or concurrency, for which it may have to wait. */
  isLimited: boolean;
  /** Whether its first attempt may travel in a group. */
  shareable: boolean;
};

/** What the start of a lane needs to know of it. */
export type LaneStart = Pick<
  LaneRecord,
  '_id' | 'organizationId' | 'environment' | 'webhookId' | 'workflowId'
> & {
  firstWalkLocal: boolean;
};

/** A delivery or a lane that waits for its start. */
type Startable = Pick<Start | LaneStart, '_id' | 'organizationId' | 'workflowId'>;

/** What Temporal says of a workflow. */
export type WorkflowState = 'running' | 'closed' | 'unknown';

/**
 * The one place where deliveries are handed to Temporal. What is dispatched has been written before, so nothing
 * is lost when a start fails: the sweep finds it.
 */
export class Dispatcher {
  readonly #link: TemporalLink;
  readonly #logger: Logger;
  readonly #hasWorker: boolean;
  readonly #congestion = new Congestion(concurrentStarts);
  readonly #limit = new FairLimit(this.#congestion);
  readonly #groupLimit: FairLimit;
  readonly #room = new Shares(longestQueue);
  readonly #started = new LRUCache<string, true>({ max: rememberedStarts, ttl: rememberedMs });
  /** Overdue deliveries whose workflow was seen to run: Temporal is not asked about them in every sweep. */
  readonly #running = new LRUCache<string, true>({ max: rememberedStarts, ttl: rememberedMs });
  readonly #queued = new Set<string>();
  readonly #queuedOf = new Map<string, number>();
  #inGroups = 0;
  #pausedUntil = 0;

  /** `hasWorker`: whether what is started here can be carried out here. */
  constructor(link: TemporalLink, logger: Logger, { hasWorker }: { hasWorker: boolean }) {
    this.#link = link;
    this.#logger = logger;
    this.#hasWorker = hasWorker;
    this.#groupLimit = new FairLimit({
      atOnce: hasWorker ? concurrentGroups.ownWorker : concurrentGroups.otherWorkers,
    });
  }

  /** Deliveries of an organization whose start is under way here, or waits for its turn. */
  underWayOf(organizationId: string): number {
    return this.#queuedOf.get(organizationId) ?? 0;
  }

  /** The same of all organizations that have fewer than `few` each. */
  underWayOfFew(few: number): number {
    let sum = 0;
    for (const count of this.#queuedOf.values()) if (count < few) sum += count;
    return sum;
  }

  /** Deliveries whose group's start is under way here, or waits for its turn. */
  get underWayInGroups(): number {
    return this.#inGroups;
  }

  /**
   * Starts deliveries in the background, the organizations' in turn, and never fails: what cannot be started now waits for
   * the sweep.
   */
  dispatch({ own, groups, lanes }: Plan): void {
    for (const group of groups) {
      this.#inTurn(this.#groupLimit, group.owner, group.starts, async () => this.startGroup(group));
    }
    for (const start of own) {
      this.#inTurn(this.#limit, start.organizationId, [start], async () => this.start(start));
    }
    for (const start of lanes) {
      this.#inTurn(this.#limit, start.organizationId, [start], async () => this.startLane(start));
    }
  }

  #inTurn(limit: FairLimit, owner: string, starts: readonly Startable[], act: () => Promise<unknown>): void {
    if (this.#isPaused() || !this.#room.take(owner, starts.length)) return;
    this.#queue(starts, 1);
    void limit.run(owner, async () => {
      try {
        if (!this.#isPaused()) await act();
      } catch (error) {
        if (!this.#isPaused()) {
          const ids = starts.map(({ _id }) => _id);
          this.#logger.warn({ err: error, ids }, 'not started; the sweep will');
        }
        this.#pausedUntil = Date.now() + pauseMs;
      } finally {
        this.#room.give(owner, starts.length);
        this.#queue(starts, -1);
      }
    });
  }

  /** Notes that starts have come (1), or are done (-1). */
  #queue(starts: readonly Startable[], by: 1 | -1): void {
    for (const { _id, organizationId, workflowId } of starts) {
      if (isGroup(workflowId)) this.#inGroups += by;
      if (by === 1) this.#queued.add(_id);
      else this.#queued.delete(_id);
      const count = this.underWayOf(organizationId) + by;
      if (count > 0) this.#queuedOf.set(organizationId, count);
      else this.#queuedOf.delete(organizationId);
    }
  }

  /**
   * Starts one delivery; one that is there already is a success, and gives false. Throws when Temporal cannot be
   * reached.
   */
  async start(start: Start): Promise<boolean> {
    const isNew = await this.#startOnce(async (client) =>
      client.start<typeof deliverWebhook>('deliverWebhook', startOptions(start)),
    );
    this.#started.set(start._id, true);
    return isNew;
  }

  /** Starts one delivery as soon as few enough starts are under way here; otherwise as `start`. */
  async startInTurn(start: Start): Promise<void> {
    await this.#limit.run(start.organizationId, async () => this.start(start));
  }

  /**
   * Starts a group; one that is there already is a success. Where its attempts are made by other processes it is under way until they
   * have ended, or for a while: how much is in hand there cannot be known otherwise. Throws when Temporal cannot be reached.
   */
  async startGroup(group: Group): Promise<void> {
    await this.#startOnce(async (client) =>
      client.start<typeof dispatchGroup>('dispatchGroup', groupOptions(group)),
    );
    for (const { _id } of group.starts) this.#started.set(_id, true);
    if (!this.#hasWorker) await this.#follow(group.workflowId);
  }

  /** Waits until a workflow has ended that another process carries out, for a while. However it ended, or did not, is no concern here. */
  async #follow(workflowId: string): Promise<void> {
    const { client, connection } = this.#link.current;
    await connection
      .withDeadline(Date.now() + followedMs, async () =>
        client.getHandle<typeof dispatchGroup>(workflowId).result(),
      )
      .catch(() => undefined);
  }

  /** Starts a lane; one that is there already is a success. Throws when Temporal cannot be reached. */
  async startLane(start: LaneStart): Promise<void> {
    await this.#startOnce(async (client) => client.start<typeof lane>('lane', laneOptions(start)));
  }

  async #startOnce(start: (client: TemporalLink['current']['client']) => Promise<unknown>): Promise<boolean> {
    const { client, connection } = this.#link.current;
    const began = performance.now();
    try {
      await connection.withDeadline(Date.now() + callTimeoutMs, async () => start(client));
      return true;
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      return false;
    } finally {
      this.#congestion.took(performance.now() - began);
    }
  }

  /** Whether this process has started a delivery not long ago, or is about to start it, or a lane. */
  hasTaken(id: string): boolean {
    return this.#queued.has(id) || this.#started.has(id);
  }

  /**
   * Makes a delivery that waits look again at once. False when it has no workflow that runs. In a group nothing waits:
   * its first attempt is made in any case.
   */
  async wake(workflowId: string): Promise<boolean> {
    if (isGroup(workflowId)) return true;
    return this.#reach(async (client) => client.getHandle(workflowId).signal(wakeSignal));
  }

  /**
   * Cancels a delivery's workflow; a request under way is let end. False when it has no workflow that runs. A group is
   * never cancelled for one of many: it looks at what was asked of each. A lane is woken, and does the same.
   */
  async cancel(workflowId: string): Promise<boolean> {
    if (isGroup(workflowId)) return true;
    if (isLane(workflowId)) return this.wake(workflowId);
    return this.#reach(async (client) => client.getHandle(workflowId).cancel());
  }

  /** Lets the open deliveries of a webhook act on its state, however many there are. */
  async settle(webhookId: string): Promise<void> {
    await this.#reach(async (client) =>
      client.signalWithStart<typeof settleWebhook>('settleWebhook', {
        workflowId: `settle/${webhookId}`,
        taskQueue,
        args: [webhookId],
        signal: settleAgainSignal,
        staticSummary: 'Wakes or cancels what waits, after a change of the webhook',
      }),
    );
  }

  /** Starts a delivery again whose own workflow Temporal does not know. Gives what was found: that runs, was not known, or has closed. */
  async revive(start: Start): Promise<WorkflowState> {
    if (this.#running.has(start._id)) return 'running';
    const state = await this.stateOf(start.workflowId);
    if (state === 'unknown') await this.start(start);
    if (state === 'running') this.#running.set(start._id, true);
    return state;
  }

  /** Whether the workflow of a delivery runs, has closed, or is not known. */
  async stateOf(workflowId: string): Promise<WorkflowState> {
    let state: WorkflowState = 'unknown';
    await this.#reach(async (client) => {
      const { status } = await client.getHandle(workflowId).describe();
      state = status.name === 'RUNNING' ? 'running' : 'closed';
    });
    return state;
  }

  async #reach(call: (client: TemporalLink['current']['client']) => Promise<unknown>): Promise<boolean> {
    const { client, connection } = this.#link.current;
    try {
      await connection.withDeadline(Date.now() + callTimeoutMs, async () => call(client));
      return true;
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return false;
      throw error;
    }
  }

  #isPaused(): boolean {
    return Date.now() < this.#pausedUntil;
  }
}

function groupOptions({ workflowId, owner, starts }: Group): WorkflowStartOptions<typeof dispatchGroup> {
  const deliveries = starts.map(({ _id: deliveryId, eventId, webhookId }) => ({
    deliveryId,
    eventId,
    webhookId,
  }));
  return {
    workflowId,
    taskQueue,
    // What has to wait for a limit would hold up a workflow's task.
    args: [{ deliveries, fastInTask: !starts.some(({ isLimited }) => isLimited) }],
    requestEagerStart: true,
    priority: { fairnessKey: owner },
    workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
    workflowIdConflictPolicy: WorkflowIdConflictPolicy.FAIL,
    typedSearchAttributes: groupAttributesOf(starts),
    staticSummary: `First attempts of ${starts.length} deliveries`,
  };
}

function laneOptions(start: LaneStart): WorkflowStartOptions<typeof lane> {
  const { _id: laneId, workflowId, firstWalkLocal } = start;
  return {
    workflowId,
    taskQueue,
    args: [{ laneId, firstWalkLocal }],
    requestEagerStart: true,
    priority: { fairnessKey: start.organizationId },
    workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
    workflowIdConflictPolicy: WorkflowIdConflictPolicy.FAIL,
    typedSearchAttributes: laneAttributesOf(start),
    staticSummary: 'Deliveries of one ordering key, one after the other',
  };
}

function startOptions(start: Start): WorkflowStartOptions<typeof deliverWebhook> {
  const { _id: deliveryId, eventId, webhookId, needsToken, firstAttemptLocal } = start;
  return {
    workflowId: start.workflowId,
    taskQueue,
    args: [{ deliveryId, eventId, webhookId, needsToken, firstAttemptLocal }],
    requestEagerStart: true,
    priority: { fairnessKey: start.organizationId },
    workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
    workflowIdConflictPolicy: WorkflowIdConflictPolicy.FAIL,
    typedSearchAttributes: searchAttributesOf({ ...start, id: deliveryId }),
    staticSummary: start.summary,
  };
}
