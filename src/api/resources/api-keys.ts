import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Context } from '../../context.js';
import { invalid, notFound, Problem } from '../../errors/problem.js';
import { isConfiguredKey } from '../../keys/first-organization.js';
import { roles, type ApiKeyRecord } from '../../models/api-key.js';
import { newId } from '../../models/ids.js';
import { Environment } from '../../models/tenant.js';
import type { Caller } from '../caller.js';
import { IdParams, iso, Name, Timestamp } from '../fields.js';
import { keyHash } from '../key-hash.js';
import { findPage, pageOf, pageQuery } from '../paging.js';
import { createRecord } from '../revision.js';
import { route } from '../route.js';
import { scopeOf, type Scope } from '../scope.js';

const NewApiKey = z
  .strictObject({
    name: Name,
    role: z.enum(roles),
    environment: Environment.optional().meta({ description: "the caller's own; the root key may name any" }),
    organizationId: z.string().optional().meta({
      description: "the caller's own; the root key may name any, or none for a key for all organizations",
    }),
  })
  .meta({ id: 'NewApiKey' });
type NewApiKey = z.infer<typeof NewApiKey>;

const ApiKey = z
  .object({
    id: z.string(),
    name: z.string(),
    organizationId: z.string().nullable().meta({ description: 'null: a key for all organizations' }),
    environment: Environment.nullable(),
    role: z.enum(roles),
    createdAt: Timestamp,
    lastUsedAt: Timestamp.nullable().meta({ description: 'within a minute; null: not yet' }),
  })
  .meta({ id: 'ApiKey' });

const MadeApiKey = ApiKey.extend({ key: z.string().meta({ description: 'shown this once' }) }).meta({
  id: 'MadeApiKey',
});

const tag = 'API keys';
const keyBytes = 32;

export const apiKeyRoutes = [
  route({
    key: 'GET /v1/api-keys',
    operationId: 'listApiKeys',
    summary: 'List keys',
    tag,
    query: z.strictObject(pageQuery),
    answers: { 200: pageOf(ApiKey) },
    async handle({ ctx, caller, query }) {
      const { records, nextCursor } = await findPage(ctx.models.apiKeys, { ...scopeOf(caller) }, query);
      return { status: 200, body: { data: records.map(show), nextCursor } };
    },
  }),
  route({
    key: 'POST /v1/api-keys',
    operationId: 'createApiKey',
    summary: 'Make a key',
    tag,
    audit: { resource: 'api_key', action: 'created' },
    body: NewApiKey,
    answers: { 201: MadeApiKey },
    async handle({ ctx, caller, body, trail }) {
      const scope = await scopeOfNewKey(ctx, caller, body);
      const key = `pr_${scope.environment ?? 'all'}_${randomBytes(keyBytes).toString('base64url')}`;
      const record: ApiKeyRecord = {
        _id: newId('apiKey'),
        ...scope,
        name: body.name,
        role: body.role,
        hash: keyHash(key),
        createdAt: new Date(),
      };
      await createRecord(ctx.models.apiKeys, { trail }, record);
      return { status: 201, body: { ...show(record), key } };
    },
  }),
  route({
    key: 'DELETE /v1/api-keys/:id',
    operationId: 'deleteApiKey',
    summary: 'Revoke a key, at once',
    tag,
    audit: { resource: 'api_key', action: 'deleted' },
    params: IdParams,
    answers: { 204: null },
    async handle({ ctx, caller, params, trail }) {
      const found = { ...scopeOf(caller), _id: params.id };
      if (isConfiguredKey(params.id) && (await ctx.models.apiKeys.exists(found))) throw configured();
      await trail.change(
        async (session) => {
          const revoked = await ctx.models.apiKeys.findOneAndDelete(found, { session }).lean();
          if (!revoked) throw notFound('key', params.id);
          return revoked;
        },
        (revoked) => [{ before: revoked, after: null }],
      );
      return { status: 204 };
    },
  }),
];

async function scopeOfNewKey(ctx: Context, caller: Caller, body: NewApiKey): Promise<Scope> {
  const scope = scopeOf(caller);
  const { organizationId, environment } = body;
  if (scope.organizationId !== null) {
    if (environment !== undefined && environment !== scope.environment) {
      throw invalid([{ path: 'environment', message: `this key makes keys for ${scope.environment} only` }]);
    }
    if (organizationId !== undefined && organizationId !== scope.organizationId) {
      throw invalid([
        { path: 'organizationId', message: 'this key makes keys for its own organization only' },
      ]);
    }
    return scope;
  }
  if (organizationId === undefined && environment === undefined) return scope;
  if (organizationId === undefined)
    throw invalid([{ path: 'organizationId', message: 'is needed beside environment' }]);
  if (environment === undefined)
    throw invalid([{ path: 'environment', message: 'is needed beside organizationId' }]);
  if (!(await ctx.models.organizations.exists({ _id: organizationId }))) {
    throw invalid([{ path: 'organizationId', message: `there is no organization ${organizationId}` }]);
  }
  return { organizationId, environment };
}

function configured(): Problem {
  return new Problem(
    'conflict',
    'This key comes from the configuration: set POSTRIDER_SANDBOX_KEY or POSTRIDER_PRODUCTION_KEY to another one, and start again.',
  );
}

function show({
  _id,
  name,
  organizationId,
  environment,
  role,
  createdAt,
  lastUsedAt,
}: ApiKeyRecord): z.infer<typeof ApiKey> {
  return {
    id: _id,
    name,
    organizationId,
    environment,
    role,
    createdAt: iso(createdAt),
    lastUsedAt: lastUsedAt ? iso(lastUsedAt) : null,
  };
}
