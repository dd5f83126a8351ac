import { z } from 'zod';
import type { Context } from '../../context.js';
import { originNotAllowed, resolveUrl } from '../../delivery/destination.js';
import { invalid, notFound, Problem } from '../../errors/problem.js';
import type { ExternalSystemRecord } from '../../models/external-system.js';
import { newId } from '../../models/ids.js';
import { tlsOf } from '../../models/receiver-tls.js';
import { tenantOf, type Tenant } from '../../models/tenant.js';
import { WebhookUrl } from '../../request/webhook-url.js';
import { Auth, maskAuth, sealAuth } from '../auth.js';
import { requireHttps, sealTls, shownTlsFields, showTls, tlsFields } from '../tls-fields.js';
import { IdParams, iso, Name, Timestamp } from '../fields.js';
import { findPage, pageOf, pageQuery, sortQuery } from '../paging.js';
import { createRecord, deleteRevision, etagOf, requireMatch, saveRevision } from '../revision.js';
import { route } from '../route.js';
import { parseUrl } from '../../http/parse-url.js';

const BaseUrl = WebhookUrl.refine(
  (text) => {
    const url = parseUrl(text);
    return !url || (url.search === '' && url.hash === '');
  },
  {
    error: 'must have no query and no fragment',
  },
);

const Origin = WebhookUrl.refine((text) => (parseUrl(text)?.pathname ?? '/') === '/', {
  error: 'must be an origin: scheme, host and port, such as https://api.example.com',
}).transform((text) => new URL(text).origin);

const fields = {
  name: Name,
  baseUrl: BaseUrl,
  origins: z
    .array(Origin)
    .max(50)
    .optional()
    .meta({ description: 'other origins that the credential may be sent to' }),
  auth: Auth.optional(),
  ...tlsFields,
};
const NewExternalSystem = z.strictObject(fields).meta({ id: 'NewExternalSystem' });
const ExternalSystemChanges = z.strictObject(fields).partial().meta({ id: 'ExternalSystemChanges' });

const ExternalSystem = z
  .object({
    id: z.string(),
    name: z.string(),
    baseUrl: z.string(),
    origins: z.array(z.string()),
    auth: Auth,
    ...shownTlsFields,
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .meta({ id: 'ExternalSystem' });

const tag = 'External systems';

export const externalSystemRoutes = [
  route({
    key: 'GET /v1/external-systems',
    operationId: 'listExternalSystems',
    summary: 'List external systems',
    tag,
    query: z.strictObject({ ...pageQuery, sort: sortQuery(['name', 'createdAt', 'updatedAt']) }),
    answers: { 200: pageOf(ExternalSystem) },
    async handle({ ctx, tenant, query }) {
      const { records, nextCursor } = await findPage(ctx.models.externalSystems, { ...tenant }, query, {
        paths: { name: 'nameLower' },
      });
      return { status: 200, body: { data: records.map(show), nextCursor } };
    },
  }),
  route({
    key: 'POST /v1/external-systems',
    operationId: 'createExternalSystem',
    summary: 'Make an external system',
    tag,
    audit: { resource: 'external_system', action: 'created' },
    body: NewExternalSystem,
    answers: { 201: ExternalSystem },
    async handle({ ctx, tenant, body, trail }) {
      const id = newId('externalSystem');
      const now = new Date();
      const tls = sealTls(ctx.keyRing, id, body);
      requireHttps(tls, body.baseUrl);
      const record: ExternalSystemRecord = {
        _id: id,
        ...tenantOf(tenant),
        name: body.name,
        nameLower: body.name.toLowerCase(),
        baseUrl: body.baseUrl,
        origins: body.origins ?? [],
        auth: sealAuth(ctx.keyRing, id, body.auth ?? { type: 'none' }),
        ...tls,
        revision: 1,
        createdAt: now,
        updatedAt: now,
      };
      await createRecord(ctx.models.externalSystems, { trail }, record);
      return { status: 201, body: show(record), etag: etagOf(record) };
    },
  }),
  route({
    key: 'GET /v1/external-systems/:id',
    operationId: 'getExternalSystem',
    summary: 'Read an external system',
    tag,
    params: IdParams,
    answers: { 200: ExternalSystem },
    async handle({ ctx, tenant, params }) {
      const record = await findExternalSystem(ctx, tenant, params.id);
      return { status: 200, body: show(record), etag: etagOf(record) };
    },
  }),
  route({
    key: 'PATCH /v1/external-systems/:id',
    operationId: 'updateExternalSystem',
    summary: 'Change an external system, for all its webhooks and their waiting deliveries at once',
    tag,
    audit: { resource: 'external_system', action: 'updated' },
    params: IdParams,
    body: ExternalSystemChanges,
    answers: { 200: ExternalSystem },
    async handle({ ctx, tenant, params, body, request, trail }) {
      const record = await findExternalSystem(ctx, tenant, params.id);
      requireMatch(request, record);
      const { name, baseUrl, origins, auth } = body;
      await refuseStranding(ctx, record, {
        baseUrl: baseUrl ?? record.baseUrl,
        origins: origins ?? record.origins,
      });
      const tls = sealTls(ctx.keyRing, record._id, body, record);
      requireHttps({ ...tlsOf(record), ...tls }, baseUrl ?? record.baseUrl);
      const saved = await saveRevision(ctx.models.externalSystems, { request, trail }, record, {
        ...(name === undefined ? {} : { name, nameLower: name.toLowerCase() }),
        ...(baseUrl === undefined ? {} : { baseUrl }),
        ...(origins === undefined ? {} : { origins }),
        ...(auth === undefined ? {} : { auth: sealAuth(ctx.keyRing, record._id, auth, record.auth) }),
        ...tls,
      });
      return { status: 200, body: show(saved), etag: etagOf(saved) };
    },
  }),
  route({
    key: 'DELETE /v1/external-systems/:id',
    operationId: 'deleteExternalSystem',
    summary: 'Delete an external system that no webhook uses',
    tag,
    audit: { resource: 'external_system', action: 'deleted' },
    params: IdParams,
    answers: { 204: null },
    async handle({ ctx, tenant, params, request, trail }) {
      const record = await findExternalSystem(ctx, tenant, params.id);
      requireMatch(request, record);
      const users = await ctx.models.webhooks
        .find({ externalSystemId: record._id, deletedAt: null }, { _id: 1 })
        .limit(20)
        .lean();
      if (users.length > 0) {
        throw new Problem(
          'in_use',
          `Webhooks use this external system: ${users.map(({ _id }) => _id).join(', ')}.`,
        );
      }
      await deleteRevision(ctx.models.externalSystems, { request, trail }, record);
      return { status: 204 };
    },
  }),
];

/** An external system of the tenant, or a 404 Problem. */
export async function findExternalSystem(
  ctx: Context,
  tenant: Tenant,
  id: string,
): Promise<ExternalSystemRecord> {
  const record = await ctx.models.externalSystems.findOne({ _id: id, ...tenant }).lean();
  if (!record) throw notFound('external system', id);
  return record;
}

/** A change that would leave webhooks with a URL that their credential may not go to is refused, and names them. */
async function refuseStranding(
  ctx: Context,
  record: ExternalSystemRecord,
  next: Pick<ExternalSystemRecord, 'baseUrl' | 'origins'>,
): Promise<void> {
  const webhooks = await ctx.models.webhooks
    .find({ externalSystemId: record._id, deletedAt: null }, { url: 1 })
    .lean();
  const stranded = webhooks.filter(({ url }) => resolveUrl(url, next) === undefined);
  if (stranded.length === 0) return;
  const ids = stranded
    .slice(0, 20)
    .map(({ _id }) => _id)
    .join(', ');
  throw invalid([
    {
      path: 'origins',
      message: `the URLs of these webhooks would not fit: ${ids}; each ${originNotAllowed}`,
    },
  ]);
}

function show(record: ExternalSystemRecord): z.infer<typeof ExternalSystem> {
  const { _id, name, baseUrl, origins, auth, createdAt, updatedAt } = record;
  return {
    id: _id,
    name,
    baseUrl,
    origins,
    auth: maskAuth(auth),
    ...showTls(record),
    createdAt: iso(createdAt),
    updatedAt: iso(updatedAt),
  };
}
