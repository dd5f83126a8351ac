import { z } from 'zod';
import type { Correlation, SourceRecord } from '../../models/source.js';
import { Json, Moment, Name } from '../fields.js';
import { InboundHeader, Verification } from '../source-verification.js';

const longestDelayMs = 30_000;
/** Statuses whose responses have no body (RFC 9110, 15.3.5, 15.3.6 and 15.4.5). */
const withoutBody = new Set([204, 205, 304]);

/** What a source answers to a request that it accepts. */
export const Respond = z
  .strictObject({
    status: z.number().int().min(200).max(599).default(200),
    delayMs: z.number().int().min(0).max(longestDelayMs).default(0),
    body: Json.optional().meta({
      description: 'a string is sent as plain text, anything else as JSON; null for none',
    }),
  })
  .superRefine(({ status, body }, context) => {
    if (body === undefined || body === null || !withoutBody.has(status)) return;
    context.addIssue({
      code: 'custom',
      path: ['body'],
      message: `a response with the status ${status} has none`,
    });
  })
  .meta({ id: 'Respond' });

/** Where a request names what it speaks of. */
export const CorrelationPlace = z
  .strictObject({
    header: InboundHeader.optional(),
    path: z
      .string()
      .max(500)
      .regex(/^[^.]+(\.[^.]+){0,31}$/, 'must be a dotted path, such as data.orderId')
      .optional()
      .meta({ description: 'a dotted path into a JSON body' }),
  })
  .superRefine(({ header, path }, context) => {
    if ((header === undefined) !== (path === undefined)) return;
    context.addIssue({ code: 'custom', message: 'must have header or path, one of the two' });
  })
  .transform(({ header, path }): Correlation => (header === undefined ? { path: path ?? '' } : { header }))
  .meta({
    id: 'CorrelationPlace',
    description:
      'where a request names what it speaks of: the id of a delivery or an event, or a correlation id of one',
    override: {
      type: 'object',
      properties: { header: { type: 'string' }, path: { type: 'string' } },
      additionalProperties: false,
    },
  });

/** What can be set and changed. */
export const sourceFields = {
  name: Name.nullable().optional(),
  verification: Verification.optional(),
  respond: Respond.optional(),
  correlation: CorrelationPlace.nullable().optional(),
  expiresAt: Moment.nullable()
    .optional()
    .meta({ description: 'the URL answers until then; for a test source 7 days from now when not given' }),
};

/** An answer as it is stored. */
export function storedRespond({ status, delayMs, body }: z.infer<typeof Respond>): SourceRecord['respond'] {
  return { status, delayMs, bodyJson: body === undefined || body === null ? null : JSON.stringify(body) };
}
