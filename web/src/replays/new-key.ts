/** A random idempotency key for `_content`: another content, another key. */
export function newKey(_content: unknown): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return `console-${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
