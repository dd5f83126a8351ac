import type { Request } from 'express';
import { z } from 'zod';
import type { Context } from '../../context.js';
import { notFound } from '../../errors/problem.js';
import { newToken, tokenHashOf } from '../../inbound/token.js';
import { newId } from '../../models/ids.js';
import { sourceKinds, type SourceRecord } from '../../models/source.js';
import { tenantOf, type Tenant } from '../../models/tenant.js';
import { fromText, IdParams, iso, Json, Timestamp } from '../fields.js';
import { findPage, pageOf, pageQuery, sortQuery } from '../paging.js';
import { publicUrlOf } from '../public-url.js';
import { createRecord, deleteRevision, etagOf, requireMatch, saveRevision } from '../revision.js';
import { route } from '../route.js';
import { maskVerification, sealVerification, Verification } from '../source-verification.js';
import { Respond, sourceFields, storedRespond } from './source-fields.js';

/** A URL that was made to try something is not left open for good. */
const testLifetimeMs = 7 * 24 * 3_600_000;

const NewSource = z
  .strictObject({ ...sourceFields, kind: z.enum(sourceKinds).default('callback') })
  .meta({ id: 'NewSource' });
const SourceChanges = z.strictObject(sourceFields).meta({ id: 'SourceChanges' });

const Source = z
  .object({
    id: z.string(),
    name: z.string().nullable(),
    kind: z.enum(sourceKinds),
    url: z.string().meta({ description: 'what others send to; who knows it can' }),
    verification: Verification,
    respond: z.object({ status: z.number(), delayMs: z.number(), body: Json }),
    correlation: z.union([z.object({ header: z.string() }), z.object({ path: z.string() })]).nullable(),
    expiresAt: Timestamp.nullable(),
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .meta({ id: 'Source' });

const tag = 'Sources';

export const sourceRoutes = [
  route({
    key: 'GET /v1/sources',
    operationId: 'listSources',
    summary: 'List sources',
    tag,
    query: z.strictObject({
      ...pageQuery,
      sort: sortQuery(['name', 'createdAt']),
      kind: z.enum(sourceKinds).optional(),
    }),
    answers: { 200: pageOf(Source) },
    async handle({ ctx, tenant, query, request }) {
      const { kind, ...page } = query;
      const filter = { ...tenant, ...(kind === undefined ? {} : { kind }) };
      const { records, nextCursor } = await findPage(ctx.models.sources, filter, page, {
        paths: { name: 'nameLower' },
      });
      return { status: 200, body: { data: records.map((record) => show(ctx, request, record)), nextCursor } };
    },
  }),
  route({
    key: 'POST /v1/sources',
    operationId: 'createSource',
    summary: 'Make a source: a URL that records what is sent to it',
    tag,
    audit: { resource: 'source', action: 'created' },
    body: NewSource,
    answers: { 201: Source },
    async handle({ ctx, tenant, body, request, trail }) {
      const id = newId('source');
      const now = await ctx.clock.now();
      const token = newToken();
      const lifetime = body.kind === 'test' ? new Date(now.getTime() + testLifetimeMs) : null;
      const record: SourceRecord = {
        _id: id,
        ...tenantOf(tenant),
        name: body.name ?? null,
        nameLower: body.name?.toLowerCase() ?? null,
        kind: body.kind,
        tokenHash: tokenHashOf(token),
        token: ctx.keyRing.seal(token, id),
        verification: sealVerification(ctx.keyRing, id, body.verification ?? { type: 'none' }),
        respond: storedRespond(body.respond ?? Respond.parse({})),
        correlation: body.correlation ?? null,
        expiresAt: body.expiresAt === undefined ? lifetime : body.expiresAt,
        revision: 1,
        createdAt: now,
        updatedAt: now,
      };
      await createRecord(ctx.models.sources, { trail }, record);
      return { status: 201, body: show(ctx, request, record), etag: etagOf(record) };
    },
  }),
  route({
    key: 'GET /v1/sources/:id',
    operationId: 'getSource',
    summary: 'Read a source',
    tag,
    params: IdParams,
    answers: { 200: Source },
    async handle({ ctx, tenant, params, request }) {
      const record = await findSource(ctx, tenant, params.id);
      return { status: 200, body: show(ctx, request, record), etag: etagOf(record) };
    },
  }),
  route({
    key: 'PATCH /v1/sources/:id',
    operationId: 'updateSource',
    summary: 'Change a source; each field is replaced as a whole',
    tag,
    audit: { resource: 'source', action: 'updated' },
    params: IdParams,
    body: SourceChanges,
    answers: { 200: Source },
    async handle({ ctx, tenant, params, body, request, trail }) {
      const record = await findSource(ctx, tenant, params.id);
      requireMatch(request, record);
      const { name, verification, respond, correlation, expiresAt } = body;
      const saved = await saveRevision(ctx.models.sources, { request, trail }, record, {
        ...(name === undefined ? {} : { name, nameLower: name?.toLowerCase() ?? null }),
        ...(verification === undefined
          ? {}
          : { verification: sealVerification(ctx.keyRing, record._id, verification, record.verification) }),
        ...(respond === undefined ? {} : { respond: storedRespond(respond) }),
        ...(correlation === undefined ? {} : { correlation }),
        ...(expiresAt === undefined ? {} : { expiresAt }),
      });
      return { status: 200, body: show(ctx, request, saved), etag: etagOf(saved) };
    },
  }),
  route({
    key: 'DELETE /v1/sources/:id',
    operationId: 'deleteSource',
    summary: 'Delete a source; what it received stays until its retention is over',
    tag,
    audit: { resource: 'source', action: 'deleted' },
    params: IdParams,
    answers: { 204: null },
    async handle({ ctx, tenant, params, request, trail }) {
      const record = await findSource(ctx, tenant, params.id);
      await deleteRevision(ctx.models.sources, { request, trail }, record);
      return { status: 204 };
    },
  }),
];

async function findSource(ctx: Context, tenant: Tenant, id: string): Promise<SourceRecord> {
  const record = await ctx.models.sources.findOne({ _id: id, ...tenant }).lean();
  if (!record) throw notFound('source', id);
  return record;
}

function show(ctx: Context, request: Request, record: SourceRecord): z.infer<typeof Source> {
  const { _id: id, name, kind, token, verification, respond, correlation, expiresAt } = record;
  return {
    id,
    name,
    kind,
    url: `${publicUrlOf(ctx, request)}/in/${ctx.keyRing.open(token, id).reveal()}`,
    verification: maskVerification(verification),
    respond: { status: respond.status, delayMs: respond.delayMs, body: fromText(respond.bodyJson) },
    correlation,
    expiresAt: iso(expiresAt),
    createdAt: iso(record.createdAt),
    updatedAt: iso(record.updatedAt),
  };
}
