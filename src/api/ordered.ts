import { z } from 'zod';
import { placeholderPath } from '../request/template.js';

const longestPath = 200;
/** As many as a retry schedule can have attempts. */
const mostAttempts = 51;

/** How the deliveries of a webhook are kept in order. */
export const Ordered = z
  .strictObject({
    orderingKey: z
      .string()
      .max(longestPath)
      .regex(placeholderPath, { error: 'must be a dotted path into the data, such as account.id' })
      .nullable()
      .default(null)
      .meta({
        description: "the path in the event's data whose values have a lane each; null: one lane for all",
        example: 'account.id',
      }),
    onFailure: z
      .union(
        [z.enum(['block', 'park']), z.strictObject({ skipAfter: z.number().int().min(1).max(mostAttempts) })],
        { error: `must be "block", "park" or {"skipAfter": 1 to ${mostAttempts}}` },
      )
      .default('block')
      .meta({
        description:
          'what a failed attempt of the first in a lane means for the others: block, they wait until it is over; park, it is failed (`parked`) and the next one goes; skipAfter, so it is after that many attempts (`skipped`)',
      }),
  })
  .meta({ id: 'Ordered', example: { orderingKey: 'account.id', onFailure: 'block' } });
