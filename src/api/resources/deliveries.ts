import { z } from 'zod';
import type { Context } from '../../context.js';
import { deliveryQuery } from '../../delivery/delivery-query.js';
import { resendDelivery } from '../../delivery/resend.js';
import { requestCancel, requestSendNow } from '../../delivery/intents.js';
import { predecessorOf } from '../../lanes/predecessor.js';
import { notFound } from '../../errors/problem.js';
import { deliveryStatuses, type DeliveryRecord } from '../../models/delivery.js';
import type { Tenant } from '../../models/tenant.js';
import { IdParams, iso, Moment } from '../fields.js';
import { findPage, pageOf, pageQuery, sortQuery } from '../paging.js';
import { route } from '../route.js';
import { rowFields } from './delivery-rows.js';
import { Delivery, DeliveryDetail, showAttempt } from './delivery-shapes.js';
import { showDeliveries, showOne } from './show-deliveries.js';

/** What a list of deliveries can be narrowed by. */
export const deliveryFilter = {
  status: z.enum(deliveryStatuses).optional(),
  webhookId: z.string().max(200).optional(),
  subscriptionId: z.string().max(200).optional(),
  eventId: z.string().max(200).optional(),
  eventType: z.string().max(200).optional(),
  correlationId: z.string().max(200).optional(),
  from: Moment.optional().meta({ description: 'made at this time or later' }),
  to: Moment.optional().meta({ description: 'made before this time' }),
};

const Resend = z
  .strictObject({
    rerender: z
      .boolean()
      .default(false)
      .meta({ description: 'render the body again, with the template as it is now' }),
  })
  .meta({ id: 'Resend' });

const tag = 'Deliveries';

export const deliveryRoutes = [
  route({
    key: 'GET /v1/deliveries',
    operationId: 'listDeliveries',
    summary: 'List deliveries',
    tag,
    query: z.strictObject({ ...pageQuery, sort: sortQuery(['createdAt']), ...deliveryFilter }),
    answers: { 200: pageOf(Delivery) },
    async handle({ ctx, tenant, query }) {
      const { limit, cursor, sort, ...filter } = query;
      const { records, nextCursor } = await findPage(
        ctx.models.deliveries,
        { ...tenant, ...deliveryQuery(filter) },
        { limit, cursor, sort },
        { select: rowFields },
      );
      return {
        status: 200,
        body: { data: await showDeliveries(ctx, records), nextCursor },
      };
    },
  }),
  route({
    key: 'GET /v1/deliveries/:id',
    operationId: 'getDelivery',
    summary: 'Read a delivery with its attempts and its chain of resends',
    tag,
    params: IdParams,
    answers: { 200: DeliveryDetail },
    async handle({ ctx, tenant, params }) {
      const record = await findDelivery(ctx, tenant, params.id);
      return { status: 200, body: await showDetail(ctx, record) };
    },
  }),
  route({
    key: 'POST /v1/deliveries/:id/resend',
    operationId: 'resendDelivery',
    summary: 'Deliver the same event again, once a delivery is over',
    tag,
    audit: { resource: 'delivery', action: 'resent' },
    params: IdParams,
    body: Resend,
    bodyOptional: true,
    answers: { 201: DeliveryDetail },
    async handle({ ctx, tenant, params, body, trail }) {
      const record = await findDelivery(ctx, tenant, params.id);
      const resent = await resendDelivery(ctx, record, body.rerender, async (write) =>
        trail.change(write, ({ _id }) => [{ before: record, after: { ...record, resentAs: _id } }]),
      );
      return { status: 201, body: await showDetail(ctx, resent) };
    },
  }),
  route({
    key: 'POST /v1/deliveries/:id/cancel',
    operationId: 'cancelDelivery',
    summary: 'Cancel a delivery that is not over; a request under way is let end',
    tag,
    audit: { resource: 'delivery', action: 'cancelled' },
    params: IdParams,
    answers: { 202: Delivery },
    async handle({ ctx, tenant, params, trail }) {
      const found = await findDelivery(ctx, tenant, params.id);
      const record = await requestCancel(ctx, found, async (write) =>
        trail.change(write, (asked) => [{ before: found, after: asked }]),
      );
      return { status: 202, body: await showOne(ctx, record) };
    },
  }),
  route({
    key: 'POST /v1/deliveries/:id/send-now',
    operationId: 'sendDeliveryNow',
    summary: 'Make the next attempt of a delivery now; it uses the next entry of the schedule',
    tag,
    audit: { resource: 'delivery', action: 'sent_now' },
    params: IdParams,
    answers: { 202: Delivery },
    async handle({ ctx, tenant, params, trail }) {
      const found = await findDelivery(ctx, tenant, params.id);
      const record = await requestSendNow(ctx, found, async (write) =>
        trail.change(write, (asked) => [{ before: found, after: asked }]),
      );
      return { status: 202, body: await showOne(ctx, record) };
    },
  }),
];

async function findDelivery(ctx: Context, tenant: Tenant, id: string): Promise<DeliveryRecord> {
  const record = await ctx.models.deliveries.findOne({ _id: id, ...tenant }).lean();
  if (!record) throw notFound('delivery', id);
  return record;
}

async function showDetail(ctx: Context, record: DeliveryRecord): Promise<z.infer<typeof DeliveryDetail>> {
  const first = record.originalDeliveryId ?? record._id;
  const chain = await ctx.models.deliveries
    .find({ $or: [{ _id: first }, { originalDeliveryId: first }] }, { status: 1, resendOf: 1, createdAt: 1 })
    .sort({ createdAt: 1, _id: 1 })
    .limit(200)
    .lean();
  return {
    ...(await showOne(ctx, record)),
    order:
      record.lane === undefined
        ? null
        : {
            laneId: record.lane,
            key: record.laneKey ?? null,
            waitsFor: await predecessorOf(ctx, record),
          },
    attempts: record.attempts.map((attempt) => showAttempt(attempt, record.body?.text ?? null)),
    resends: chain
      .filter(({ _id }) => _id !== record._id)
      .map(({ _id, status, resendOf, createdAt }) => ({
        id: _id,
        status,
        resendOf,
        createdAt: iso(createdAt),
      })),
  };
}
