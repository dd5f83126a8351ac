import { z } from 'zod';
import { isClosed } from '../../circuit/circuit.js';
import { Duration } from '../../config/duration.js';
import { Secret } from '../../config/secret.js';
import type { Context } from '../../context.js';
import { originNotAllowed, resolveUrl } from '../../delivery/destination.js';
import { RetrySchedule } from '../../delivery/retry-schedule.js';
import { invalid } from '../../errors/problem.js';
import type { StoredHeader, WebhookRecord } from '../../models/webhook.js';
import { circuitStates, pauseReasons, webhookStates } from '../../models/webhook.js';
import type { StoredTls } from '../../models/receiver-tls.js';
import type { Tenant } from '../../models/tenant.js';
import { isSecretHeader, MASK, WebhookHeaders, type WebhookHeader } from '../../request/headers.js';
import { PayloadTemplate } from '../../request/payload-template.js';
import { WebhookUrl } from '../../request/webhook-url.js';
import { Auth, maskAuth } from '../auth.js';
import { Ordered } from '../ordered.js';
import { givenTls, requireHttps, shownTlsFields, showTls, tlsFields } from '../tls-fields.js';
import { fromText, iso, Json, Name, Timestamp } from '../fields.js';

/** A full URL, or a path where an external system gives the rest; which of them is checked with the system. */
const UrlOrPath = z.string().max(2_048, { abort: true }).meta({
  description: 'begins with http:// or https://; with an external system also a path under its base URL',
  example: 'https://example.com/hooks',
});

/** The fields of a webhook that a client can set. */
export const webhookFields = {
  name: Name.optional().meta({ description: "the URL's host when not given" }),
  url: UrlOrPath,
  method: z.enum(['POST', 'PUT']).optional(),
  format: z.enum(['json', 'form']).optional(),
  headers: WebhookHeaders.optional(),
  auth: Auth.optional(),
  ...tlsFields,
  externalSystemId: z.string().max(200).nullable().optional(),
  payloadTemplate: PayloadTemplate.nullable().optional(),
  timeoutMs: z.number().int().min(100).max(60_000).optional(),
  retrySchedule: RetrySchedule.nullable().optional().meta({ description: "null: the deployment's own" }),
  rateLimit: z.number().min(0.1).max(1_000).nullable().optional().meta({
    description:
      'requests a second at most, in the whole deployment; what has to wait spends nothing of its schedule. null: no limit',
  }),
  maxConcurrency: z.number().int().min(1).max(1_000).nullable().optional().meta({
    description: 'requests under way at once, in the whole deployment. null: 32 from each worker',
  }),
  state: z.enum(webhookStates).optional(),
  ordered: Ordered.nullable().optional().meta({ description: 'null: each delivery goes on its own' }),
  pauseAfter: Duration.nullable().optional().meta({
    description: "nothing but failures for so long pause it; 0s: never; null: the deployment's own",
    example: '5d',
  }),
  pauseOnGone: z.boolean().optional().meta({ description: 'whether the answer 410 pauses it at once' }),
};

export const Webhook = z
  .object({
    id: z.string(),
    name: z.string(),
    url: z.string(),
    method: z.enum(['POST', 'PUT']),
    format: z.enum(['json', 'form']),
    headers: z.array(z.object({ name: z.string(), value: z.string(), secret: z.boolean() })),
    auth: Auth,
    ...shownTlsFields,
    externalSystemId: z.string().nullable(),
    payloadTemplate: Json,
    timeoutMs: z.number(),
    retrySchedule: z.array(z.string()),
    rateLimit: z.number().nullable(),
    maxConcurrency: z.number().nullable(),
    state: z.enum(webhookStates),
    ordered: Ordered.nullable().meta({ description: 'null: each delivery goes on its own' }),
    pausedAt: Timestamp.nullable(),
    pausedReason: z.enum(pauseReasons).nullable().meta({
      description:
        'why it is paused: somebody asked for it, it did nothing but fail for `pauseAfter`, or it answered 410; null: it is not',
    }),
    pauseAfter: Duration,
    pauseOnGone: z.boolean(),
    failingSince: Timestamp.nullable().meta({
      description:
        'when the first of the attempts was made that have failed since its last success; null: none',
    }),
    circuit: z
      .object({
        state: z.enum(circuitStates).meta({
          description:
            '`open`: its endpoint is down, and nothing leaves but a probe now and then; `half_open`: a probe has succeeded, and what waits leaves at a growing rate',
        }),
        openedAt: Timestamp,
        nextProbeAt: Timestamp.nullable().meta({ description: 'null: none is needed' }),
        probes: z.number().int().meta({ description: 'that have left since it opened' }),
      })
      .nullable()
      .meta({ description: 'null: closed, and deliveries leave when they are due' }),
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .meta({ id: 'Webhook' });

export const WebhookWithSecret = Webhook.extend({
  signingSecret: z.string().meta({ description: 'shown this once', example: 'whsec_…' }),
}).meta({ id: 'WebhookWithSecret' });

/** A webhook as answers show it: secrets masked. */
export function showWebhook(ctx: Context, record: WebhookRecord): z.infer<typeof Webhook> {
  return {
    id: record._id,
    name: record.name,
    url: record.url,
    method: record.method,
    format: record.format,
    headers: record.headers.map(({ name, value, secret }) => ({
      name,
      value: secret ? MASK : value,
      secret,
    })),
    auth: maskAuth(record.auth),
    ...showTls(record),
    externalSystemId: record.externalSystemId,
    payloadTemplate: fromText(record.payloadTemplateJson),
    timeoutMs: record.timeoutMs,
    retrySchedule: [...(record.retrySchedule ?? ctx.config.retrySchedule)],
    rateLimit: record.rateLimit ?? null,
    maxConcurrency: record.maxConcurrency ?? null,
    state: record.state,
    ordered: record.ordered ?? null,
    ...pauseOf(record),
    pauseAfter: record.pauseAfter ?? ctx.config.endpointHealth.pauseAfter,
    pauseOnGone: record.pauseOnGone ?? false,
    failingSince: iso(record.failingSince ?? null),
    circuit: showCircuit(record),
    createdAt: iso(record.createdAt),
    updatedAt: iso(record.updatedAt),
  };
}

function showCircuit({ circuit }: WebhookRecord): z.infer<typeof Webhook>['circuit'] {
  if (!circuit || isClosed(circuit, new Date())) return null;
  const { state, openedAt, probeAt, probes } = circuit;
  return { state, openedAt: iso(openedAt), nextProbeAt: state === 'open' ? iso(probeAt) : null, probes };
}

/** Since when and why a webhook is paused. */
function pauseOf({
  state,
  pausedAt,
  pausedReason,
}: WebhookRecord): Pick<z.infer<typeof Webhook>, 'pausedAt' | 'pausedReason'> {
  if (state !== 'paused') return { pausedAt: null, pausedReason: null };
  return { pausedAt: iso(pausedAt ?? null), pausedReason: pausedReason ?? 'requested' };
}

/** What is wrong with the URL of a webhook that has no external system; undefined for a good one. */
export function urlFault(url: string): string | undefined {
  return WebhookUrl.safeParse(url).error?.issues[0]?.message;
}

/**
 * Checks a webhook's URL, which depends on its external system, and that only one of them says how to prove who sends. Throws
 * a 422 Problem that names the field.
 */
export async function checkDestination(
  ctx: Context,
  tenant: Tenant,
  webhook: { url: string; externalSystemId: string | null; hasAuth: boolean; tls: StoredTls },
): Promise<void> {
  if (webhook.externalSystemId === null) {
    const fault = urlFault(webhook.url);
    if (fault !== undefined) throw invalid([{ path: 'url', message: fault }]);
    requireHttps(webhook.tls, webhook.url);
    return;
  }
  const system = await ctx.models.externalSystems
    .findOne({ _id: webhook.externalSystemId, ...tenant })
    .lean();
  if (!system) {
    throw invalid([
      { path: 'externalSystemId', message: `there is no external system ${webhook.externalSystemId}` },
    ]);
  }
  if (resolveUrl(webhook.url, system) === undefined)
    throw invalid([{ path: 'url', message: originNotAllowed }]);
  if (webhook.hasAuth) {
    throw invalid([{ path: 'auth', message: 'must be none where an external system gives the auth' }]);
  }
  const own = givenTls(webhook.tls);
  if (own) throw invalid([{ path: own, message: 'must be null where an external system gives it' }]);
}

/** Headers as they are stored for a webhook: secret values sealed; the mask keeps the value that a header of the same name has. */
export function sealHeaders(
  ctx: Context,
  owner: string,
  headers: readonly WebhookHeader[],
  stored: readonly StoredHeader[] = [],
): StoredHeader[] {
  return headers.map(({ name, value, secret: wanted }, index) => {
    const secret = isSecretHeader(name, wanted);
    if (value !== MASK)
      return secret
        ? { name, secret, value: ctx.keyRing.seal(new Secret(value), owner) }
        : { name, secret, value };
    const before = stored.find((header) => header.name.toLowerCase() === name.toLowerCase());
    if (before?.secret && secret) return { name, secret, value: before.value };
    throw invalid([
      {
        path: `headers.${index}.value`,
        message: `${MASK} keeps a stored secret, and none is stored for ${name}`,
      },
    ]);
  });
}
