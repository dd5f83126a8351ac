import { z } from 'zod';
import { parseUrl } from '../http/parse-url.js';

const maxLength = 2_048;

/** Where a webhook sends: an absolute http or https URL without credentials, at most 2,048 characters. */
export const WebhookUrl = z
  .string()
  .max(maxLength, { error: `must be at most ${maxLength} characters` })
  .regex(/^https?:\/\//i, { error: 'must begin with http:// or https://', abort: true })
  // URL.parse is forgiving: it drops line breaks and takes the host of http:///x from the path.
  .refine((text) => /^[^:]+:\/\/[^/\\?#\s][^\s\p{Cc}]*$/u.test(text) && parseUrl(text) !== undefined, {
    error: 'must be a URL that can be parsed',
    abort: true,
  })
  .refine((text) => !hasCredentials(new URL(text)), {
    error: 'must not hold a user name or password: use auth',
  })
  .meta({ id: 'WebhookUrl', format: 'uri', example: 'https://example.com/hooks' });

function hasCredentials(url: URL): boolean {
  return url.username !== '' || url.password !== '';
}
