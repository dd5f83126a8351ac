import { errors } from 'undici';
import { BlockedAddress } from './guard.js';
import { InvalidBody } from './response-body.js';
import type { ExchangeErrorCode } from './exchange.js';

/** The time of an exchange is up. */
export class TimedOut extends Error {
  override readonly name = 'TimedOut';
}

/** Our machine is out of sockets, memory or ports: says nothing about the receiver. */
const ours = new Set(['EMFILE', 'ENFILE', 'ENOMEM', 'ENOBUFS', 'EADDRNOTAVAIL']);

/** Responses that undici ends as if the connection had failed: an interim 100 and a 101 that nobody asked for. */
const unasked = new Set(['bad response', 'bad upgrade']);

/** What resolves a name: the operating system, or a DNS server that is asked for each family. */
const resolving = new Set(['getaddrinfo', 'queryA', 'queryAaaa']);

const invalidResponse = new Set([
  'UND_ERR_HEADERS_OVERFLOW',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
  'UND_ERR_RES_EXCEEDED_MAX_SIZE',
]);

/** In the messages: what happened, without a word that came from the receiver or from the URL. */
const messages: Record<Exclude<ExchangeErrorCode, 'blocked_address'>, string> = {
  timeout: 'no complete response in time',
  dns: 'the host name cannot be resolved',
  connection: 'the connection failed',
  tls: 'the TLS handshake failed',
  invalid_response: 'the response is not valid HTTP, or its body not what its headers say',
};

/**
 * What an error of an exchange says about the receiver; undefined where it says nothing, because it is
 * ours. `opened` tells whether the connection, with TLS where it is `secure`, had been open.
 */
export function failureOf(
  error: unknown,
  connection: { opened: boolean; secure: boolean },
): { errorCode: ExchangeErrorCode; message: string } | undefined {
  if (error instanceof BlockedAddress) return { errorCode: 'blocked_address', message: error.message };
  const errorCode = errorCodeOf(error, connection);
  if (errorCode === undefined) return undefined;
  const detail = codeOf(error);
  const shown = /^(?!UND_ERR)[A-Z0-9_]{1,64}$/.test(detail) ? ` (${detail})` : '';
  return { errorCode, message: messages[errorCode] + shown };
}

/** Whether an error says that our machine has run out of something. */
export function isExhaustion(error: unknown): boolean {
  return ours.has(codeOf(error));
}

function errorCodeOf(
  error: unknown,
  { opened, secure }: { opened: boolean; secure: boolean },
): keyof typeof messages | undefined {
  const code = codeOf(error);
  if (error instanceof TimedOut) return 'timeout';
  if (error instanceof InvalidBody || error instanceof errors.HTTPParserError || invalidResponse.has(code)) {
    return 'invalid_response';
  }
  if (code === 'UND_ERR_SOCKET' && unasked.has(textOf(error, 'message'))) return 'invalid_response';
  if (ours.has(code)) return undefined;
  // A receiver that does not like our certificate, or misses it, says so only after the handshake (RFC 8446, 4.4.2).
  if (secure && code.startsWith('ERR_SSL_')) return 'tls';
  const syscall = syscallOf(error);
  if (resolving.has(syscall)) return 'dns';
  if (code === 'ETIMEDOUT') return 'timeout';
  if (opened || !secure || syscall === 'connect') {
    return syscall !== '' || code === 'UND_ERR_SOCKET' || code.startsWith('E') ? 'connection' : undefined;
  }
  return code === '' || code.startsWith('UND_ERR') ? undefined : 'tls';
}

function codeOf(error: unknown): string {
  return textOf(error, 'code');
}

/** The system call that failed; of several addresses that were tried, the first one's. */
function syscallOf(error: unknown): string {
  const first =
    isObject(error) && Array.isArray(error['errors']) ? (error['errors'][0] as unknown) : undefined;
  return textOf(first ?? error, 'syscall');
}

function textOf(error: unknown, property: 'code' | 'message' | 'syscall'): string {
  const value = isObject(error) ? error[property] : undefined;
  return typeof value === 'string' ? value : '';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
