import { z } from 'zod';
import type { Context } from '../../context.js';
import { deliveryStatuses, openStatuses } from '../../models/delivery.js';
import { replayStatuses, type ReplayFilter, type ReplayRecord } from '../../models/replay.js';
import { iso, Moment, Text, Timestamp } from '../fields.js';
import { deliveryFilter } from './deliveries.js';
import { workflowUrl } from './delivery-shapes.js';
import { linksOf } from './show-deliveries.js';

const defaultRate = 50;
const highestRate = 1_000;

const mostPicked = 1_000;

const Filter = z
  .strictObject({
    ...deliveryFilter,
    deliveryIds: z
      .array(z.string().max(200))
      .min(1, 'must name at least one delivery')
      .max(mostPicked)
      .transform((ids) => [...new Set(ids)])
      .optional()
      .meta({ description: `these, as far as they are over; at most ${mostPicked}` }),
    status: z
      .enum(deliveryStatuses)
      .refine((status) => !(openStatuses as readonly string[]).includes(status), {
        error: 'must be a state in which a delivery is over: succeeded, failed or cancelled',
      })
      .optional()
      .meta({ description: 'failed when not given; with deliveryIds any in which a delivery is over' }),
  })
  .meta({ id: 'ReplayFilter', description: 'the filters of the list of deliveries' });

const Recover = z
  .strictObject({
    subscriptionId: z.string().max(200),
    from: Moment.meta({ description: 'events published at this time or later' }),
    to: Moment.optional().meta({ description: 'events published before this time; now when not given' }),
  })
  .refine(({ from, to }) => to === undefined || from < to, { path: ['to'], error: 'must be later than from' })
  .meta({ id: 'Recover' });

/** A replay as clients ask for it. */
export const NewReplay = z
  .strictObject({
    idempotencyKey: Text.min(1)
      .max(256)
      .optional()
      .meta({ description: 'the same key with the same body is the same replay' }),
    filter: Filter.optional().meta({ description: 'resend the deliveries that this finds' }),
    recover: Recover.optional().meta({
      description:
        'or send a subscription the events that it missed: it was made later, or was off, or had another filter',
    }),
    dryRun: z.boolean().default(false).meta({ description: 'only count' }),
    rate: z
      .number()
      .int()
      .min(1)
      .max(highestRate)
      .default(defaultRate)
      .meta({ description: 'deliveries a second, at most' }),
    rerender: z
      .boolean()
      .default(false)
      .meta({ description: 'render the bodies of resends again, with the templates as they are then' }),
  })
  .superRefine(({ filter, recover, rerender, dryRun, idempotencyKey }, context) => {
    if ((filter === undefined) === (recover === undefined)) {
      context.addIssue({
        code: 'custom',
        path: ['filter'],
        message: 'must be given, or recover: one of the two',
      });
    }
    if (dryRun && idempotencyKey !== undefined) {
      const message = 'must not be given with dryRun, which makes nothing';
      context.addIssue({ code: 'custom', path: ['idempotencyKey'], message });
    }
    if (recover && rerender) {
      const message = 'must not be given with recover, which renders every body';
      context.addIssue({ code: 'custom', path: ['rerender'], message });
    }
  })
  .meta({ id: 'NewReplay' });

const counted = {
  count: z.number().meta({ description: 'deliveries to be made, as of when it was counted' }),
  countComplete: z
    .boolean()
    .meta({ description: 'whether that is all; a count stops at 1,000,000 deliveries or 100,000 events' }),
  skipped: z.number().meta({
    description:
      'not sent: their webhook is off or deleted, or they were picked and are not there or not over',
  }),
};
/** What a replay would do. */
export const DryRun = z.object(counted).meta({ id: 'DryRun' });

/** A replay as answers show it. */
export const Replay = z
  .object({
    id: z.string(),
    status: z.enum(replayStatuses),
    ...counted,
    done: z.number().meta({ description: 'deliveries made so far' }),
    rate: z.number(),
    rerender: z.boolean(),
    filter: z
      .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]))
      .nullable(),
    recover: z.object({ subscriptionId: z.string(), from: Timestamp, to: Timestamp }).nullable(),
    failureReason: z.string().nullable(),
    workflowId: z.string(),
    workflowUrl: z
      .string()
      .nullable()
      .meta({ description: 'in the Temporal UI, where its address is known' }),
    idempotencyKey: z.string().nullable(),
    createdAt: Timestamp,
    endedAt: Timestamp.nullable(),
  })
  .meta({ id: 'Replay' });

/** A filter as it is stored: what is not given is left out, but for the state where nothing was picked by hand. */
export function storedFilter(filter: z.infer<typeof Filter>): ReplayFilter {
  const usual = filter.deliveryIds ? filter : { ...filter, status: filter.status ?? 'failed' };
  return Object.fromEntries(
    Object.entries(usual).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** A replay, and how far it is. */
export function showReplay(ctx: Context, record: ReplayRecord): z.infer<typeof Replay> {
  const { filter, recover } = record;
  return {
    id: record._id,
    status: record.status,
    count: record.count,
    countComplete: record.countComplete,
    skipped: record.skipped,
    done: record.done,
    rate: record.rate,
    rerender: record.rerender,
    filter:
      filter &&
      Object.fromEntries(
        Object.entries(filter).map(([name, value]) => [name, value instanceof Date ? iso(value) : value]),
      ),
    recover: recover && {
      subscriptionId: recover.subscriptionId,
      from: iso(recover.from),
      to: iso(recover.to),
    },
    failureReason: record.failureReason,
    workflowId: record.workflowId,
    workflowUrl: workflowUrl(record.workflowId, linksOf(ctx)),
    idempotencyKey: record.idempotencyKey,
    createdAt: iso(record.createdAt),
    endedAt: iso(record.endedAt),
  };
}
