import {
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  type WorkflowStartOptions,
} from '@temporalio/client';
import { WorkflowIdConflictPolicy, WorkflowIdReusePolicy } from '@temporalio/common';
import { LRUCache } from 'lru-cache';
import pLimit from 'p-limit';
import type { Logger } from '../logging/logger.js';
import type { DeliveryRecord } from '../models/delivery.js';
import { searchAttributesOf } from '../temporal/search-attributes.js';
import type { TemporalLink } from '../temporal/link.js';
import type { deliverWebhook, settleWebhook } from '../workflows/index.js';
import { settleAgainSignal, taskQueue, wakeSignal } from '../workflows/input.js';

/** Starts under way at once from this process. */
const concurrentStarts = 50;
/** Starts that wait here; what comes on top is left to the sweep, so that memory stays bounded. */
const longestQueue = 10_000;
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
};

/**
 * The one place where deliveries are handed to Temporal. What is dispatched has been written before, so nothing
 * is lost when a start fails: the sweep finds it.
 */
export class Dispatcher {
  readonly #link: TemporalLink;
  readonly #logger: Logger;
  readonly #limit = pLimit(concurrentStarts);
  readonly #started = new LRUCache<string, true>({ max: rememberedStarts, ttl: rememberedMs });
  /** Overdue deliveries whose workflow was seen to run: Temporal is not asked about them in every sweep. */
  readonly #running = new LRUCache<string, true>({ max: rememberedStarts, ttl: rememberedMs });
  readonly #queued = new Set<string>();
  #pausedUntil = 0;

  constructor(link: TemporalLink, logger: Logger) {
    this.#link = link;
    this.#logger = logger;
  }

  /** Starts deliveries in the background, and never fails: what cannot be started now waits for the sweep. */
  dispatch(starts: readonly Start[]): void {
    for (const start of starts) {
      if (this.#isPaused() || this.#limit.pendingCount >= longestQueue) return;
      this.#queued.add(start._id);
      void this.#limit(async () => this.#startQueued(start));
    }
  }

  async #startQueued(start: Start): Promise<void> {
    try {
      if (!this.#isPaused()) await this.start(start);
    } catch (error) {
      if (!this.#isPaused()) {
        this.#logger.warn({ err: error, deliveryId: start._id }, 'delivery not started; the sweep will');
      }
      this.#pausedUntil = Date.now() + pauseMs;
    } finally {
      this.#queued.delete(start._id);
    }
  }

  /** Starts one delivery; one that is there already is a success. Throws when Temporal cannot be reached. */
  async start(start: Start): Promise<void> {
    const { client, connection } = this.#link.current;
    try {
      await connection.withDeadline(Date.now() + callTimeoutMs, async () =>
        client.start<typeof deliverWebhook>('deliverWebhook', startOptions(start)),
      );
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    }
    this.#started.set(start._id, true);
  }

  /** Whether this process has started it not long ago, or is about to. */
  hasTaken(deliveryId: string): boolean {
    return this.#queued.has(deliveryId) || this.#started.has(deliveryId);
  }

  /** Makes a delivery that waits look again at once. False when it has no workflow that runs. */
  async wake(workflowId: string): Promise<boolean> {
    return this.#reach(async (client) => client.getHandle(workflowId).signal(wakeSignal));
  }

  /** Cancels a delivery's workflow; a request under way is let end. False when it has no workflow that runs. */
  async cancel(workflowId: string): Promise<boolean> {
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

  /** Starts a delivery again whose workflow Temporal does not know. False when its workflow has closed. */
  async revive(start: Start): Promise<boolean> {
    if (this.#running.has(start._id)) return true;
    const state = await this.stateOf(start.workflowId);
    if (state === 'unknown') await this.start(start);
    if (state === 'running') this.#running.set(start._id, true);
    return state !== 'closed';
  }

  /** Whether the workflow of a delivery runs, has closed, or is not known. */
  async stateOf(workflowId: string): Promise<'running' | 'closed' | 'unknown'> {
    let state: 'running' | 'closed' | 'unknown' = 'unknown';
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

function startOptions(start: Start): WorkflowStartOptions<typeof deliverWebhook> {
  const { _id: deliveryId, eventId, webhookId, needsToken, firstAttemptLocal } = start;
  return {
    workflowId: start.workflowId,
    taskQueue,
    args: [{ deliveryId, eventId, webhookId, needsToken, firstAttemptLocal }],
    requestEagerStart: true,
    workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
    workflowIdConflictPolicy: WorkflowIdConflictPolicy.FAIL,
    typedSearchAttributes: searchAttributesOf({ ...start, id: deliveryId }),
    staticSummary: start.summary,
  };
}
