import { z } from 'zod';
import { ledgerOf } from '../../ledger/ledger.js';
import { differenceKinds } from '../../models/difference.js';
import { iso, Timestamp } from '../fields.js';
import { route } from '../route.js';
import { rangeOf, StatisticsQuery } from './statistics-shapes.js';

const Count = z.number().int();
const Ids = z.array(z.string());

const Ledger = z
  .object({
    from: Timestamp,
    to: Timestamp,
    balanced: z.boolean().meta({ description: 'whether nothing differs' }),
    complete: z
      .boolean()
      .meta({ description: 'whether all events of the range were compared; else choose a shorter one' }),
    events: z.object({
      accepted: Count,
      unrecorded: Count.meta({
        description:
          'of these, events that cannot be compared: an earlier version wrote them, or their retention was over first',
      }),
    }),
    deliveries: z.object({
      expected: Count.meta({ description: 'that the events were written with' }),
      found: Count.meta({ description: 'that were there when they were compared' }),
      total: Count.meta({ description: 'made in the range and not retired yet, resends included' }),
      byStatus: z
        .object({
          pending: Count,
          delivering: Count,
          waiting: Count,
          succeeded: Count,
          failed: Count,
          cancelled: Count,
        })
        .meta({ description: 'those of `total`, at the same moment' }),
    }),
    differences: z
      .array(
        z.object({
          kind: z.enum([...differenceKinds, 'counts']).meta({
            description:
              '`missing_deliveries`: events with fewer deliveries than they were written with; `contradicted_end`: deliveries whose attempts do not tell their end; `counts`: `total` is not the sum of `byStatus`',
          }),
          count: Count,
          ids: Ids.meta({ description: 'some of them' }),
        }),
      )
      .meta({ description: 'empty when balanced' }),
    overdue: z
      .object({ count: Count, countComplete: z.boolean(), ids: Ids })
      .meta({ description: 'deliveries, of any time, that should have been seen to five minutes ago' }),
    repaired: z
      .object({
        started: Count,
        moved: Count,
        revived: Count,
        ended: Count,
        settled: Count,
      })
      .meta({ description: 'deliveries that the sweeps saw to in these hours' }),
  })
  .meta({ id: 'Ledger' });

export const ledgerRoutes = [
  route({
    key: 'GET /v1/ledger',
    operationId: 'getLedger',
    summary: 'Whether every event has its deliveries, and every delivery the attempts that tell its end',
    description:
      'Over full hours (UTC) by the time of the event. Each event is compared once for the books, some minutes after it was published; what they have not come to yet is compared by the call.',
    tag: 'Statistics',
    query: StatisticsQuery.omit({ interval: true }),
    answers: { 200: Ledger },
    async handle({ ctx, tenant, query }) {
      const now = await ctx.clock.now();
      const range = rangeOf({ ...query, interval: 'hour' }, now);
      const ledger = await ledgerOf(ctx, tenant, range, now);
      const { balanced, complete, examined, total, byStatus, differences, overdue, repaired } = ledger;
      const { events: accepted, unrecorded, expected, found } = examined;
      return {
        status: 200,
        body: {
          from: iso(range.from),
          to: iso(range.to),
          balanced,
          complete,
          events: { accepted, unrecorded },
          deliveries: { expected, found, total, byStatus },
          differences,
          overdue,
          repaired,
        },
      };
    },
  }),
];
