import { z } from 'zod';
import { dryRun, mostLooked, type DryRun } from '../../dry-runs/dry-run.js';
import { changedSettings, savedSettings, type Compared } from '../../dry-runs/settings.js';
import { inTurn } from '../../dry-runs/turns.js';
import type { Context } from '../../context.js';
import { invalid } from '../../errors/problem.js';
import type { Tenant } from '../../models/tenant.js';
import { iso, Moment, Timestamp, toText } from '../fields.js';
import { route } from '../route.js';
import { EventTypes, filterText, NullableFilter, requireEventTypes } from './subscription-fields.js';
import { webhookFields } from './webhook-fields.js';

const usualMs = 24 * 3_600_000;

const { payloadTemplate, format, state } = webhookFields;
const NewDryRun = z
  .strictObject({
    subscriptionId: z
      .string()
      .max(200)
      .optional()
      .meta({ description: 'the subscription that is to be changed; its webhook goes without saying' }),
    webhookId: z
      .string()
      .max(200)
      .optional()
      .meta({ description: 'the webhook that is to be changed, or that a new subscription is for' }),
    eventTypes: EventTypes.optional().meta({
      description: 'of the subscription; without `subscriptionId`, it is a new one',
    }),
    filter: NullableFilter.optional(),
    active: z.boolean().optional(),
    state,
    payloadTemplate,
    format,
    from: Moment.optional().meta({ description: 'events published at this time or later; 24 h before `to`' }),
    to: Moment.optional().meta({ description: 'events published before this time; now' }),
  })
  .superRefine(({ subscriptionId, webhookId, eventTypes, filter, active }, context) => {
    const fault = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message });
    if (subscriptionId !== undefined && webhookId !== undefined) {
      fault('webhookId', 'must not be given with subscriptionId, which says it');
    }
    if (subscriptionId !== undefined || eventTypes) return;
    if (webhookId === undefined) fault('eventTypes', 'must be given, or subscriptionId or webhookId');
    const message = 'must not be given without eventTypes or subscriptionId';
    if (filter !== undefined) fault('filter', message);
    if (active !== undefined) fault('active', message);
  })
  .meta({ id: 'NewDryRun', description: 'Settings that are given stand in for those that are saved' });

const Count = z.number().int();
const tally = {
  count: Count,
  eventIds: z.array(z.string()).meta({ description: 'the newest of them, at most 10' }),
};
const reasons = ['rendering_failed', 'body_too_large', 'empty_body'] as const;

const DryRunResult = z
  .object({
    from: Timestamp,
    to: Timestamp,
    looked: Count.meta({ description: `events of these types that were looked at, the newest ones` }),
    total: Count.nullable().meta({ description: 'events of these types; null where that is not known' }),
    cut: z.boolean().meta({
      description: `whether there are more than were looked at: a run ends after ${mostLooked} events or 5 s`,
    }),
    goes: Count.meta({ description: 'events that would have gone' }),
    goesNow: Count.meta({ description: 'events that go with what is saved' }),
    more: z.object(tally).meta({ description: 'would have gone, and do not with what is saved' }),
    fewer: z.object(tally).meta({ description: 'go with what is saved, and would not have gone' }),
    breaks: z
      .object({ ...tally, reasons: z.array(z.object({ reason: z.enum(reasons), ...tally })) })
      .meta({ description: 'would have gone with a body that is not what is meant' }),
    missing: z
      .array(z.object({ placeholder: z.string(), ...tally }))
      .meta({ description: 'placeholders that found nothing, and in how many events; at most 50' }),
  })
  .meta({ id: 'DryRunOfSettings' });

export const dryRunRoutes = [
  route({
    key: 'POST /v1/dry-runs',
    operationId: 'dryRunSettings',
    summary:
      'Tell what a filter or a template would have done to the events of the last day, before it is saved',
    description: 'Nothing is written or sent. One at a time for an organization: otherwise 409, try again.',
    tag: 'Subscriptions',
    audit: { none: 'nothing is changed' },
    body: NewDryRun,
    answers: { 200: DryRunResult },
    async handle({ ctx, tenant, body, response }) {
      const to = body.to ?? (await ctx.clock.now());
      const from = body.from ?? new Date(to.getTime() - usualMs);
      if (from >= to) throw invalid([{ path: 'from', message: 'must be before to' }]);
      const compared = await comparedBy(ctx, tenant, body);
      if (body.eventTypes) await requireEventTypes(ctx, tenant, body.eventTypes);
      const isNew = body.subscriptionId === undefined && body.eventTypes !== undefined;
      const settings = {
        saved: await savedSettings(ctx, tenant, compared, isNew),
        changed: await changedSettings(ctx, tenant, compared, changesOf(body)),
      };
      const left = new AbortController();
      response.once('close', () => left.abort());
      const result = await inTurn(tenant.organizationId, async () =>
        dryRun(ctx, tenant, { from, to }, settings, left.signal),
      );
      return { status: 200, body: { from: iso(from), to: iso(to), ...show(result) } };
    },
  }),
];

async function comparedBy(
  ctx: Context,
  tenant: Tenant,
  { subscriptionId, webhookId }: z.infer<typeof NewDryRun>,
): Promise<Compared> {
  const { organizationId, environment } = tenant;
  const { subscriptions, webhooks } = ctx.models;
  const subscription =
    subscriptionId === undefined
      ? null
      : await subscriptions.findOne({ _id: subscriptionId, organizationId, environment }).lean();
  if (subscriptionId !== undefined && !subscription) {
    throw invalid([{ path: 'subscriptionId', message: `there is no subscription ${subscriptionId}` }]);
  }
  const id = subscription?.webhookId ?? webhookId;
  const webhook =
    id === undefined
      ? null
      : await webhooks.findOne({ _id: id, organizationId, environment, deletedAt: null }).lean();
  if (id !== undefined && !webhook)
    throw invalid([{ path: 'webhookId', message: `there is no webhook ${id}` }]);
  return { subscription, webhook };
}

function changesOf(body: z.infer<typeof NewDryRun>): Parameters<typeof changedSettings>[3] {
  const { eventTypes, filter, active, state: wanted, payloadTemplate: template, format: given } = body;
  return {
    eventTypes,
    active,
    state: wanted,
    format: given,
    filterJson: filter === undefined ? undefined : filterText(filter),
    payloadTemplateJson: template === undefined ? undefined : toText(template),
  };
}

function show({
  more,
  fewer,
  breaks,
  missing,
  ...counts
}: DryRun): Omit<z.infer<typeof DryRunResult>, 'from' | 'to'> {
  return {
    ...counts,
    more,
    fewer,
    breaks: { ...breaks, reasons: breaks.reasons.map(({ reason, tally: found }) => ({ reason, ...found })) },
    missing: missing.map(({ placeholder, tally: found }) => ({ placeholder, ...found })),
  };
}
