import { mask } from '../auth/auth-values.js';
import { jsonText } from '../code/json-text.js';
import type { Schema } from '../api/schemas.js';

export type Source = Schema<'Source'>;
export type VerificationType = Source['verification']['type'];

/** A source as its form holds it: the fields of every kind of verification side by side. */
export interface SourceValues extends Record<string, unknown> {
  name: string;
  verification: {
    type: VerificationType;
    header: string;
    value: string;
    secret: string;
    encoding: 'hex' | 'base64';
  };
  respond: {
    status: number | string;
    delayMs: number | string;
    kind: 'none' | 'text' | 'json';
    body: string;
  };
  correlation: { place: 'none' | 'header' | 'path'; name: string };
}

/** What a form begins with: a source, or a new one that takes any request. */
export function valuesOf(source?: Source): SourceValues {
  const blank = { header: '', value: '', secret: '', encoding: 'hex' as const };
  const { status = 200, delayMs = 0, body = null } = source?.respond ?? {};
  return {
    name: source?.name ?? '',
    verification: { ...blank, ...(source?.verification ?? { type: 'none' }) },
    respond: {
      status,
      delayMs,
      kind: body === null ? 'none' : typeof body === 'string' ? 'text' : 'json',
      body: typeof body === 'string' ? body : jsonText(body),
    },
    correlation: correlationOf(source?.correlation ?? null),
  };
}

function correlationOf(correlation: Source['correlation']): SourceValues['correlation'] {
  if (correlation === null) return { place: 'none', name: '' };
  return 'header' in correlation
    ? { place: 'header', name: correlation.header }
    : { place: 'path', name: correlation.path };
}

/** The fields as the API takes them. */
export function sourceFields({
  name,
  verification,
  respond: { status, delayMs, kind, body },
  correlation: { place, name: at },
}: SourceValues): Schema<'SourceChanges'> {
  return {
    name: name.trim() === '' ? null : name.trim(),
    verification: verificationOf(verification),
    respond: {
      status: Number(status),
      delayMs: Number(delayMs),
      body: kind === 'none' ? null : kind === 'text' ? body : (JSON.parse(body) as unknown),
    },
    correlation: place === 'none' ? null : place === 'header' ? { header: at.trim() } : { path: at.trim() },
  };
}

function verificationOf({
  type,
  header,
  value,
  secret,
  encoding,
}: SourceValues['verification']): Schema<'SourceVerification'> {
  if (type === 'header') return { type, header: header.trim(), value };
  if (type === 'hmac_sha256') return { type, header: header.trim(), secret, encoding };
  return type === 'standard_webhooks' ? { type, secret } : { type: 'none' };
}

/** The values once another kind of verification is chosen: what is masked is of the kind before. */
export function withVerification(
  values: SourceValues['verification'],
  type: VerificationType,
): SourceValues['verification'] {
  return { ...values, type, value: unmasked(values.value), secret: unmasked(values.secret) };
}

function unmasked(text: string): string {
  return text === mask ? '' : text;
}

/** A new secret of Standard Webhooks: 24 random bytes. */
export function newSigningSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(24));
  return `whsec_${btoa(String.fromCodePoint(...bytes))}`;
}
