import { createHash, timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';
import type { Context } from '../context.js';
import { Problem } from '../errors/problem.js';
import type { Role } from '../models/api-key.js';
import { Environment, type Tenant } from '../models/tenant.js';
import { rolePermissions, type Permission } from './permissions.js';

/** Who makes a call, and for whom. */
export interface Caller {
  /** null: the root key. */
  key: { id: string; name: string; role: Role } | null;
  /** null: nobody was named; a root key, or a key for all organizations, that sent no headers. */
  tenant: Tenant | null;
  /** Whether the key belongs to one organization and environment, or names them in each call. */
  bound: boolean;
}

/** How a key is stored and looked up. */
export function keyHash(key: string): string {
  return createHash('sha256').update(key).digest('base64url');
}

/** The caller of a request by its bearer key. Throws a 401 Problem without a valid one. */
export async function authenticate(ctx: Context, request: Request): Promise<Caller> {
  const [, key] = /^bearer +(.*\S) *$/i.exec(request.get('authorization') ?? '') ?? [];
  if (key === undefined) throw unauthorized('Send a key: `Authorization: Bearer <key>`.');
  // Node reads a header's bytes as Latin-1; most clients send text beyond ASCII as UTF-8.
  const hashes = [keyHash(key), keyHash(Buffer.from(key, 'latin1').toString('utf8'))];
  if (hashes.some((hash) => timingSafeEqual(Buffer.from(hash), Buffer.from(ctx.rootKeyHash)))) {
    return { key: null, tenant: await namedTenant(ctx, request), bound: false };
  }
  const record = await ctx.models.apiKeys.findOne({ hash: { $in: hashes } }).lean();
  if (!record) throw unauthorized('This key is not known; it may have been revoked.');
  const { _id: id, name, role, organizationId, environment } = record;
  const bound = organizationId !== null && environment !== null;
  const tenant = bound
    ? requireSame(request, { organizationId, environment })
    : await namedTenant(ctx, request);
  return { key: { id, name, role }, tenant, bound };
}

/** The tenant of a key that has one; headers that name another are refused rather than passed over. */
function requireSame(request: Request, tenant: Tenant): Tenant {
  const organizationId = request.get('postrider-organization') ?? tenant.organizationId;
  const environment = request.get('postrider-environment') ?? tenant.environment;
  if (organizationId === tenant.organizationId && environment === tenant.environment) return tenant;
  throw new Problem(
    'invalid_header',
    `This key acts for ${tenant.organizationId}, ${tenant.environment}; postrider-organization and postrider-environment name another.`,
  );
}

/** Whether the caller may do what needs `permission`. The root key may all, for whom its headers name. */
export function mayCall(caller: Caller, permission: Permission): boolean {
  if (caller.key === null) return true;
  return rolePermissions[caller.key.role].includes(permission);
}

/** Whom a call acts for. Throws a 400 Problem where a key for all organizations did not say. */
export function requireTenant(caller: Caller): Tenant {
  if (caller.tenant) return caller.tenant;
  throw new Problem(
    'invalid_header',
    'This key acts for any organization: name whom with the headers postrider-organization and postrider-environment.',
  );
}

async function namedTenant(ctx: Context, request: Request): Promise<Tenant | null> {
  const organizationId = request.get('postrider-organization');
  const environment = request.get('postrider-environment');
  if (organizationId === undefined && environment === undefined) return null;
  const parsed = Environment.safeParse(environment);
  if (organizationId === undefined || !parsed.success) {
    throw new Problem(
      'invalid_header',
      'postrider-organization must name an organization, and postrider-environment must be sandbox or production.',
    );
  }
  if (!(await ctx.models.organizations.exists({ _id: organizationId }))) {
    throw new Problem(
      'invalid_header',
      `postrider-organization: there is no organization ${organizationId}.`,
    );
  }
  return { organizationId, environment: parsed.data };
}

function unauthorized(detail: string): Problem {
  return new Problem('unauthorized', detail, { headers: { 'www-authenticate': 'Bearer realm="postrider"' } });
}
