import { z } from 'zod';
import { obstaclesOf } from '../../ingestion/obstacles.js';
import { IdParams, Json } from '../fields.js';
import { route } from '../route.js';
import { FailedRules } from './failed-rules.js';
import { findSubscription } from './subscriptions.js';

const MatchPayload = z
  .strictObject({
    data: Json.refine((data) => data !== undefined, 'is required'),
    eventType: z
      .string()
      .max(128)
      .optional()
      .meta({ description: "any of the subscription's when not given" }),
  })
  .meta({ id: 'MatchPayload' });

const Match = z
  .object({
    matches: z.boolean(),
    reasons: z
      .array(
        z.object({
          reason: z.enum(['event_type', 'subscription_off', 'webhook_off', 'filter']),
          message: z.string(),
          rules: FailedRules.optional(),
        }),
      )
      .meta({ description: 'all that stands in the way; empty where it matches' }),
  })
  .meta({ id: 'Match' });

export const matchRoutes = [
  route({
    key: 'POST /v1/subscriptions/:id/match',
    operationId: 'matchSubscription',
    summary: 'Tell whether a payload would pass, and why not',
    description: 'As the subscription and its webhook are now. Nothing is published.',
    tag: 'Subscriptions',
    audit: { none: 'a look that sends nothing' },
    params: IdParams,
    body: MatchPayload,
    answers: { 200: Match },
    async handle({ ctx, tenant, params, body }) {
      const subscription = await findSubscription(ctx, tenant, params.id);
      const takes = { _id: subscription.webhookId, deletedAt: null, state: { $ne: 'off' as const } };
      const webhookOff = !(await ctx.models.webhooks.exists(takes));
      const event = { type: body.eventType, data: body.data };
      const reasons = obstaclesOf(subscription, webhookOff, event);
      return { status: 200, body: { matches: reasons.length === 0, reasons } };
    },
  }),
];
