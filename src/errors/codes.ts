/** Whose fault an error is. The three are never mixed up: only the receiver's count as attempts. */
export type Fault = 'caller' | 'receiver' | 'ours';

/**
 * The answers to a call that is not done, by their `code`: the HTTP status, a title that is the same each
 * time, and what the caller can do. `docs/errors.md` lists the same, and a test holds the two together.
 */
export const problemCodes = {
  invalid_json: {
    status: 400,
    fault: 'caller',
    title: 'The body cannot be parsed',
    advice: 'Send well-formed JSON in UTF-8.',
  },
  invalid_url: {
    status: 400,
    fault: 'caller',
    title: 'The URL cannot be parsed',
    advice: 'Percent-encode what stands in the URL as UTF-8.',
  },
  invalid_request: {
    status: 400,
    fault: 'caller',
    title: 'The request is not well-formed HTTP',
    advice: 'Use an HTTP client; what was sent could not be read as a request.',
  },
  invalid_header: {
    status: 400,
    fault: 'caller',
    title: 'A request header is missing or wrong',
    advice: 'Send the header that the detail names.',
  },
  unauthorized: {
    status: 401,
    fault: 'caller',
    title: 'No valid key was given',
    advice: 'Send `Authorization: Bearer <key>` with a key that exists; on the console, sign in.',
  },
  verification_failed: {
    status: 401,
    fault: 'caller',
    title: 'The request does not prove who sends it',
    advice: "Sign the request, or send the header, as the source's `verification` says.",
  },
  forbidden: {
    status: 403,
    fault: 'caller',
    title: 'This key may not do that',
    advice: 'Use a key whose role allows the call; `GET /v1/me` tells what yours may.',
  },
  cross_site: {
    status: 403,
    fault: 'caller',
    title: 'The call does not prove that it comes from the console',
    advice:
      'With a session, call from a page of the same origin and send `postrider-environment`; or send a key instead.',
  },
  not_found: {
    status: 404,
    fault: 'caller',
    title: 'There is no such thing',
    advice: 'Check the id, and that the key belongs to its organization and environment.',
  },
  method_not_allowed: {
    status: 405,
    fault: 'caller',
    title: 'This URL does not take that method',
    advice: 'Use a method that the `Allow` header lists.',
  },
  request_timeout: {
    status: 408,
    fault: 'caller',
    title: 'The request did not arrive in time',
    advice: 'Send the headers within 15 s, and all of the request within 60 s.',
  },
  conflict: {
    status: 409,
    fault: 'caller',
    title: 'The state does not allow that',
    advice: 'Read the detail: it says what stands in the way.',
  },
  already_exists: {
    status: 409,
    fault: 'caller',
    title: 'It is there already',
    advice: 'Use another name, or change the one that is there.',
  },
  in_use: {
    status: 409,
    fault: 'caller',
    title: 'Something still refers to it',
    advice: 'Change or delete what the detail names first.',
  },
  idempotency_key_reused: {
    status: 409,
    fault: 'caller',
    title: 'The idempotency key was used for another event',
    advice: 'Use a new key for a new event; repeat the same body to repeat a call.',
  },
  delivery_over: {
    status: 409,
    fault: 'caller',
    title: 'The delivery is over',
    advice: 'Resend it instead.',
  },
  delivery_not_over: {
    status: 409,
    fault: 'caller',
    title: 'The delivery is not over',
    advice: 'Wait for its end, cancel it, or send it now.',
  },
  not_its_turn: {
    status: 409,
    fault: 'caller',
    title: 'Another delivery of its lane comes first',
    advice: 'Send the one that the detail names now, or cancel it; or wait.',
  },
  replay_over: {
    status: 409,
    fault: 'caller',
    title: 'The replay is over',
    advice: 'Make another replay.',
  },
  source_expired: {
    status: 410,
    fault: 'caller',
    title: 'The URL of the source has expired',
    advice: "Set the source's `expiresAt` to a later time, or make another source.",
  },
  precondition_failed: {
    status: 412,
    fault: 'caller',
    title: 'It was changed in the meantime',
    advice: 'Read it again and repeat the change with its new ETag.',
  },
  payload_too_large: {
    status: 413,
    fault: 'caller',
    title: 'The body is too large',
    advice: 'Stay within the limit that the detail names.',
  },
  unsupported_media_type: {
    status: 415,
    fault: 'caller',
    title: 'The body is of a type that this call does not take',
    advice: 'Send `Content-Type: application/json`.',
  },
  invalid: {
    status: 422,
    fault: 'caller',
    title: 'The request is not valid',
    advice: 'Mend what `errors` lists; each path says where.',
  },
  too_many_wrong_keys: {
    status: 429,
    fault: 'caller',
    title: 'Too many keys from this address were wrong',
    advice: 'Check the key, and try again after the time in `Retry-After`.',
  },
  rate_limited: {
    status: 429,
    fault: 'caller',
    title: 'More events were published than this organization may',
    advice: 'Nothing was accepted: publish it again after the time in `Retry-After`.',
  },
  headers_too_large: {
    status: 431,
    fault: 'caller',
    title: 'The URL and headers are too large',
    advice: 'Keep the URL and all headers within 16 KiB.',
  },
  internal_error: {
    status: 500,
    fault: 'ours',
    title: 'Something went wrong on our side',
    advice: 'Try again; if it stays, give the operator the `instance` of the answer.',
  },
  source_busy: {
    status: 503,
    fault: 'caller',
    title: 'Too many requests to the source are under way',
    advice: 'Try again after the time in `Retry-After`, with fewer requests at once.',
  },
  overloaded: {
    status: 503,
    fault: 'ours',
    title: 'More is published than can be written in time',
    advice: 'Nothing was accepted: publish it again after the time in `Retry-After`.',
  },
  unavailable: {
    status: 503,
    fault: 'ours',
    title: 'A part of Postrider cannot be reached',
    advice: 'Try again after the time in `Retry-After`.',
  },
} as const satisfies Record<string, { status: number; fault: Fault; title: string; advice: string }>;

export type ProblemCode = keyof typeof problemCodes;

/**
 * Why an attempt failed, by its `errorCode`. All of these are the receiver's (or its token server's) fault, or
 * the fault of the configured destination; an attempt that failed through us is not recorded as one.
 */
export const attemptErrorCodes = {
  http_status: {
    fault: 'receiver',
    title: 'The receiver answered with a status other than 2xx',
    advice: 'Read the recorded response: it is what the receiver says of itself.',
  },
  timeout: {
    fault: 'receiver',
    title: 'The exchange did not end within the timeout',
    advice: "Let the receiver answer first and work later, or raise the webhook's `timeoutMs`.",
  },
  dns: {
    fault: 'receiver',
    title: 'The host name could not be resolved',
    advice: "Check the host in the webhook's URL and its DNS records.",
  },
  connection: {
    fault: 'receiver',
    title: 'No connection could be made, or it broke',
    advice: 'Check that the receiver runs, and that its port can be reached from here.',
  },
  tls: {
    fault: 'receiver',
    title: 'The TLS handshake failed or the certificate is not valid',
    advice:
      "Renew or complete the receiver's certificate chain; the host must be in it. A private authority, or a certificate that the receiver asks for, goes with the webhook or its external system.",
  },
  invalid_response: {
    fault: 'receiver',
    title: 'What came back is not HTTP, or exceeds a limit',
    advice: 'Check that the URL leads to an HTTP server, and what it answers.',
  },
  blocked_address: {
    fault: 'receiver',
    title: 'The address is not one that deliveries may reach',
    advice: 'Use a public address; an operator can open a range with `POSTRIDER_EGRESS_ALLOW`.',
  },
  origin_not_allowed: {
    fault: 'receiver',
    title: 'The URL is outside the origins of its external system',
    advice: "Mend the webhook's URL, or add its origin to the external system's `origins`.",
  },
  body_too_large: {
    fault: 'receiver',
    title: 'The body would be longer than any that is sent',
    advice: 'Send less of the event by a `payloadTemplate`, or use the format `json`.',
  },
  token_failed: {
    fault: 'receiver',
    title: 'No access token could be fetched',
    advice:
      'Verify the credential: `POST /v1/external-systems/:id/verify`, or check the auth of the webhook.',
  },
} as const satisfies Record<string, { fault: Fault; title: string; advice: string }>;

export type AttemptErrorCode = keyof typeof attemptErrorCodes;
