import { z } from 'zod';
import type { Context } from '../../context.js';
import { laneIdOf } from '../../models/ids.js';
import { holders } from '../../models/delivery.js';
import type { LaneRecord } from '../../models/lane.js';
import { IdParams, iso, Text, Timestamp } from '../fields.js';
import { findPage, pageOf, pageQuery, sortQuery } from '../paging.js';
import { route } from '../route.js';
import { rowFields, type DeliveryRow } from './delivery-rows.js';
import { Delivery } from './delivery-shapes.js';
import { showDeliveries } from './show-deliveries.js';
import { findWebhook } from './webhook-record.js';

/** A lane is counted no further than this. */
const mostCounted = 10_000;
/** In characters; what is longer does not fit into a URL. */
const longestKey = 2_000;

const Lane = z
  .object({
    id: z.string(),
    key: z
      .string()
      .nullable()
      .meta({ description: 'the value of the ordering key, at most 200 characters of it; null: none' }),
    length: z
      .number()
      .int()
      .meta({ description: `deliveries that are not over, counted up to ${mostCounted}` }),
    lengthComplete: z.boolean().meta({ description: 'whether that is all of them' }),
    waits: z.enum(['no', 'next_attempt', ...holders]).meta({
      description:
        'why its first delivery waits: no, it is about to leave or under way; next_attempt, its last attempt failed; otherwise what holds it back',
    }),
    head: Delivery.nullable().meta({ description: 'the first delivery, for which the others wait' }),
    workflowId: z.string(),
    createdAt: Timestamp.meta({ description: 'since when something has been in it without a break' }),
  })
  .meta({ id: 'Lane' });

export const laneRoutes = [
  route({
    key: 'GET /v1/webhooks/:id/lanes',
    operationId: 'listLanes',
    summary: 'List the lanes of an ordered webhook in which something waits',
    description:
      'A lane holds the deliveries of one ordering key that are not over. An empty lane is not there.',
    tag: 'Webhooks',
    params: IdParams,
    query: z.strictObject({
      ...pageQuery,
      sort: sortQuery(['createdAt']),
      key: Text.max(longestKey)
        .optional()
        .meta({ description: 'the whole value of the ordering key, as text' }),
    }),
    answers: { 200: pageOf(Lane) },
    async handle({ ctx, tenant, params, query }) {
      const { key, ...page } = query;
      const one = key === undefined ? {} : { _id: laneIdOf(params.id, key) };
      // First, so that a cursor that is not valid is said to be that.
      const { records, nextCursor } = await findPage(
        ctx.models.lanes,
        { webhookId: params.id, ...one },
        page,
      );
      await findWebhook(ctx, tenant, params.id);
      return { status: 200, body: { data: await showLanes(ctx, records), nextCursor } };
    },
  }),
];

async function showLanes(ctx: Context, lanes: readonly LaneRecord[]): Promise<z.infer<typeof Lane>[]> {
  const found = await Promise.all(
    lanes.map(async ({ _id: lane }) => {
      const waiting = { lane, open: true } as const;
      const [head, length] = await Promise.all([
        ctx.models.deliveries
          .findOne(waiting, rowFields)
          .sort({ place: 1 })
          .lean() as unknown as Promise<DeliveryRow | null>,
        ctx.models.deliveries.countDocuments(waiting).limit(mostCounted + 1),
      ]);
      return { head, length };
    }),
  );
  const heads = await showDeliveries(
    ctx,
    found.flatMap(({ head }) => head ?? []),
  );
  const headById = new Map(heads.map((head) => [head.id, head]));
  return lanes.map(({ _id, key, workflowId, createdAt }, index) => {
    const { head = null, length = 0 } = found[index] ?? {};
    return {
      id: _id,
      key,
      length: Math.min(length, mostCounted),
      lengthComplete: length <= mostCounted,
      waits: waitOf(head),
      head: headById.get(head?._id ?? '') ?? null,
      workflowId,
      createdAt: iso(createdAt),
    };
  });
}

function waitOf(head: DeliveryRow | null): z.infer<typeof Lane>['waits'] {
  if (head?.heldBy) return head.heldBy;
  if (head?.held) return 'paused';
  return head?.status === 'waiting' && head.nextAttemptAt !== null ? 'next_attempt' : 'no';
}
