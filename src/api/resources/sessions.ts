import type { Request } from 'express';
import { z } from 'zod';
import type { Context } from '../../context.js';
import { roles } from '../../models/api-key.js';
import { Environment } from '../../models/tenant.js';
import { findKey } from '../caller.js';
import { rolePermissions } from '../permissions.js';
import { route } from '../route.js';
import {
  findSession,
  hasSessionCookie,
  keysOf,
  requireSameOrigin,
  signIn,
  signOut,
  type SignedInKey,
} from '../session.js';

const Access = z
  .object({
    keyName: z.string().nullable().meta({ description: 'null: the root key' }),
    role: z.enum([...roles, 'root']),
    environment: Environment.nullable().meta({ description: 'null: any that a call names' }),
    organizationId: z.string().nullable().meta({ description: 'null: any that a call names' }),
    organizationName: z.string().nullable(),
    permissions: z.array(z.string()).meta({ description: 'what this key may do' }),
  })
  .meta({ id: 'Access' });
type Access = z.infer<typeof Access>;

const Session = z
  .object({
    accesses: z.array(Access).meta({
      description: 'one for each key that was signed in with and still exists; none: nobody is signed in',
    }),
  })
  .meta({ id: 'Session' });

const SignIn = z.strictObject({ key: z.string().trim().min(1).max(1_000) }).meta({ id: 'SignIn' });

const tag = 'Session';

export const sessionRoutes = [
  route({
    key: 'GET /session',
    operationId: 'getSession',
    summary: 'Who is signed in to the console, and what they may',
    tag,
    answers: { 200: Session },
    async handle({ ctx, request }) {
      const session = await findSession(ctx, request);
      return { status: 200, body: await shown(ctx, session ? await keysOf(ctx, session) : []) };
    },
  }),
  route({
    key: 'POST /session',
    operationId: 'signIn',
    summary: 'Sign in to the console with a key; a second one adds the other environment',
    tag,
    audit: { none: 'signing in and out changes nothing but the session itself' },
    body: SignIn,
    answers: { 200: Session },
    async handle({ ctx, request, body }) {
      guard(ctx, request);
      const key = await findKey(ctx, request, [body.key]);
      const { cookie, keys } = await signIn(ctx, request, key);
      return { status: 200, body: await shown(ctx, keys), headers: { 'set-cookie': cookie } };
    },
  }),
  route({
    key: 'DELETE /session',
    operationId: 'signOut',
    summary: 'Sign out of the console, with every key',
    tag,
    audit: { none: 'signing in and out changes nothing but the session itself' },
    answers: { 204: null },
    async handle({ ctx, request }) {
      guard(ctx, request);
      return { status: 204, headers: { 'set-cookie': await signOut(ctx, request) } };
    },
  }),
];

/** What a browser sends must come from here: another site may neither sign somebody in nor out. */
function guard(ctx: Context, request: Request): void {
  const fromBrowser = request.get('sec-fetch-site') !== undefined || request.get('origin') !== undefined;
  if (fromBrowser || hasSessionCookie(ctx, request)) requireSameOrigin(ctx, request);
}

async function shown(ctx: Context, keys: readonly SignedInKey[]): Promise<z.infer<typeof Session>> {
  const ids = keys.flatMap((key) => (key === 'root' ? [] : (key.organizationId ?? [])));
  const organizations = await ctx.models.organizations.find({ _id: { $in: ids } }).lean();
  return {
    accesses: keys.map((key): Access => {
      if (key === 'root') {
        return {
          keyName: null,
          role: 'root',
          environment: null,
          organizationId: null,
          organizationName: null,
          permissions: ['root', ...rolePermissions.admin],
        };
      }
      return {
        keyName: key.name,
        role: key.role,
        environment: key.environment,
        organizationId: key.organizationId,
        organizationName: organizations.find(({ _id }) => _id === key.organizationId)?.name ?? null,
        permissions: [...rolePermissions[key.role]],
      };
    }),
  };
}
