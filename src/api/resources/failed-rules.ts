import { z } from 'zod';
import { Json } from '../fields.js';

const FailedRule = z
  .object({
    path: z.string().meta({ description: 'dotted, into the data; empty where the rule speaks of all of it' }),
    operator: z.string(),
    expected: Json,
    actual: Json.optional().meta({ description: 'missing where the data has nothing at the path' }),
    message: z.string(),
    get alternatives() {
      return z
        .array(z.array(FailedRule))
        .optional()
        .meta({ description: 'of `$or`: what failed in each alternative' });
    },
  })
  .meta({ id: 'FailedRule' });

/** The rules of a filter that fail for an event's data. */
export const FailedRules = z.array(FailedRule).meta({ description: 'the rules of the filter that fail' });
