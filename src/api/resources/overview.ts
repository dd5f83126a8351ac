import { z } from 'zod';
import { backlogsOf, mostCounted, type Backlog } from '../../statistics/backlog.js';
import { failingWebhooks, mostFailing } from '../../statistics/failing.js';
import { statisticsOfEnvironment } from '../../statistics/environment-statistics.js';
import { iso, Timestamp } from '../fields.js';
import { route } from '../route.js';
import { AttemptResult, showAttemptResult } from './delivery-shapes.js';
import { rangeOf, statistics, StatisticsQuery } from './statistics-shapes.js';

const environmentStatistics = {
  events: z.number().int().meta({ description: 'published' }),
  ...statistics,
};

const Counted = z
  .object({
    count: z
      .number()
      .int()
      .meta({ description: `at most ${mostCounted}` }),
    countComplete: z.boolean().meta({ description: 'whether that is all' }),
    oldest: z.object({ deliveryId: z.string(), createdAt: Timestamp }).nullable(),
  })
  .meta({ id: 'Backlog' });

const Failing = z
  .object({
    webhookId: z.string(),
    name: z.string(),
    url: z.string(),
    failingSince: Timestamp.meta({ description: 'of its first attempt that failed since one succeeded' }),
    lastAttempt: AttemptResult.nullable().meta({ description: 'the newest one that failed' }),
    waiting: z
      .number()
      .int()
      .meta({ description: `deliveries that are not over, at most ${mostCounted}` }),
    waitingComplete: z.boolean().meta({ description: 'whether that is all' }),
  })
  .meta({ id: 'FailingWebhook' });

const Overview = z
  .object({
    from: Timestamp,
    to: Timestamp,
    interval: z.enum(['hour', 'day']),
    totals: z.object(environmentStatistics),
    data: z.array(z.object({ start: Timestamp, ...environmentStatistics })),
    waiting: z.object({ pending: Counted, delivering: Counted, waiting: Counted, held: Counted }).meta({
      description: 'deliveries that are not over, now; `held` are those of `waiting` that a pause holds',
    }),
    failing: z.array(Failing).meta({
      description: `webhooks that fail now, those that have for longest first, at most ${mostFailing}`,
    }),
  })
  .meta({ id: 'Overview' });

export const overviewRoutes = [
  route({
    key: 'GET /v1/overview',
    operationId: 'getOverview',
    summary:
      'How the environment does: events, deliveries and latency over time, what fails and what waits now',
    description:
      'Over time from counters of full hours (UTC), which are some seconds behind and kept for 400 days.',
    tag: 'Statistics',
    query: StatisticsQuery,
    answers: { 200: Overview },
    async handle({ ctx, tenant, query }) {
      const range = rangeOf(query, await ctx.clock.now());
      const [{ totals, data }, backlogs, failing] = await Promise.all([
        statisticsOfEnvironment(ctx, tenant, range),
        backlogsOf(ctx, tenant),
        failingWebhooks(ctx, tenant),
      ]);
      const { pending, delivering, waiting, held } = backlogs;
      const { from, to, interval } = range;
      return {
        status: 200,
        body: {
          from: iso(from),
          to: iso(to),
          interval,
          totals,
          data: data.map(({ start, ...counts }) => ({ start: iso(start), ...counts })),
          waiting: {
            pending: showBacklog(pending),
            delivering: showBacklog(delivering),
            waiting: showBacklog(waiting),
            held: showBacklog(held),
          },
          failing: failing.map(({ webhook, since, lastFailure, open }) => ({
            webhookId: webhook._id,
            name: webhook.name,
            url: webhook.url,
            failingSince: iso(since),
            lastAttempt: lastFailure && showAttemptResult(lastFailure),
            waiting: open.count,
            waitingComplete: open.countComplete,
          })),
        },
      };
    },
  }),
];

function showBacklog({ count, countComplete, oldest }: Backlog): z.infer<typeof Counted> {
  return {
    count,
    countComplete,
    oldest: oldest && { deliveryId: oldest.deliveryId, createdAt: iso(oldest.createdAt) },
  };
}
