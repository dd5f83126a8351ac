import { z } from 'zod';
import type { HeaderList } from '../http/exchange.js';

/** What stands in the place of a secret wherever it is shown. */
export const MASK = '***';

const maxHeaders = 50;
const maxValueBytes = 8 * 1024;

/** Set by Postrider itself or by HTTP's own machinery. */
const reserved =
  /^(?:webhook-(?:id|timestamp|signature)|postrider-.*|user-agent|content-type|content-length|host|transfer-encoding|connection|keep-alive|upgrade|te|trailer|expect|proxy-.*)$/i;
const secretName = /authorization|cookie|key|token|secret|password/i;

/** A header's name: a token (RFC 9110, 5.6.2) that Postrider and HTTP leave free. */
export const HeaderName = z
  .string()
  .max(256, { error: 'must be at most 256 characters' })
  .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, { error: 'must be a header name: letters, digits and hyphens' })
  .refine((name) => !reserved.test(name), { error: 'is a header that Postrider sets itself' });

/**
 * A header's value: visible ASCII, with spaces and tabs inside. Narrower than RFC 9110, 5.5, which also lets
 * receivers accept bytes above 0x7F whose meaning nobody agrees on. May be empty.
 */
export const HeaderValue = z
  .string()
  .max(maxValueBytes, { error: `must be at most ${maxValueBytes} bytes` })
  .regex(/^(?:[\x21-\x7e](?:[\t\x20-\x7e]*[\x21-\x7e])?)?$/, {
    error: 'must be visible ASCII, with spaces or tabs only inside, and no line breaks',
  });

/** A header of a webhook's own. Without `secret`, its name decides whether the value is one. */
export const WebhookHeader = z.strictObject({
  name: HeaderName,
  value: HeaderValue,
  secret: z.boolean().optional(),
});
export type WebhookHeader = z.infer<typeof WebhookHeader>;

/** A webhook's own headers, sent in this order: at most 50, each name once, whatever its case. */
export const WebhookHeaders = z
  .array(WebhookHeader)
  .max(maxHeaders, { error: `must be at most ${maxHeaders} headers` })
  .superRefine((headers, context) => {
    const seen = new Set<string>();
    headers.forEach(({ name }, index) => {
      const key = name.toLowerCase();
      if (seen.has(key)) {
        context.addIssue({ code: 'custom', path: [index, 'name'], message: 'is there twice' });
      }
      seen.add(key);
    });
  });

/** Whether a header's value is a secret: where it says so, else by its name (authorization, cookie, key, ...). */
export function isSecretHeader(name: string, secret?: boolean): boolean {
  return secret ?? secretName.test(name);
}

/** Headers as they may be kept and shown; `secrets` names (in lower case) what is secret or not whatever its name. */
export function maskHeaders(headers: HeaderList, secrets?: ReadonlyMap<string, boolean>): HeaderList {
  return headers.map(([name, value]) => [
    name,
    isSecretHeader(name, secrets?.get(name.toLowerCase())) ? MASK : value,
  ]);
}
