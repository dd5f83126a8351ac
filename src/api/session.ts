import { parseCookie, stringifySetCookie } from 'cookie';
import type { Request } from 'express';
import { randomBytes } from 'node:crypto';
import type { Context } from '../context.js';
import { Problem } from '../errors/problem.js';
import type { ApiKeyRecord } from '../models/api-key.js';
import type { SessionKey, SessionRecord } from '../models/session.js';
import { keyHash } from './key-hash.js';
import { publicUrlOf } from './public-url.js';
import { parseUrl } from '../http/parse-url.js';

/** A session ends after this long without a call (12 h), and this long after its first sign-in (7 d), in ms. */
const idleMs = 12 * 3_600_000;
const longestMs = 7 * 24 * 3_600_000;

/** A call moves the end of its session only once it is this much nearer, in ms: not every call is a write. */
const renewAfterMs = 5 * 60_000;

const tokenBytes = 32;

/** A key of a session as it is now: a record of `apiKeys`, or `root`. */
export type SignedInKey = ApiKeyRecord | 'root';

/** What a sign-in came to: the `Set-Cookie` of the session, and the keys that it holds. */
export interface SignedIn {
  cookie: string;
  keys: SignedInKey[];
}

/** Whether the request holds a cookie of a session, whatever it is worth. */
export function hasSessionCookie(ctx: Context, request: Request): boolean {
  return tokenOf(ctx, request) !== undefined;
}

/** The session of a request's cookie, if it still holds; it is kept alive by being read. */
export async function findSession(ctx: Context, request: Request): Promise<SessionRecord | null> {
  const token = tokenOf(ctx, request);
  if (token === undefined) return null;
  const now = Date.now();
  const session = await ctx.models.sessions
    .findOne({ _id: keyHash(token), idleUntil: { $gt: new Date(now) }, endsAt: { $gt: new Date(now) } })
    .lean();
  if (session && session.idleUntil.getTime() - now < idleMs - renewAfterMs) {
    await ctx.models.sessions.updateOne({ _id: session._id }, { idleUntil: idleEnd(now, session.endsAt) });
  }
  return session;
}

/** The keys of a session that still exist, in the order of signing in. */
export async function keysOf(ctx: Context, session: SessionRecord): Promise<SignedInKey[]> {
  const ids = session.keys.flatMap(({ keyId }) => keyId ?? []);
  const records = await ctx.models.apiKeys.find({ _id: { $in: ids } }).lean();
  return session.keys.flatMap((key): SignedInKey[] => {
    if (key.keyId === null) return key.rootKeyHash === rootMark(ctx) ? ['root'] : [];
    return records.filter(({ _id }) => _id === key.keyId);
  });
}

/**
 * Puts a key into a new session beside what the old one holds, and gives the cookie that carries it. A session holds one
 * key for each environment, or one that acts for any organization alone. Each sign-in changes the token.
 */
export async function signIn(ctx: Context, request: Request, key: SignedInKey): Promise<SignedIn> {
  const before = await findSession(ctx, request);
  const kept = before && isBound(key) ? (await keysOf(ctx, before)).filter(isBesides(key)) : [];
  const now = Date.now();
  const endsAt = before?.endsAt ?? new Date(now + longestMs);
  const token = randomBytes(tokenBytes).toString('base64url');
  const keys = [...kept, key];
  await ctx.models.sessions.create({
    _id: keyHash(token),
    keys: keys.map((each) => storedKey(ctx, each)),
    createdAt: before?.createdAt ?? new Date(now),
    idleUntil: idleEnd(now, endsAt),
    endsAt,
  });
  if (before) await ctx.models.sessions.deleteOne({ _id: before._id });
  const cookie = cookieOf(ctx, request, token, Math.floor((endsAt.getTime() - now) / 1_000));
  return { cookie, keys };
}

/** Ends the session of a request's cookie, and gives the cookie that takes it away. */
export async function signOut(ctx: Context, request: Request): Promise<string> {
  const token = tokenOf(ctx, request);
  if (token !== undefined) await ctx.models.sessions.deleteOne({ _id: keyHash(token) });
  return cookieOf(ctx, request, '', 0);
}

/**
 * Refuses a call that a page of another origin may have caused: what the browser says of it (`Sec-Fetch-Site`, else `Origin`)
 * must be that it comes from here. Throws a 403 Problem.
 */
export function requireSameOrigin(ctx: Context, request: Request): void {
  const site = request.get('sec-fetch-site');
  const origin = request.get('origin');
  if (site === undefined && origin === undefined) {
    throw new Problem('cross_site', 'The call has a session, and neither Sec-Fetch-Site nor Origin.');
  }
  if (site !== undefined && site !== 'same-origin') {
    throw new Problem('cross_site', `Sec-Fetch-Site says ${JSON.stringify(site)}, not "same-origin".`);
  }
  const own = [publicUrlOf(ctx, request), `${request.protocol}://${request.get('host') ?? ''}`];
  if (site === undefined && !own.some((url) => parseUrl(url)?.origin === origin)) {
    throw new Problem('cross_site', 'Origin names another site.');
  }
}

/** Whether a key belongs to one organization and environment. */
export function isBound(
  key: SignedInKey,
): key is ApiKeyRecord & { organizationId: string; environment: 'sandbox' | 'production' } {
  return key !== 'root' && key.organizationId !== null && key.environment !== null;
}

function isBesides(added: SignedInKey): (key: SignedInKey) => boolean {
  return (key) => isBound(key) && added !== 'root' && key.environment !== added.environment;
}

function storedKey(ctx: Context, key: SignedInKey): SessionKey {
  return key === 'root' ? { keyId: null, rootKeyHash: rootMark(ctx) } : { keyId: key._id, rootKeyHash: null };
}

function rootMark(ctx: Context): string {
  return keyHash(ctx.rootKeyHash);
}

function idleEnd(now: number, endsAt: Date): Date {
  return new Date(Math.min(now + idleMs, endsAt.getTime()));
}

function tokenOf(ctx: Context, request: Request): string | undefined {
  const token = parseCookie(request.get('cookie') ?? '')[cookieName(ctx, request)];
  return token === '' ? undefined : token;
}

function isSecure(ctx: Context, request: Request): boolean {
  return publicUrlOf(ctx, request).startsWith('https:');
}

/** Over https a browser lets nobody but this very host set the cookie (RFC 6265bis, 4.1.3.2). */
function cookieName(ctx: Context, request: Request): string {
  return isSecure(ctx, request) ? '__Host-postrider_session' : 'postrider_session';
}

function cookieOf(ctx: Context, request: Request, value: string, maxAge: number): string {
  return stringifySetCookie({
    name: cookieName(ctx, request),
    value,
    httpOnly: true,
    sameSite: 'strict',
    secure: isSecure(ctx, request),
    path: '/',
    maxAge,
  });
}
