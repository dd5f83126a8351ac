import { timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';
import type { Context } from '../context.js';
import { Problem } from '../errors/problem.js';
import type { Role } from '../models/api-key.js';
import { Environment, type Tenant } from '../models/tenant.js';
import { keyHash } from './key-hash.js';
import { rolePermissions, type Permission } from './permissions.js';
import {
  findSession,
  hasSessionCookie,
  isBound,
  keysOf,
  requireSameOrigin,
  type SignedInKey,
} from './session.js';

/** Who makes a call, and for whom. */
export interface Caller {
  /** null: the root key. */
  key: { id: string; name: string; role: Role } | null;
  /** null: nobody was named; a root key, or a key for all organizations, that sent no headers. */
  tenant: Tenant | null;
  /** Whether the key belongs to one organization and environment, or names them in each call. */
  bound: boolean;
}

/** The caller of a request by its bearer key, else by its session. Throws a 401 Problem without a valid one. */
export async function authenticate(ctx: Context, request: Request): Promise<Caller> {
  const byBearer = request.get('authorization') !== undefined;
  if (!byBearer && hasSessionCookie(ctx, request)) return sessionCaller(ctx, request);
  const [, text] = /^bearer +(.*\S) *$/i.exec(request.get('authorization') ?? '') ?? [];
  if (text === undefined) throw unauthorized('Send a key: `Authorization: Bearer <key>`.');
  // Node reads a header's bytes as Latin-1; most clients send text beyond ASCII as UTF-8.
  const key = await findKey(ctx, [text, Buffer.from(text, 'latin1').toString('utf8')]);
  if (!key) throw unauthorized('This key is not known; it may have been revoked.');
  return callerWith(ctx, request, key);
}

/** The key whose text is one of `texts`, if there is one. */
export async function findKey(ctx: Context, texts: readonly string[]): Promise<SignedInKey | null> {
  const hashes = texts.map(keyHash);
  if (hashes.some((hash) => timingSafeEqual(Buffer.from(hash), Buffer.from(ctx.rootKeyHash)))) return 'root';
  const found = await Promise.all([...new Set(hashes)].map(async (hash) => ctx.keyLookups.add(hash)));
  return found.find((key) => key !== null) ?? null;
}

/**
 * The caller of a request with a session: by the session's key for the environment that the request names, or its one key
 * that acts for any. A call that changes something must prove that it comes from the console.
 */
async function sessionCaller(ctx: Context, request: Request): Promise<Caller> {
  const environment = request.get('postrider-environment');
  if (!['GET', 'HEAD'].includes(request.method)) {
    requireSameOrigin(ctx, request);
    if (environment === undefined) {
      throw new Problem('cross_site', 'With a session, a call names its postrider-environment.');
    }
  }
  const session = await findSession(ctx, request);
  if (!session) throw unauthorized('The session has ended: sign in again.');
  const keys = await keysOf(ctx, session);
  const key = keys.find((each) => !isBound(each) || each.environment === environment);
  if (key) return callerWith(ctx, request, key);
  if (keys.length > 0 && environment === undefined) {
    throw new Problem('invalid_header', 'With a session, a call names its postrider-environment.');
  }
  throw unauthorized('The session has no key for this environment: sign in with one.');
}

async function callerWith(ctx: Context, request: Request, key: SignedInKey): Promise<Caller> {
  if (key === 'root') return { key: null, tenant: await namedTenant(ctx, request), bound: false };
  const { _id: id, name, role } = key;
  const tenant = isBound(key)
    ? requireSame(request, { organizationId: key.organizationId, environment: key.environment })
    : await namedTenant(ctx, request);
  return { key: { id, name, role }, tenant, bound: isBound(key) };
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
  // A session's call names its environment always, and an organization once one is chosen.
  const isAlone = environment === undefined || request.get('authorization') === undefined;
  if (organizationId === undefined && isAlone) return null;
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
