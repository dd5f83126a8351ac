/**
 * The embedded stack cannot start, for a reason that its operator can remove. The message is meant to be
 * shown as it is: it says what was tried, line by line, and what to install or set.
 */
export class StackError extends Error {
  override readonly name = 'StackError';
}

const longestReason = 400;

/** What went wrong, in one line, for a list of reasons. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text
    .trim()
    .replaceAll(/\s*\n\s*/g, ' | ')
    .slice(0, longestReason);
}
