import { z } from 'zod';
import { findAnything } from '../../find/find.js';
import { foundKinds, matches } from '../../find/found.js';
import { tenantOf } from '../../models/tenant.js';
import { mayCall } from '../caller.js';
import { route } from '../route.js';

/** As long as the longest URL. */
const longest = 2_048;

const Found = z
  .object({
    kind: z.enum(foundKinds),
    id: z.string().meta({ description: 'of an event type its name' }),
    title: z.string(),
    detail: z.string().nullable(),
    match: z.enum(matches).meta({ description: 'by what it was found' }),
  })
  .meta({ id: 'Found' });

export const findRoutes = [
  route({
    key: 'GET /v1/find',
    operationId: 'findAnything',
    summary: 'Find anything by an id, a key, a number in the data of an event, a name or a URL',
    tag: 'Find',
    query: z.strictObject({
      q: z
        .string()
        .trim()
        .min(1)
        .max(longest)
        .regex(/^[^\0]*$/, 'must not hold U+0000')
        .meta({
          description:
            'an id or workflow id, an idempotency key, a correlation id, a value, part of a name or URL',
          example: 'INV-1042',
        }),
    }),
    answers: {
      200: z.object({ data: z.array(Found).meta({ description: 'at most 20, the surest first' }) }),
    },
    async handle({ ctx, caller, tenant, query }) {
      const data = await findAnything(ctx, tenantOf(tenant), query.q, (permission) =>
        mayCall(caller, permission),
      );
      return { status: 200, body: { data } };
    },
  }),
];
