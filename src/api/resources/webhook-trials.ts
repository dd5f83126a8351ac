import { z } from 'zod';
import type { Context } from '../../context.js';
import { sampleOf } from '../../delivery/sample.js';
import { previewRequest, testWebhook } from '../../delivery/try-webhook.js';
import { Problem } from '../../errors/problem.js';
import { NotSent } from '../../http/exchange.js';
import type { WebhookRecord } from '../../models/webhook.js';
import { newSigningSecret } from '../../request/signature.js';
import { IdParams, Json } from '../fields.js';
import { route } from '../route.js';
import { tlsFields } from '../tls-fields.js';
import { Attempt, showAttempt } from './delivery-shapes.js';
import { webhookFields } from './webhook-fields.js';
import { changesOf, findWebhook, newWebhook } from './webhook-record.js';

const sampleFields = {
  eventType: z
    .string()
    .max(128)
    .optional()
    .meta({ description: "the first one of the webhook's oldest subscription when not given" }),
  data: Json.optional().meta({ description: "the event type's sample payload when not given" }),
};

const TestWebhook = z.strictObject(sampleFields).meta({ id: 'TestWebhook' });

const { url, method, format, headers, auth, externalSystemId, payloadTemplate } = webhookFields;
const settings = { method, format, headers, auth, ...tlsFields, externalSystemId, payloadTemplate };
const PreviewRequest = z
  .strictObject({
    ...sampleFields,
    ...z.strictObject({ url, ...settings }).partial().shape,
  })
  .meta({ id: 'PreviewRequest', description: 'Settings that are given stand in for those that are saved' });

const PreviewNewWebhook = z
  .strictObject({ ...sampleFields, url, ...settings })
  .meta({ id: 'PreviewNewWebhook' });

const Preview = z
  .object({
    eventType: z.string(),
    request: Attempt.shape.request,
    missing: z.array(z.string()).meta({ description: 'placeholders of the template that found nothing' }),
  })
  .meta({ id: 'Preview' });

const tag = 'Webhooks';

export const webhookTrialRoutes = [
  route({
    key: 'POST /v1/webhooks/:id/test',
    operationId: 'testWebhook',
    summary: 'Send a sample now, and see what comes back',
    description:
      'One request, signed and authenticated as those of a delivery, whatever the state of the webhook; not tried ' +
      'again, and not in the history. A receiver that fails is no error of this call.',
    tag,
    audit: { none: 'a try that changes no setting' },
    params: IdParams,
    body: TestWebhook,
    bodyOptional: true,
    answers: { 200: z.object({ attempt: Attempt }) },
    async handle({ ctx, tenant, params, body }) {
      const webhook = await findWebhook(ctx, tenant, params.id);
      const sample = await sampleOf(ctx, webhook, body);
      const tested = await testWebhook(ctx, webhook, sample).catch(notSent);
      return { status: 200, body: { attempt: showAttempt(tested.attempt, tested.body) } };
    },
  }),
  route({
    key: 'POST /v1/webhooks/:id/preview',
    operationId: 'previewWebhook',
    summary: 'Show the exact request without sending it',
    description:
      'With the settings that are saved, or others to try; secrets are masked, the signature is real.',
    tag,
    audit: { none: 'a look that sends nothing' },
    params: IdParams,
    body: PreviewRequest,
    bodyOptional: true,
    answers: { 200: Preview },
    async handle({ ctx, tenant, params, body }) {
      const saved = await findWebhook(ctx, tenant, params.id);
      const { eventType, data, ...given } = body;
      const webhook = { ...saved, ...(await changesOf(ctx, tenant, saved, given)) };
      return { status: 200, body: await preview(ctx, webhook, { eventType, data }) };
    },
  }),
  route({
    key: 'POST /v1/webhook-previews',
    operationId: 'previewNewWebhook',
    summary: 'Show the exact request of a webhook that is not made yet',
    description: 'Nothing is kept or sent; secrets are masked, the signature is of a secret for this once.',
    tag,
    audit: { none: 'a look that sends nothing' },
    body: PreviewNewWebhook,
    answers: { 200: Preview },
    async handle({ ctx, tenant, body }) {
      const { eventType, data, ...given } = body;
      const webhook = await newWebhook(ctx, tenant, given, newSigningSecret());
      return { status: 200, body: await preview(ctx, webhook, { eventType, data }) };
    },
  }),
];

async function preview(
  ctx: Context,
  webhook: WebhookRecord,
  wanted: Parameters<typeof sampleOf>[2],
): Promise<z.infer<typeof Preview>> {
  const sample = await sampleOf(ctx, webhook, wanted);
  const { request, missing } = await previewRequest(ctx, webhook, sample);
  const shown = { ...request, headers: request.headers.map(([name, value]) => ({ name, value })) };
  return { eventType: sample.event.type, request: shown, missing };
}

function notSent(error: unknown): never {
  if (!(error instanceof NotSent)) throw error;
  throw new Problem('unavailable', `Nothing was sent: ${error.message}.`, {
    headers: { 'retry-after': '5' },
  });
}
