import { z } from 'zod';
import { healthOf, healthHours } from '../../statistics/webhook-health.js';
import { iso, Timestamp } from '../fields.js';
import { route } from '../route.js';

const mostWebhooks = 200;

const Counts = z.array(z.number().int()).length(healthHours);

const WebhookHealth = z
  .object({
    from: Timestamp.meta({ description: 'the beginning of the first hour' }),
    to: Timestamp.meta({ description: 'the end of the last one' }),
    data: z.array(
      z.object({
        webhookId: z.string(),
        succeeded: Counts.meta({ description: 'attempts by the hour, oldest first' }),
        failed: Counts,
      }),
    ),
  })
  .meta({ id: 'WebhookHealth' });

export const webhookHealthRoutes = [
  route({
    key: 'GET /v1/webhook-health',
    operationId: 'getWebhookHealth',
    summary: 'The last 24 hours of many webhooks: attempts that succeeded and failed, by the hour',
    description: 'For tables. Ids that are not there are left out; the order is that of the ids.',
    tag: 'Statistics',
    query: z.strictObject({
      ids: z
        .string()
        .transform((text) => [...new Set(text.split(',').filter((id) => id !== ''))])
        .refine((ids) => ids.length > 0 && ids.length <= mostWebhooks, {
          error: `must be 1 to ${mostWebhooks} ids of webhooks, separated by commas`,
        })
        .meta({
          override: { type: 'string' },
          description: `of webhooks, separated by commas, at most ${mostWebhooks}`,
          example: 'wh_01JD8ZQ5V0,wh_01JD8ZQ5V1',
        }),
    }),
    answers: { 200: WebhookHealth },
    async handle({ ctx, tenant, query }) {
      const { from, to, data } = await healthOf(ctx, tenant, query.ids, await ctx.clock.now());
      return { status: 200, body: { from: iso(from), to: iso(to), data } };
    },
  }),
];
