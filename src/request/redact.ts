import { MASK } from './headers.js';

/** A shorter text stands in answers by chance, and masking it would spoil them. */
const shortest = 6;

/**
 * A text that a receiver answered, without the secrets that it was sent: some echo what they get. Each is found as it is,
 * percent-encoded, and escaped as in JSON.
 */
export function redact(text: string, secrets: readonly string[]): string {
  let shown = text;
  for (const form of formsOf(secrets)) shown = shown.replaceAll(form, MASK);
  return shown;
}

/**
 * The same for a text that was cut: its end may be the beginning of a secret.
 */
export function redactCut(text: string, secrets: readonly string[]): string {
  const shown = redact(text, secrets);
  for (const form of formsOf(secrets)) {
    for (let length = Math.min(form.length - 1, shown.length); length >= 4; length -= 1) {
      if (shown.endsWith(form.slice(0, length))) return shown.slice(0, -length) + MASK;
    }
  }
  return shown;
}

/** The longest first: one may hold another. */
function formsOf(secrets: readonly string[]): string[] {
  const forms = secrets
    .filter((secret) => secret.length >= shortest)
    // As it went over the wire: a lone surrogate has no UTF-8.
    .map((secret) => Buffer.from(secret).toString())
    .flatMap((secret) => [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]);
  return [...new Set(forms)].toSorted((a, b) => b.length - a.length);
}
