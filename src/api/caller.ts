import { timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';
import type { Context } from '../context.js';
import { Problem } from '../errors/problem.js';
import type { ApiKeyRecord, Role } from '../models/api-key.js';
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

/** How exactly the last use of a key is kept, in ms. */
const noteUseAfterMs = 60_000;

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
  const key = await findKey(ctx, request, [text, Buffer.from(text, 'latin1').toString('utf8')]);
  return callerWith(ctx, request, key);
}

/**
 * The key whose text is one of `texts`. Throws a 401 Problem where there is none, and a 429 where its sender has tried too
 * many.
 */
export async function findKey(
  ctx: Context,
  request: Request,
  texts: readonly string[],
): Promise<SignedInKey> {
  const hashes = texts.map(keyHash);
  const address = request.socket.remoteAddress ?? '';
  const waitS = ctx.guesses.waitS(address, hashes);
  if (waitS > 0) {
    throw new Problem('too_many_wrong_keys', `Too many keys from this address were wrong: wait ${waitS} s.`, {
      headers: { 'retry-after': String(waitS) },
    });
  }
  const isRoot = hashes.some((hash) => timingSafeEqual(Buffer.from(hash), Buffer.from(ctx.rootKeyHash)));
  // By hash alone: how long the look-up takes tells nothing of a key.
  const record = isRoot ? null : await findRecord(ctx, hashes);
  if (!isRoot && !record) {
    ctx.guesses.sawWrong(address, hashes);
    throw unauthorized('This key is not known; it may have been revoked.');
  }
  ctx.guesses.sawRight(record?.hash ?? ctx.rootKeyHash);
  return record ?? 'root';
}

async function findRecord(ctx: Context, hashes: readonly string[]): Promise<ApiKeyRecord | undefined> {
  const found = await Promise.all([...new Set(hashes)].map(async (hash) => ctx.keyLookups.add(hash)));
  return found.find((key) => key !== null) ?? undefined;
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
  await noteUse(ctx, key);
  const { _id: id, name, role } = key;
  const tenant = isBound(key)
    ? requireSame(request, { organizationId: key.organizationId, environment: key.environment })
    : await namedTenant(ctx, request);
  return { key: { id, name, role }, tenant, bound: isBound(key) };
}

/** Keeps when a key was used last, once a minute at most: not every call is a write. */
async function noteUse(ctx: Context, { _id, lastUsedAt }: ApiKeyRecord): Promise<void> {
  const now = Date.now();
  const before = new Date(now - noteUseAfterMs);
  if (lastUsedAt && lastUsedAt > before) return;
  await ctx.models.apiKeys.updateOne(
    { _id, $or: [{ lastUsedAt: null }, { lastUsedAt: { $lte: before } }] },
    { lastUsedAt: new Date(now) },
  );
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
