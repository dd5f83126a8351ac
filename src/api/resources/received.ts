import { z } from 'zod';
import type { Context } from '../../context.js';
import { maxBodyBytes } from '../../inbound/body.js';
import { notFound } from '../../errors/problem.js';
import type { ReceivedRecord } from '../../models/received.js';
import { IdParams, iso, Moment, Search, Timestamp } from '../fields.js';
import { findPage, pageOf, pageQuery, sortQuery } from '../paging.js';
import { route } from '../route.js';
import { searchPage } from './received-search.js';

/** Lists show the beginning of a body; a multiple of 4, so that base64 stays whole. */
const shownInLists = 8_192;

/** What a list reads of a record: all but the rest of a long body. */
const listFields: Record<string, object | 1> = {
  ...Object.fromEntries(
    ['sourceId', 'method', 'headers', 'query', 'bodyEncoding', 'bodySize', 'truncated', 'verified'].map(
      (field) => [field, 1],
    ),
  ),
  ...Object.fromEntries(['responseStatus', 'eventId', 'deliveryId', 'receivedAt'].map((field) => [field, 1])),
  body: { $substrCP: ['$body', 0, shownInLists] },
  bodyLength: { $strLenCP: '$body' },
};

const Received = z
  .object({
    id: z.string(),
    sourceId: z.string(),
    sourceName: z.string().nullable().meta({ description: 'as the source is called now' }),
    method: z.string(),
    headers: z
      .array(z.object({ name: z.string(), value: z.string() }))
      .meta({ description: 'in their order, secret values masked' }),
    query: z
      .record(z.string(), z.union([z.string(), z.array(z.string())]))
      .meta({ description: 'an array where a name is there more than once; secret values masked' }),
    body: z.string().meta({
      description: `as it arrived, still compressed if it was; lists show its first ${shownInLists} characters`,
    }),
    bodyEncoding: z.enum(['utf8', 'base64']).meta({ description: 'base64 where the bytes are not UTF-8' }),
    bodySize: z.number().meta({ description: `bytes that arrived; more than ${maxBodyBytes} are not taken` }),
    truncated: z.boolean().meta({ description: 'whether this is only the beginning of the body' }),
    verified: z
      .boolean()
      .meta({ description: "whether it passed the source's verification; with `none`, everything does" }),
    responseStatus: z.number().meta({ description: 'what it was answered' }),
    eventId: z.string().nullable().meta({ description: 'the event that it speaks of' }),
    deliveryId: z.string().nullable().meta({ description: 'the delivery that it speaks of' }),
    receivedAt: Timestamp,
  })
  .meta({ id: 'Received' });

const tag = 'Received';

export const receivedRoutes = [
  route({
    key: 'GET /v1/received',
    operationId: 'listReceived',
    summary: 'List what arrived at sources',
    description:
      'With `eventId` or `deliveryId`, what came back about one. A page of a `search` looks at 1,000 records: it may be ' +
      'short or empty and still have a `nextCursor`, which goes on.',
    tag,
    query: z.strictObject({
      ...pageQuery,
      sort: sortQuery(['receivedAt']),
      sourceId: z.string().max(200).optional(),
      eventId: z.string().max(200).optional(),
      deliveryId: z.string().max(200).optional(),
      verified: z
        .enum(['true', 'false'])
        .transform((text) => text === 'true')
        .optional(),
      search: Search.min(1)
        .optional()
        .meta({ description: 'text that stands in the body, the query or a header, in upper or lower case' }),
      from: Moment.optional().meta({ description: 'arrived at this time or later' }),
      to: Moment.optional().meta({ description: 'arrived before this time' }),
    }),
    answers: { 200: pageOf(Received) },
    async handle({ ctx, tenant, query }) {
      const { limit, cursor, sort = '-receivedAt', search, from, to, ...fields } = query;
      const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
      const between = { ...(from ? { $gte: from } : {}), ...(to ? { $lt: to } : {}) };
      const filter = { ...tenant, ...given, ...(from || to ? { receivedAt: between } : {}) };
      const page = { limit, cursor, sort };
      const { records, nextCursor } =
        search === undefined
          ? await findPage(ctx.models.received, filter, page, { select: listFields })
          : await searchPage(ctx.models.received, filter, search, page, listFields);
      const names = await sourceNames(ctx, records);
      return { status: 200, body: { data: records.map((record) => show(record, names)), nextCursor } };
    },
  }),
  route({
    key: 'GET /v1/received/:id',
    operationId: 'getReceived',
    summary: 'Read what arrived at a source',
    tag,
    params: IdParams,
    answers: { 200: Received },
    async handle({ ctx, tenant, params }) {
      const record = await ctx.models.received.findOne({ _id: params.id, ...tenant }).lean();
      if (!record) throw notFound('received request', params.id);
      return { status: 200, body: show(record, await sourceNames(ctx, [record])) };
    },
  }),
];

async function sourceNames(
  { models }: Context,
  records: readonly ReceivedRecord[],
): Promise<Map<string, string | null>> {
  const ids = [...new Set(records.map(({ sourceId }) => sourceId))];
  const sources = await models.sources.find({ _id: { $in: ids } }, { name: 1 }).lean();
  return new Map(sources.map(({ _id, name }) => [_id, name]));
}

/** `bodyLength` is there where a list has read only the beginning of the body. */
function show(
  record: ReceivedRecord & { bodyLength?: number },
  names: ReadonlyMap<string, string | null>,
): z.infer<typeof Received> {
  const { _id: id, sourceId, method, headers, query, body, bodyEncoding, bodySize } = record;
  const { truncated, bodyLength, verified, responseStatus, eventId, deliveryId, receivedAt } = record;
  return {
    id,
    sourceId,
    sourceName: names.get(sourceId) ?? null,
    method,
    headers,
    query: queryOf(query),
    body,
    bodyEncoding,
    bodySize,
    truncated: truncated || (bodyLength ?? 0) > shownInLists,
    verified,
    responseStatus,
    eventId,
    deliveryId,
    receivedAt: iso(receivedAt),
  };
}

function queryOf(text: string): Record<string, string | string[]> {
  const given = new URLSearchParams(text);
  return Object.fromEntries(
    [...new Set(given.keys())].map((name) => {
      const values = given.getAll(name);
      return [name, values.length > 1 ? values : (values[0] ?? '')];
    }),
  );
}
