import { z } from 'zod';
import type { Commit } from '../../audit/commit.js';
import type { Context } from '../../context.js';
import { invalid, notFound, Problem } from '../../errors/problem.js';
import { hashOf } from '../../ingestion/content-hash.js';
import { isDuplicateKey } from '../../models/availability.js';
import type { AuditAction } from '../../models/audit-entry.js';
import { newId, replayWorkflowIdOf } from '../../models/ids.js';
import { replayStatuses, type Recovery, type ReplayRecord } from '../../models/replay.js';
import { tenantOf, type Tenant } from '../../models/tenant.js';
import type { Count, Scope } from '../../replays/page.js';
import { countRecoveries } from '../../replays/recoveries.js';
import { countResends } from '../../replays/resends.js';
import { nextCheck } from '../../replays/state.js';
import { beginReplay, cancelReplay, pauseReplay, resumeReplay, unheardAfterMs } from '../../replays/steer.js';
import { recoverableSubscription } from '../../replays/subscription.js';
import { IdParams } from '../fields.js';
import { findPage, pageOf, pageQuery, sortQuery } from '../paging.js';
import { route } from '../route.js';
import { DryRun, NewReplay, Replay, showReplay, storedFilter } from './replay-shapes.js';

const tag = 'Replays';

export const replayRoutes = [
  route({
    key: 'GET /v1/replays',
    operationId: 'listReplays',
    summary: 'List replays',
    tag,
    query: z.strictObject({
      ...pageQuery,
      sort: sortQuery(['createdAt']),
      status: z.enum(replayStatuses).optional(),
    }),
    answers: { 200: pageOf(Replay) },
    async handle({ ctx, tenant, query }) {
      const { status, ...page } = query;
      const filter = { ...tenant, ...(status === undefined ? {} : { status }) };
      const { records, nextCursor } = await findPage(ctx.models.replays, filter, page);
      return { status: 200, body: { data: records.map((record) => showReplay(ctx, record)), nextCursor } };
    },
  }),
  route({
    key: 'POST /v1/replays',
    operationId: 'createReplay',
    summary: 'Resend all deliveries that a filter finds, or what a subscription missed; or count them',
    tag,
    audit: { resource: 'replay', action: 'created' },
    body: NewReplay,
    answers: { 200: DryRun, 201: Replay },
    async handle({ ctx, tenant, body, trail }) {
      const contentHash = hashOf(body);
      const earlier = await findEarlier(ctx, tenant, body, contentHash);
      if (earlier) return { status: 201, body: showReplay(ctx, earlier) };
      const createdAt = await ctx.clock.now();
      const scope: Scope = { ...tenantOf(tenant), createdAt };
      const filter = body.filter ? storedFilter(body.filter) : null;
      const recover = body.recover ? { ...body.recover, to: body.recover.to ?? createdAt } : null;
      const counted = filter
        ? await countResends(ctx, scope, filter)
        : await countMissed(ctx, scope, recover);
      const { count, skipped, isComplete: countComplete } = counted;
      if (body.dryRun) return { status: 200, body: { count, countComplete, skipped } };
      const id = newId('replay');
      const record: ReplayRecord = {
        _id: id,
        ...scope,
        filter,
        recover,
        rerender: body.rerender,
        rate: body.rate,
        status: 'running',
        count,
        countComplete,
        done: 0,
        skipped: 0,
        cursor: null,
        failureReason: null,
        workflowId: replayWorkflowIdOf(id),
        idempotencyKey: body.idempotencyKey ?? null,
        contentHash,
        checkAt: nextCheck(unheardAfterMs),
        updatedAt: createdAt,
        endedAt: null,
        expiresAt: null,
      };
      try {
        await beginReplay(ctx, record, async (write) =>
          trail.change(write, () => [{ before: null, after: record }]),
        );
        return { status: 201, body: showReplay(ctx, record) };
      } catch (error) {
        // Another call with the same key was faster.
        const first = isDuplicateKey(error) ? await findEarlier(ctx, tenant, body, contentHash) : undefined;
        if (!first) throw error;
        return { status: 201, body: showReplay(ctx, first) };
      }
    },
  }),
  route({
    key: 'GET /v1/replays/:id',
    operationId: 'getReplay',
    summary: 'Read a replay and how far it is',
    tag,
    params: IdParams,
    answers: { 200: Replay },
    async handle({ ctx, tenant, params }) {
      return { status: 200, body: showReplay(ctx, await findReplay(ctx, tenant, params.id)) };
    },
  }),
  steering('pause', 'paused', 'pauseReplay', 'Stop a replay until it is resumed', pauseReplay),
  steering('resume', 'resumed', 'resumeReplay', 'Let a paused replay go on', resumeReplay),
  steering('cancel', 'cancelled', 'cancelReplay', 'End a replay; what it has made goes on', cancelReplay),
];

function steering(
  verb: 'pause' | 'resume' | 'cancel',
  action: AuditAction,
  operationId: string,
  summary: string,
  steer: (ctx: Context, replayId: string, commit: Commit<ReplayRecord | null>) => Promise<ReplayRecord>,
): ReturnType<typeof route> {
  return route({
    key: `POST /v1/replays/:id/${verb}`,
    operationId,
    summary,
    tag,
    audit: { resource: 'replay', action },
    params: IdParams,
    answers: { 202: Replay },
    async handle({ ctx, tenant, params, trail }) {
      const found = await findReplay(ctx, tenant, params.id);
      const steered = await steer(ctx, found._id, async (write) =>
        trail.change(write, (moved) => (moved ? [{ before: found, after: moved }] : [])),
      );
      return { status: 202, body: showReplay(ctx, steered) };
    },
  });
}

async function findReplay(ctx: Context, tenant: Tenant, id: string): Promise<ReplayRecord> {
  const record = await ctx.models.replays.findOne({ _id: id, ...tenant }).lean();
  if (!record) throw notFound('replay', id);
  return record;
}

/** The replay that was made under the same key; a 409 Problem where it is another one. */
async function findEarlier(
  ctx: Context,
  tenant: Tenant,
  { idempotencyKey }: z.infer<typeof NewReplay>,
  contentHash: string,
): Promise<ReplayRecord | undefined> {
  if (idempotencyKey === undefined) return undefined;
  const found = await ctx.models.replays.findOne({ ...tenantOf(tenant), idempotencyKey }).lean();
  if (found && found.contentHash !== contentHash) {
    const message = 'was used for another replay';
    throw new Problem('idempotency_key_reused', `The idempotency key ${message}.`, {
      errors: [{ path: 'idempotencyKey', message }],
    });
  }
  return found ?? undefined;
}

async function countMissed(ctx: Context, scope: Scope, recover: Recovery | null): Promise<Count> {
  if (!recover) throw invalid([{ path: 'recover', message: 'must be given' }]);
  const { subscriptionId } = recover;
  const found = await recoverableSubscription(ctx, scope, subscriptionId);
  if (!found) {
    const message = `there is no subscription ${subscriptionId} in this organization and environment`;
    throw invalid([{ path: 'recover.subscriptionId', message }]);
  }
  if (found.obstacle !== undefined) throw new Problem('conflict', found.obstacle);
  return countRecoveries(ctx, scope, recover, found.subscription);
}
