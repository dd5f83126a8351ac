import { parseJson } from '../code/json-text.js';
import { useProblemForm, type ProblemForm } from '../form/problem-form.js';
import { durationMsOf } from './retry-durations.js';
import { newWebhookValues, type WebhookValues } from './webhook-values.js';

export type WebhookForm = ProblemForm<WebhookValues>;

/** The form of a webhook. What can be told at once is told here; the rest is the API's to say. */
export function useWebhookForm(initialValues: WebhookValues = newWebhookValues): WebhookForm {
  return useProblemForm<WebhookValues>({
    initialValues,
    validate: {
      url: (url) =>
        url.trim() === '' ? 'Say where events are sent, such as https://example.com/hooks' : null,
      payloadTemplate: (text) => {
        const parsed = parseJson(text);
        return parsed.ok ? null : parsed.message;
      },
      retrySchedule: (schedule) =>
        schedule?.some((delay) => durationMsOf(delay) === undefined) === true
          ? 'Each delay is a whole number with a unit (s, m, h, d), such as 30s or 2h'
          : null,
    },
  });
}
