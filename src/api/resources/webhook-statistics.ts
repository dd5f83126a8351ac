import { z } from 'zod';
import { statisticsOf } from '../../statistics/webhook-statistics.js';
import { IdParams, iso, Timestamp } from '../fields.js';
import { route } from '../route.js';
import { rangeOf, statistics, StatisticsQuery } from './statistics-shapes.js';
import { findWebhook } from './webhook-record.js';

const WebhookStatistics = z
  .object({
    webhookId: z.string(),
    from: Timestamp,
    to: Timestamp,
    interval: z.enum(['hour', 'day']),
    totals: z.object(statistics),
    data: z.array(z.object({ start: Timestamp, ...statistics })),
  })
  .meta({ id: 'WebhookStatistics' });

export const webhookStatisticsRoutes = [
  route({
    key: 'GET /v1/webhooks/:id/stats',
    operationId: 'getWebhookStatistics',
    summary: 'Counts, success rate and latency of a webhook over time',
    description: 'From counters of full hours (UTC), which are some seconds behind and kept for 400 days.',
    tag: 'Webhooks',
    params: IdParams,
    query: StatisticsQuery,
    answers: { 200: WebhookStatistics },
    async handle({ ctx, tenant, params, query }) {
      const { _id: webhookId } = await findWebhook(ctx, tenant, params.id);
      const range = rangeOf(query, await ctx.clock.now());
      const { totals, data } = await statisticsOf(ctx, webhookId, range);
      const { from, to, interval } = range;
      return {
        status: 200,
        body: {
          webhookId,
          from: iso(from),
          to: iso(to),
          interval,
          totals,
          data: data.map(({ start, ...counts }) => ({ start: iso(start), ...counts })),
        },
      };
    },
  }),
];
