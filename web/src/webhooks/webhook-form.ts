import { parseJson } from '../code/json-text.js';
import { useProblemForm, type ProblemForm } from '../form/problem-form.js';
import { durationMsOf } from './retry-durations.js';
import type { WebhookValues } from './webhook-values.js';

export type WebhookForm = ProblemForm<WebhookValues>;

/**
 * The form of a webhook. What can be told at once is told here; the rest is the API's to say. `needsEventTypes` while one
 * is registered that is to be subscribed in the same step.
 */
export function useWebhookForm(
  initialValues: WebhookValues,
  { needsEventTypes = false }: { needsEventTypes?: boolean } = {},
): WebhookForm {
  return useProblemForm<WebhookValues>({
    initialValues,
    validate: {
      url: (url, { externalSystemId }) => urlFault(url, externalSystemId !== null),
      eventTypes: (names) =>
        needsEventTypes && names.length === 0 ? 'Choose at least one, or subscribe it later' : null,
      payloadTemplate: (text) => {
        const parsed = parseJson(text);
        return parsed.ok ? null : parsed.message;
      },
      timeoutMs: (ms) => (ms < 100 || ms > 60_000 ? 'From 0.1 to 60 seconds' : null),
      ordered: {
        orderingKey: (path, { ordered }) =>
          ordered.by === 'key' && path.trim() === '' ? 'Say where the key is, such as account.id' : null,
      },
      pauseAfter: (text) =>
        text !== null && durationMsOf(text) === undefined
          ? 'A whole number with a unit (s, m, h, d), such as 12h or 5d; 0s for never'
          : null,
      retrySchedule: (schedule) =>
        schedule?.some((delay) => durationMsOf(delay) === undefined) === true
          ? 'Each delay is a whole number with a unit (s, m, h, d), such as 30s or 2h'
          : null,
    },
  });
}

/** Why no webhook can have a URL; with an external system it may be a path, which the API checks with that system. */
function urlFault(url: string, hasSystem: boolean): string | null {
  if (url.trim() === '') return 'Say where events are sent, such as https://example.com/hooks';
  if (hasSystem) return null;
  if (!/^https?:\/\//i.test(url)) return 'must begin with http:// or https://';
  return URL.canParse(url) ? null : 'must be a URL that can be parsed';
}
