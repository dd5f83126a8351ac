import type { Schema } from '../api/schemas.js';
import { authOf, authValuesOf, noAuth, type AuthValues } from '../auth/auth-values.js';
import { noTls, tlsOf, tlsValuesOf, type TlsValues } from '../tls/tls-values.js';
import { jsonText } from '../code/json-text.js';
import { notOrdered, orderedOf, orderedValuesOf, type OrderedValues } from './ordered-values.js';

/** One header as a form holds it; `secret` is undefined as long as its name decides. */
export type HeaderValues = { name: string; value: string; secret: boolean | undefined };

/** What the form of a webhook holds. */
export type WebhookValues = TlsValues & {
  name: string;
  url: string;
  method: 'POST' | 'PUT';
  format: 'json' | 'form';
  headers: HeaderValues[];
  auth: AuthValues;
  externalSystemId: string | null;
  /** JSON text; empty for no template. */
  payloadTemplate: string;
  timeoutMs: number;
  /** null: Postrider's own. */
  retrySchedule: string[] | null;
  /** Requests a second; null: no limit. */
  rateLimit: number | null;
  /** Requests at once; null: as many as Postrider allows any endpoint. */
  maxConcurrency: number | null;
  state: 'active' | 'paused' | 'off';
  ordered: OrderedValues;
  /** null: Postrider's own. */
  pauseAfter: string | null;
  pauseOnGone: boolean;
  /** Of the subscription that is made with a new webhook. */
  eventTypes: string[];
};

/** A webhook that nobody has filled in yet. */
export const newWebhookValues: WebhookValues = {
  name: '',
  url: '',
  method: 'POST',
  format: 'json',
  headers: [],
  auth: noAuth,
  ...noTls,
  externalSystemId: null,
  payloadTemplate: '',
  timeoutMs: 10_000,
  retrySchedule: null,
  rateLimit: null,
  maxConcurrency: null,
  state: 'active',
  ordered: notOrdered,
  pauseAfter: null,
  pauseOnGone: false,
  eventTypes: [],
};

/** A webhook as the API shows it, for the form. */
export function webhookValuesOf(webhook: Schema<'Webhook'>): WebhookValues {
  const { name, url, method, format, headers, auth, externalSystemId } = webhook;
  const { payloadTemplate, timeoutMs, retrySchedule, rateLimit, maxConcurrency } = webhook;
  const { state, pauseAfter, pauseOnGone } = webhook;
  return {
    name,
    url,
    method,
    format,
    headers: headers.map((header) => ({ ...header })),
    auth: authValuesOf(auth),
    ...tlsValuesOf(webhook),
    externalSystemId,
    payloadTemplate: jsonText(payloadTemplate),
    timeoutMs,
    retrySchedule: [...retrySchedule],
    rateLimit,
    maxConcurrency,
    state,
    ordered: orderedValuesOf(webhook.ordered),
    pauseAfter,
    pauseOnGone,
    eventTypes: [],
  };
}

/** The fields of the API that the values stand for, but for the event types. Throws where the template is no JSON. */
export function settingsOf(values: WebhookValues): Required<Schema<'WebhookChanges'>> {
  const { name, url, method, format, headers, auth, externalSystemId } = values;
  const { payloadTemplate, timeoutMs, retrySchedule, rateLimit, maxConcurrency } = values;
  const { state, pauseAfter, pauseOnGone } = values;
  return {
    name,
    url,
    method,
    format,
    headers: headers.map((header) => ({
      name: header.name,
      value: header.value,
      ...(header.secret === undefined ? {} : { secret: header.secret }),
    })),
    auth: authOf(auth),
    ...tlsOf(values),
    externalSystemId,
    payloadTemplate: payloadTemplate.trim() === '' ? null : (JSON.parse(payloadTemplate) as unknown),
    timeoutMs,
    retrySchedule,
    rateLimit,
    maxConcurrency,
    state,
    ordered: orderedOf(values.ordered),
    pauseAfter: pauseAfter?.trim() ?? null,
    pauseOnGone,
  };
}

/** What a form would change of a webhook: the fields alone whose values are others than those it began with. */
export function changesOf(values: WebhookValues, before: WebhookValues): Schema<'WebhookChanges'> {
  const then = settingsOf(before);
  const differs = ([field, value]: [string, unknown]): boolean =>
    JSON.stringify(value) !== JSON.stringify(then[field as keyof typeof then]);
  return Object.fromEntries(Object.entries(settingsOf(values)).filter(differs));
}

/** Names that make a header's value a secret where nothing else is said: the API's own rule. */
export function isSecretName(name: string): boolean {
  return /authorization|cookie|key|token|secret|password/i.test(name);
}
