import { z } from 'zod';
import type { Context } from '../../context.js';
import { openAuth } from '../../delivery/destination.js';
import type { ExternalSystemRecord } from '../../models/external-system.js';
import { tenantOf } from '../../models/tenant.js';
import { IdParams, iso, Timestamp } from '../fields.js';
import { route } from '../route.js';
import { findExternalSystem } from './external-systems.js';

const Verification = z
  .object({
    ok: z.boolean(),
    fetched: z.boolean().meta({ description: 'whether a token was asked for: only OAuth auth has one' }),
    status: z.number().nullable().meta({ description: "the token server's; null where none came" }),
    error: z.string().nullable(),
    expiresAt: Timestamp.nullable().meta({ description: 'of the token, where the server told it' }),
    message: z.string(),
  })
  .meta({ id: 'Verification' });

export const verificationRoutes = [
  route({
    key: 'POST /v1/external-systems/:id/verify',
    operationId: 'verifyExternalSystem',
    summary: 'Fetch an access token now, and tell how it went',
    description:
      'A token server that refuses is no error of this call: the answer is a 200 with `ok: false`.',
    tag: 'External systems',
    audit: { none: 'a try that changes no setting' },
    params: IdParams,
    answers: { 200: Verification },
    async handle({ ctx, tenant, params }) {
      const system = await findExternalSystem(ctx, tenant, params.id);
      return { status: 200, body: await verify(ctx, system) };
    },
  }),
];

/** Tries the auth as far as that goes without a webhook: its token is fetched, and kept for deliveries. */
async function verify(ctx: Context, system: ExternalSystemRecord): Promise<z.infer<typeof Verification>> {
  const opened = openAuth(ctx.keyRing, system);
  if (opened.kind === 'direct') {
    const message = `Nothing to fetch: auth of the type ${system.auth.type} has no token of its own. Test a webhook to try it.`;
    return { ok: true, fetched: false, status: null, error: null, expiresAt: null, message };
  }
  const renewal = await ctx.accessTokens.renew(tenantOf(system), opened.client);
  const { ok, status } = renewal;
  return ok
    ? {
        ok,
        fetched: true,
        status,
        error: null,
        expiresAt: iso(renewal.expiresAt),
        message: 'A token was fetched; deliveries use it.',
      }
    : { ok, fetched: true, status, error: renewal.message, expiresAt: null, message: 'No token was given.' };
}
