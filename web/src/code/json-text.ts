/** JSON text that somebody has typed: its value, or why it is none. Empty text is no value: undefined. */
export type ParsedJson = { ok: true; value: unknown } | { ok: false; message: string };

export function parseJson(text: string): ParsedJson {
  if (text.trim() === '') return { ok: true, value: undefined };
  try {
    return { ok: true, value: JSON.parse(text) as unknown };
  } catch (error) {
    return { ok: false, message: `This is not JSON yet: ${(error as Error).message}` };
  }
}

/** A value as text to be edited; what is not there is empty. */
export function jsonText(value: unknown): string {
  return value === undefined || value === null ? '' : JSON.stringify(value, null, 2);
}
