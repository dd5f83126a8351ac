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
    advice: 'Send `Authorization: Bearer <key>` with a key that exists.',
  },
  forbidden: {
    status: 403,
    fault: 'caller',
    title: 'This key may not do that',
    advice: 'Use a key whose role allows the call; `GET /v1/me` tells what yours may.',
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
  internal_error: {
    status: 500,
    fault: 'ours',
    title: 'Something went wrong on our side',
    advice: 'Try again; if it stays, give the operator the `instance` of the answer.',
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
  http_status: { fault: 'receiver', title: 'The receiver answered with a status other than 2xx' },
  timeout: { fault: 'receiver', title: 'The exchange did not end within the timeout' },
  dns: { fault: 'receiver', title: 'The host name could not be resolved' },
  connection: { fault: 'receiver', title: 'No connection could be made, or it broke' },
  tls: { fault: 'receiver', title: 'The TLS handshake failed or the certificate is not valid' },
  invalid_response: { fault: 'receiver', title: 'What came back is not HTTP, or exceeds a limit' },
  blocked_address: { fault: 'receiver', title: 'The address is not one that deliveries may reach' },
  origin_not_allowed: { fault: 'receiver', title: 'The URL is outside the origins of its external system' },
  token_failed: { fault: 'receiver', title: 'No access token could be fetched' },
} as const satisfies Record<string, { fault: Fault; title: string }>;

export type AttemptErrorCode = keyof typeof attemptErrorCodes;
