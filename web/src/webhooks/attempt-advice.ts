import type { Schema } from '../api/schemas.js';

type Attempt = Schema<'Attempt'>;

/** Why an attempt failed, in a sentence, and what to do next. */
export interface Advice {
  why: string;
  next: string;
}

const byCode: Record<Exclude<NonNullable<Attempt['errorCode']>, 'http_status'>, Advice> = {
  timeout: {
    why: 'The exchange did not end within the timeout.',
    next: 'Let the receiver answer first and work later, or raise the timeout under Settings.',
  },
  dns: {
    why: 'The host name could not be resolved.',
    next: 'Check the host in the URL for a typing error, and that its DNS record exists.',
  },
  connection: {
    why: 'No connection could be made, or it broke.',
    next: 'Check that the receiver runs, that the port in the URL is right, and that it can be reached from here.',
  },
  tls: {
    why: 'The TLS handshake failed, or the certificate is not valid.',
    next: 'Renew or complete the receiver’s certificate chain; the host of the URL must be in it. Where it asks for a client certificate, or has a private authority, add that under Settings or to the external system.',
  },
  invalid_response: {
    why: 'What came back is not HTTP, or exceeds a limit.',
    next: 'Check that the URL leads to an HTTP server: its scheme and port.',
  },
  blocked_address: {
    why: 'The address is not one that deliveries may reach: it is private or reserved.',
    next: 'Use a public address, or ask the operator to open the range (POSTRIDER_EGRESS_ALLOW).',
  },
  origin_not_allowed: {
    why: 'The URL is outside the origins of its external system.',
    next: 'Mend the URL, or add its origin to the external system.',
  },
  body_too_large: {
    why: 'The body would be longer than any that is sent, so nothing was.',
    next: 'Send less of the event with a payload template, or as JSON.',
  },
  token_failed: {
    why: 'No access token could be fetched, so nothing was sent.',
    next: 'Check the authentication under Settings, or verify the external system.',
  },
};

const byStatus: Record<number, Advice> = {
  400: {
    why: 'The receiver finds the request wrong (400). A delivery would not be tried again.',
    next: 'Read its answer below, and mend the URL, the payload template or the headers.',
  },
  401: {
    why: 'The receiver does not accept the credential (401).',
    next: 'Check the authentication under Settings.',
  },
  403: {
    why: 'The receiver knows the credential, but does not let it do this (403).',
    next: 'Give the credential the right that it needs there, or use another.',
  },
  404: {
    why: 'The receiver has nothing at this URL (404).',
    next: 'Check the path of the URL under Settings.',
  },
  405: { why: 'The receiver does not take this verb (405).', next: 'Choose POST or PUT under Settings.' },
  413: { why: 'The body is too large for the receiver (413).', next: 'Send less, with a payload template.' },
  415: {
    why: 'The receiver does not take this kind of body (415).',
    next: 'Choose the other format under Payload.',
  },
  429: {
    why: 'The receiver asks for fewer requests (429).',
    next: 'Nothing to mend: deliveries wait as long as it says in Retry-After.',
  },
};

/** Why an attempt failed and what to do; undefined for one that succeeded. */
export function adviceFor({
  errorCode,
  response,
}: Pick<Attempt, 'errorCode' | 'response'>): Advice | undefined {
  if (errorCode === null) return undefined;
  if (errorCode !== 'http_status') return byCode[errorCode];
  const status = response?.status ?? 0;
  const known = byStatus[status];
  if (known) return known;
  if (status >= 300 && status < 400) {
    return {
      why: `The receiver redirects (${status}); deliveries follow no redirects.`,
      next: 'Put the URL of its Location header under Settings.',
    };
  }
  if (status >= 500) {
    return {
      why: `The receiver failed (${status}).`,
      next: 'Read its answer below and its own logs. A delivery would be tried again by the schedule.',
    };
  }
  return {
    why: `The receiver answered with status ${status}, which is no success.`,
    next: 'Read its answer below. A delivery would be tried again by the schedule.',
  };
}
