import pLimit from 'p-limit';
import type { Context } from '../context.js';
import { endCancelled } from '../delivery/record.js';
import { overdueFilters } from '../ledger/overdue.js';
import { countRepairs } from '../ledger/repairs.js';
import { summaryFields, type DeliverySummary } from '../models/delivery.js';
import { isGroup, workflowIdOf } from '../models/ids.js';
import { reviveLane, reviveLanes } from '../lanes/revive.js';
import { moveOut } from './carry.js';
import type { Start } from './dispatcher.js';
import { planOf } from './plan.js';
import { loadStarts } from './start.js';

const pageSize = 200;
/** Calls to Temporal under way at once. */
const concurrency = 20;
/** A delivery is normally started within milliseconds of its write; after this long it is the sweep's. */
const unstartedAfterMs = 3_000;
/** A cancel, send-now or change of a webhook that has had no effect for so long is asked for again. */
const unheardAfterMs = 5_000;

type Page = DeliverySummary[];

/**
 * Finds what was written and not carried on, and carries it on: deliveries without a workflow, requests that did
 * not reach Temporal, webhooks whose change did not reach their deliveries. Every step can be repeated, so any
 * number of workers may sweep.
 *
 * Each worker does so every 2 s, by a timer of its own, because what waits for that waits for a restart or an outage to be
 * over: a schedule of Temporal's is not as quick, and is away when Temporal is. It looks at what is late alone; what is
 * not, the scheduled sweep looks at in turn (`walk.ts`).
 */
export class Sweep {
  readonly #ctx: Context;
  readonly #signal: AbortSignal;
  readonly #limit = pLimit(concurrency);

  constructor(ctx: Context, signal: AbortSignal) {
    this.#ctx = ctx;
    this.#signal = signal;
  }

  /** One pass over all that may be stuck. What was asked for does not wait until all is started, which may be a million. */
  async once(): Promise<void> {
    const faults = await Promise.all([
      this.#stepBy(['startUnstarted', 'startLanes', 'reviveLost']),
      this.#stepBy(['repeatIntents', 'settleWebhooks']),
    ]);
    const [first] = faults.flat();
    if (first) throw first.error;
  }

  /** Starts what was written while Temporal, or the process that wrote it, was away. */
  async startUnstarted(): Promise<void> {
    const { dispatcher } = this.#ctx;
    const found = { open: true, status: 'pending', createdAt: { $lt: this.#ago(unstartedAfterMs) } };
    await this.#eachPage(found, async (ids) => {
      // What waits here for its start, which can be thousands, is not read every time.
      const unknown = await this.#read(ids.filter((id) => !dispatcher.hasTaken(id)));
      const cancelled = unknown.filter(({ intent }) => intent?.action === 'cancel');
      await Promise.all(cancelled.map(async ({ _id }) => endCancelled(this.#ctx, _id)));
      const lost = unknown.filter((delivery) => !cancelled.includes(delivery));
      await this.#startGrouped(lost.filter(({ workflowId }) => isGroup(workflowId)));
      const own = lost.filter(({ workflowId }) => !isGroup(workflowId));
      const started: Start[] = [];
      await this.#forAll(await loadStarts(this.#ctx, own), async (start) => {
        if (await dispatcher.start(start)) started.push(start);
      });
      await countRepairs(this.#ctx, 'started', started);
    });
  }

  /** Starts lanes that were opened while Temporal, or the process that opened them, was away, and those that nobody walks. */
  async startLanes(): Promise<void> {
    const { dispatcher, models } = this.#ctx;
    const late = await models.lanes
      .find({ checkAt: { $lt: this.#ago(unstartedAfterMs) } })
      .sort({ checkAt: 1 })
      .limit(pageSize)
      .lean();
    const unknown = late.filter(({ _id }) => !dispatcher.hasTaken(_id));
    await this.#forAll(unknown, async (lane) => reviveLane(this.#ctx, lane, 'started'));
  }

  /** Gives deliveries whose group does not run, or never did, to another group, or to workflows of their own. */
  async #startGrouped(page: Page): Promise<void> {
    const { dispatcher } = this.#ctx;
    const groupIds = [...new Set(page.map(({ workflowId }) => workflowId))].map((_id) => ({ _id }));
    await this.#forAll(groupIds, async ({ _id: groupId }) => {
      if ((await dispatcher.stateOf(groupId)) === 'running') return;
      const members = page.filter(({ workflowId }) => workflowId === groupId);
      const plan = planOf(this.#ctx, await loadStarts(this.#ctx, members));
      const own = plan.own.map((start) => ({ ...start, workflowId: workflowIdOf(start._id) }));
      let moved = await moveOut(
        this.#ctx,
        groupId,
        own.map(({ _id }) => _id),
      );
      for (const group of plan.groups)
        moved += await moveOut(
          this.#ctx,
          groupId,
          group.starts.map(({ _id }) => _id),
          group.workflowId,
        );
      await countRepairs(this.#ctx, 'moved', members.slice(0, moved));
      // Whatever another sweep was faster to move is passed over by the group that gets it here.
      await Promise.all(plan.groups.map(async (group) => dispatcher.startGroup(group)));
      await this.#forAll(own, async (start) => dispatcher.start(start));
    });
  }

  /** Asks again for what was asked of a delivery and has had no effect. */
  async repeatIntents(): Promise<void> {
    const { dispatcher, models } = this.#ctx;
    await this.#each({ 'intent.at': { $lt: this.#ago(unheardAfterMs) } }, async (page) =>
      this.#forAll(page, async ({ _id, intent, attemptCount, workflowId, held, heldBy }) => {
        if (intent?.action === 'cancel') {
          const isReached = isGroup(workflowId)
            ? (await dispatcher.stateOf(workflowId)) === 'running'
            : await dispatcher.cancel(workflowId);
          if (!isReached) await endCancelled(this.#ctx, _id);
        } else if (intent && attemptCount > intent.afterAttempt) {
          await models.deliveries.updateOne({ _id, 'intent.at': intent.at }, { $set: { intent: null } });
        } else if (intent && !held && !heldBy) {
          await dispatcher.wake(workflowId);
        }
      }),
    );
  }

  /** Repeats what a change of a webhook started, where it has not come to its end. */
  async settleWebhooks(): Promise<void> {
    const { dispatcher, models } = this.#ctx;
    const webhooks = await models.webhooks
      .find({ settleAt: { $lt: this.#ago(unheardAfterMs) } }, { _id: 1 })
      .limit(pageSize)
      .lean();
    await this.#forAll(webhooks, async ({ _id }) => dispatcher.settle(_id));
  }

  /** Sees to deliveries that are overdue: each has lost its workflow, or its worker is far behind. */
  async reviveLost(): Promise<void> {
    for (const late of overdueFilters(new Date())) {
      await this.#each(late, async (page) => this.revive(page));
    }
  }

  /** Starts deliveries again whose workflow is not known to Temporal; one that was terminated by hand is over. */
  async revive(page: readonly DeliverySummary[]): Promise<void> {
    const { dispatcher } = this.#ctx;
    await reviveLanes(
      this.#ctx,
      page.flatMap(({ lane }) => lane ?? []),
    );
    const others = page.filter(({ lane }) => lane === undefined);
    await this.#startGrouped(others.filter(({ workflowId }) => isGroup(workflowId)));
    const starts = await loadStarts(
      this.#ctx,
      others.filter(({ workflowId }) => !isGroup(workflowId)),
    );
    const repaired: Record<'revived' | 'ended', Start[]> = { revived: [], ended: [] };
    await this.#forAll(starts, async (start) => {
      const state = await dispatcher.revive(start);
      if (state === 'unknown') repaired.revived.push(start);
      if (state === 'closed' && (await endCancelled(this.#ctx, start._id))) repaired.ended.push(start);
    });
    await countRepairs(this.#ctx, 'revived', repaired.revived);
    await countRepairs(this.#ctx, 'ended', repaired.ended);
  }

  /** Takes steps one after the other, whether one fails or not. Gives what failed. */
  async #stepBy(
    steps: readonly ('startUnstarted' | 'startLanes' | 'reviveLost' | 'repeatIntents' | 'settleWebhooks')[],
  ): Promise<{ error: unknown }[]> {
    const faults: { error: unknown }[] = [];
    for (const step of steps) await this[step]().catch((error: unknown) => faults.push({ error }));
    return faults;
  }

  /** What fails for one alone is logged, and holds back no other; what fails for all is thrown. */
  async #forAll<T extends { _id: string }>(
    items: readonly T[],
    act: (item: T) => Promise<unknown>,
  ): Promise<void> {
    const outcomes = await Promise.allSettled(items.map(async (item) => this.#limit(async () => act(item))));
    const failed = outcomes.flatMap((outcome, index) =>
      outcome.status === 'rejected' ? [{ id: items[index]?._id, err: outcome.reason as unknown }] : [],
    );
    const [first] = failed;
    if (first && failed.length === items.length) throw first.err;
    for (const failure of failed) this.#ctx.logger.warn(failure, 'left to the next sweep');
  }

  async #each(filter: Record<string, unknown>, act: (page: Page) => Promise<unknown>): Promise<void> {
    await this.#eachPage(filter, async (ids) => act(await this.#read(ids)));
  }

  /** Goes through the ids of what `filter` finds, oldest first, a page at a time. */
  async #eachPage(filter: Record<string, unknown>, act: (ids: string[]) => Promise<unknown>): Promise<void> {
    let after = '';
    for (;;) {
      this.#signal.throwIfAborted();
      const page = await this.#ctx.models.deliveries
        .find({ ...filter, _id: { $gt: after } }, { _id: 1 })
        .sort({ _id: 1 })
        .limit(pageSize)
        .lean();
      await act(page.map(({ _id }) => _id));
      const last = page.at(-1);
      if (!last || page.length < pageSize) return;
      after = last._id;
    }
  }

  async #read(ids: readonly string[]): Promise<Page> {
    if (ids.length === 0) return [];
    return this.#ctx.models.deliveries
      .find({ _id: { $in: ids } }, summaryFields)
      .sort({ _id: 1 })
      .lean();
  }

  #ago(ms: number): Date {
    return new Date(Date.now() - ms);
  }
}
