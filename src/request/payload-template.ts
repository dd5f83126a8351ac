import { z } from 'zod';
import { isWithinDepth } from './json-value.js';
import type { JsonValue } from './json-value.js';

/** The deepest nesting of a payload template. */
export const maxTemplateDepth = 32;

const maxTemplateBytes = 64 * 1024;

/**
 * A webhook's payload template: any JSON, in whose strings `{path}` stands for a value of the event
 * (see `renderTemplate`). At most 32 levels deep and 64 KiB as JSON text.
 */
export const PayloadTemplate = (z.unknown() as z.ZodType<JsonValue>)
  .refine((template) => isWithinDepth(template, maxTemplateDepth), {
    error: `must not nest deeper than ${maxTemplateDepth} levels`,
    abort: true,
  })
  .refine((template) => Buffer.byteLength(JSON.stringify(template) ?? '') <= maxTemplateBytes, {
    error: `must be at most ${maxTemplateBytes} bytes of JSON`,
  })
  .meta({
    id: 'PayloadTemplate',
    description: 'Any JSON; {path} in its strings stands for a value of the event',
    example: { account: '{account.id}', text: 'Invoice {invoice.name} of {account.name}' },
  });
